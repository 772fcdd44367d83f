package statefulclient

import (
	"context"
	"slices"
	"sync/atomic"
)

// Subscription is a handler that is told of events. It lives until it is
// cancelled or what it is subscribed to is gone.
type Subscription struct {
	kind      kind
	handle    func(ctx context.Context, event any)
	about     string // the key of one participant; empty for all
	from      subject
	cancelled atomic.Bool
}

// subject is what can be subscribed to.
type subject interface {
	subscribe(*Subscription)
	unsubscribe(*Subscription)
}

// Cancel ends the subscription. It does not wait: a call of the handler that
// is under way goes on, but none begins after Cancel has returned. It may be
// called from anywhere, the handler included, and more than once.
func (s *Subscription) Cancel() {
	if s.cancelled.CompareAndSwap(false, true) {
		s.from.unsubscribe(s)
	}
}

// Subject is whose events On subscribes to: one *Call, or all of a client's
// *Calls, those to come included.
type Subject interface{ subject }

// On subscribes a handler to the events of type E of one call or of all:
//
//	statefulclient.On(call, func(ctx context.Context, e statefulclient.ToneReceived) { … })
//
// Handlers of one call run one at a time, in the order of what happened; those
// of different calls run side by side. Package statefulclient says what they
// may do.
func On[E Event](from Subject, handler func(ctx context.Context, event E)) *Subscription {
	var none E
	return subscribe(from, none.kind(), "", handler)
}

func subscribe[E any](from subject, kind kind, about string, handler func(context.Context, E)) *Subscription {
	s := &Subscription{kind: kind, from: from, about: about}
	s.handle = func(ctx context.Context, event any) { handler(ctx, event.(E)) }
	if handler == nil {
		s.cancelled.Store(true)
		return s
	}
	from.subscribe(s)
	return s
}

// with and without make new lists, since the old ones may be in use. They are
// also where cancelled subscriptions are forgotten.
func with(list []*Subscription, s *Subscription) []*Subscription {
	return append(live(list), s)
}

func without(list []*Subscription, s *Subscription) []*Subscription {
	return slices.DeleteFunc(live(list), func(other *Subscription) bool { return other == s })
}

func live(list []*Subscription) []*Subscription {
	alive := make([]*Subscription, 0, len(list)+1)
	for _, s := range list {
		if !s.cancelled.Load() {
			alive = append(alive, s)
		}
	}
	return alive
}
