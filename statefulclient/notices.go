package statefulclient

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"go.uber.org/zap"

	"github.com/graphcalls/graphcalls-go/internal/mailbox"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/trace"
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
	Handler string // what the handler was subscribed to, such as StateChanged; Observer for an observer
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
	rules  mailbox.Rules[notices, notice]
	box    mailbox.Mailbox[notices, notice]

	mu          sync.Mutex // held to change subscribers
	subscribers atomic.Pointer[[]*Subscription]
}

type notice struct {
	to    []*Subscription
	kind  kind
	event any
}

func newNotices(c *Client) *notices {
	n := &notices{client: c}
	n.rules.Group, n.rules.Limit, n.rules.Handle = &c.group, c.limits.Notices, (*notices).tell
	n.box.Open(&n.rules, n)
	return n
}

func (n *notices) subscribe(s *Subscription) {
	n.mu.Lock()
	defer n.mu.Unlock()
	subscribers := with(n.subscribed(), s)
	n.subscribers.Store(&subscribers)
}

func (n *notices) unsubscribe(s *Subscription) {
	n.mu.Lock()
	defer n.mu.Unlock()
	subscribers := without(n.subscribed(), s)
	n.subscribers.Store(&subscribers)
}

// subscribed are the subscriptions there are at this moment.
func (n *notices) subscribed() []*Subscription {
	if subscribers := n.subscribers.Load(); subscribers != nil {
		return *subscribers
	}
	return nil
}

// wants reports whether anybody is told of notices of a kind.
func (n *notices) wants(kind kind) bool {
	return slices.ContainsFunc(n.subscribed(), func(s *Subscription) bool { return s.kind == kind })
}

func (n *notices) post(kind kind, event any) {
	if !n.wants(kind) {
		return
	}
	if err := n.box.Post(notice{n.subscribed(), kind, event}); err != nil {
		n.client.counters.noticesDropped.Add(1)
	}
}

func (n *notices) tell(item notice) {
	for _, s := range item.to {
		if s.kind == item.kind && !s.cancelled.Load() {
			n.client.run(n.client.handlerContext, nil, s.kind, func(ctx context.Context) bool { return n.invoke(ctx, s, item.event) })
		}
	}
}

func (n *notices) invoke(ctx context.Context, s *Subscription, event any) (panicked bool) {
	defer func() {
		if problem := recover(); problem != nil {
			n.client.handlerPanicked(nil, s.kind, problem)
			panicked = true
		}
	}()
	s.handle(ctx, event)
	return false
}

func (c *Client) unmatched(reason UnmatchedReason, callID string, l letter) {
	c.counters.unmatched.Add(1)
	c.logger.Warn("notification found no place", l.fields(zap.String("reason", string(reason)), zap.String("call", loggable(callID)))...)
	c.notices.post(kindUnmatched, Unmatched{reason, callID, l.notification})
	c.processed(callID, l.notification, VerdictUnmatched)
	if reason != UnmatchedUnknownKind { // which its call has worked on
		c.recordAside(trace.KindUnmatched, callID, "", string(reason), l.notification)
	}
}

// handlerPanicked logs only the type of what was panicked with: its text may
// hold anything.
func (c *Client) handlerPanicked(call *Call, handler kind, problem any) {
	c.counters.handlerPanics.Add(1)
	fields := []zap.Field{zap.Stringer("handler", handler), zap.String("type", fmt.Sprintf("%T", problem)), zap.Stack("stack")}
	if call != nil {
		fields = call.fields(fields...)
	}
	c.logger.Error("handler panicked", fields...)
	if handler != kindPanic { // else it might never end
		c.notices.post(kindPanic, HandlerPanic{call, handler.String(), problem})
	}
}
