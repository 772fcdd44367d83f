package statefulclient

import (
	"context"
	"fmt"
	"sync"

	"go.uber.org/zap"

	"github.com/graphcalls/graphcalls-go/internal/mailbox"
	"github.com/graphcalls/graphcalls-go/resources"
)

// Unmatched is a notification that found no place.
type Unmatched struct {
	Reason UnmatchedReason
	CallID string // as far as it could be read
	// Notification is what came, with all it had; resources.Encode gives its
	// text. It may hold personal data.
	Notification *resources.Notification
}

// UnmatchedReason says why a notification found no place.
type UnmatchedReason string

// The reasons why a notification finds no place.
const (
	// UnmatchedNoCall: it is not about a call.
	UnmatchedNoCall UnmatchedReason = "noCall"
	// UnmatchedUnknownCall: no call of that id appeared while it was parked.
	UnmatchedUnknownCall UnmatchedReason = "unknownCall"
	// UnmatchedUnknownKind: it is about something of a call that this client
	// does not keep.
	UnmatchedUnknownKind UnmatchedReason = "unknownKind"
)

// HandlerPanic is a panic in a handler. The handler stays subscribed.
type HandlerPanic struct {
	Call    *Call  // nil for handlers that are not about one call
	Handler string // what the handler was subscribed to, such as StateChanged
	Value   any    // what was panicked with
}

// OnUnmatched subscribes to notifications that found no place. Nothing is ever
// dropped without being counted in Stats, logged with its ids, and told here;
// past Limits.Notices waiting ones it is counted and logged alone.
func (c *Client) OnUnmatched(handler func(ctx context.Context, u Unmatched)) *Subscription {
	return subscribe(c.notices, kindUnmatched, "", handler)
}

// OnHandlerPanic subscribes to panics in handlers. Each is also counted and
// logged.
func (c *Client) OnHandlerPanic(handler func(ctx context.Context, p HandlerPanic)) *Subscription {
	return subscribe(c.notices, kindPanic, "", handler)
}

// notices are the events that belong to no call's queue.
type notices struct {
	client *Client
	rules  mailbox.Rules[notice]
	box    *mailbox.Mailbox[notice]

	mu          sync.Mutex
	subscribers []*Subscription
}

type notice struct {
	to    []*Subscription
	kind  kind
	event any
}

func newNotices(c *Client) *notices {
	n := &notices{client: c}
	n.rules = mailbox.Rules[notice]{Group: &c.group, Limit: c.limits.Notices, Handle: n.tell}
	n.box = mailbox.New(&n.rules, nil)
	return n
}

func (n *notices) subscribe(s *Subscription) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.subscribers = with(n.subscribers, s)
}

func (n *notices) unsubscribe(s *Subscription) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.subscribers = without(n.subscribers, s)
}

func (n *notices) post(kind kind, event any) {
	n.mu.Lock()
	to := n.subscribers
	n.mu.Unlock()
	if len(to) == 0 {
		return
	}
	if err := n.box.Post(notice{to, kind, event}); err != nil {
		n.client.counters.noticesDropped.Add(1)
	}
}

func (n *notices) tell(_ any, item notice) {
	for _, s := range item.to {
		if s.kind == item.kind && !s.cancelled.Load() {
			n.invoke(s, item.event)
		}
	}
}

func (n *notices) invoke(s *Subscription, event any) {
	defer func() {
		if problem := recover(); problem != nil {
			n.client.counters.handlerPanics.Add(1)
			n.client.logger.Error("handler panicked", zap.Stringer("handler", s.kind), zap.String("type", fmt.Sprintf("%T", problem)))
		}
	}()
	s.handle(n.client.handlerContext, event)
}

func (c *Client) unmatched(reason UnmatchedReason, callID string, n *resources.Notification) {
	c.counters.unmatched.Add(1)
	c.logger.Warn("notification found no place",
		zap.String("reason", string(reason)), zap.String("call", callID), zap.String("change", string(n.ChangeType)))
	c.notices.post(kindUnmatched, Unmatched{reason, callID, n})
}

// handlerPanicked logs only the type of what was panicked with: its text may
// hold anything.
func (c *Client) handlerPanicked(call *Call, handler kind, problem any) {
	c.counters.handlerPanics.Add(1)
	c.logger.Error("handler panicked", zap.String("call", call.id), zap.Stringer("handler", handler),
		zap.String("type", fmt.Sprintf("%T", problem)), zap.Stack("stack"))
	c.notices.post(kindPanic, HandlerPanic{call, handler.String(), problem})
}
