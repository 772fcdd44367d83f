package statefulclient

import (
	"context"
	"fmt"
)

// EventID is an idempotency key of the event that a handler was given together
// with ctx, for what the handler writes elsewhere; "" outside a handler, and in
// those of the Client's own On…, such as OnUnmatched.
//
// Each telling of an event has another, but one: the same event that came from a
// fleet's queue, told again because the process that told it died, or lost the
// call, before that was saved. It then has the same EventID there, as long as it
// is told by itself both times. What was folded (Missed is not zero) has an
// EventID of its own, its edges and other events apart, which keep theirs. So does
// whatever did not come by a notification: replies, what was fetched, timers, and
// what a new subscription or a restored call is told with Initial.
//
// Outside a fleet the EventID of what came by a notification is made of the
// platform's id for the message, and is the same should the platform's message be
// told again after a restart.
//
// It costs nothing until it is asked for.
func EventID(ctx context.Context) string {
	if e, ok := ctx.Value(eventKey{}).(*eventContext); ok {
		return e.id()
	}
	return ""
}

// origin is what an event goes back to. The zero value is nothing that has a
// name elsewhere.
type origin struct {
	message  string // the platform's id of a POST
	position uint64 // in a fleet's queue
	serial   uint64 // of what has no name elsewhere, given when it is told
	item     int32  // of the POST's
	initial  bool
}

// own reports whether an origin has no name outside this process.
func (o origin) own() bool { return o.position == 0 && o.message == "" }

type eventKey struct{}

// eventContext is the context of one event.
type eventContext struct {
	context.Context //nolint:containedctx // it is one

	call *Call
	from origin
	n    int
}

func (e *eventContext) Value(key any) any {
	if key == (eventKey{}) {
		return e
	}
	return e.Context.Value(key)
}

func (e *eventContext) id() string {
	switch o := e.from; {
	case o.initial:
		return fmt.Sprintf("%s/initial/%s-%d/%d", e.call.id, e.call.client.epoch, o.serial, e.n)
	case o.own():
		return fmt.Sprintf("%s/%s-%d/%d", e.call.id, e.call.client.epoch, o.serial, e.n)
	case o.position == 0:
		return fmt.Sprintf("%s/%s.%d/%d", e.call.id, o.message, o.item, e.n)
	case o.item == 0:
		return fmt.Sprintf("%s/%d/%d", e.call.id, o.position, e.n)
	default:
		return fmt.Sprintf("%s/%d:%d/%d", e.call.id, o.position, o.item, e.n)
	}
}
