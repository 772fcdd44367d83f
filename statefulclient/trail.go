package statefulclient

import (
	"context"
	"time"
)

// trail leads from a letter and an update back to the delivery they come from, for
// observers; without any there is none.
type trail struct {
	context  context.Context //nolint:containedctx // of the delivery, without its cancellation; nil for what came by none
	received time.Time       // the delivery
	entered  time.Time       // the call's state
}

// trailFrom is the trail of all that a delivery tells.
func trailFrom(ctx context.Context, q *Queued) *trail {
	return &trail{context: context.WithoutCancel(ctx), received: q.Delivery.Received}
}

// enters is the trail of what enters the call's state now.
func (t *trail) enters() *trail {
	next := trail{entered: time.Now()}
	if t != nil {
		next.context, next.received = t.context, t.received
	}
	return &next
}

// tracedContext has the life of one context, and the values of two.
type tracedContext struct {
	context.Context //nolint:containedctx // it is one

	values context.Context //nolint:containedctx // of what led to it
}

func (t *tracedContext) Value(key any) any {
	if value := t.Context.Value(key); value != nil {
		return value
	}
	return t.values.Value(key)
}

// contextOf is what handlers are given of an update, but for what tells one event
// from another.
func (c *Client) contextOf(t *trail) context.Context {
	if t == nil || t.context == nil {
		return c.handlerContext
	}
	return &tracedContext{c.handlerContext, t.context}
}

// trailOfPresent is that of what a new subscription is told.
func (c *Client) trailOfPresent() *trail {
	if c.observers.there() == nil {
		return nil
	}
	return (*trail)(nil).enters()
}
