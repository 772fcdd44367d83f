package statefulclient

import (
	"context"
	"time"
)

// observedUpdate is an update that observers are told of while handlers are.
type observedUpdate struct {
	audience audience
	trail    *trail
	cause    Cause
	missed   int
	initial  bool
}

func (c *Client) observedUpdate(u *update) *observedUpdate {
	audience := c.observers.there()
	if audience == nil {
		return nil
	}
	return &observedUpdate{audience, u.trail, u.cause, u.missed, u.initial}
}

// handlerRun is one of the handlers that are told of the update.
func (o *observedUpdate) handlerRun(e *eventContext, kind kind) HandlerRun {
	run := HandlerRun{Call: e.call, Event: kind.String(), ID: e.id(), Cause: o.cause, Missed: o.missed, Initial: o.initial}
	if o.trail != nil {
		run.Waited = time.Since(o.trail.entered)
	}
	return run
}

// runHandler runs a handler, which says whether it panicked, and tells of it.
func (a audience) runHandler(ctx context.Context, run HandlerRun, handle func(context.Context) (panicked bool)) {
	run.Started = time.Now()
	ctx, ended := a.handler(ctx, run)
	started, panicked := time.Now(), false
	defer func() { ended(HandlerEnd{time.Since(started), panicked}) }() // also where the handler ends its goroutine
	panicked = handle(ctx)
}

// runHandler runs a handler of an event that has no call's update.
func (c *Client) runHandler(ctx context.Context, call *Call, kind kind, handle func(context.Context) (panicked bool)) {
	if audience := c.observers.there(); audience != nil {
		audience.runHandler(ctx, HandlerRun{Call: call, Event: kind.String()}, handle)
		return
	}
	handle(ctx)
}
