package statefulclient

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/graphcalls/graphcalls-go/internal/mailbox"
)

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
			n.client.runHandler(n.client.handlerContext, nil, s.kind, func(ctx context.Context) bool {
				return n.client.invoke(ctx, s, nil, item.event)
			})
		}
	}
}
