package statefulclient

import (
	"context"
	"fmt"

	"go.uber.org/zap"
)

// HandlerPanic is a panic in a handler. The handler stays subscribed.
type HandlerPanic struct {
	Call    *Call  // nil for handlers that are not about one call
	Handler string // what the handler was subscribed to, such as StateChanged; Observer for an observer
	Value   any    // what was panicked with
}

// OnHandlerPanic subscribes to panics in handlers. Each is also counted and
// logged.
func (c *Client) OnHandlerPanic(handler func(ctx context.Context, p HandlerPanic)) *Subscription {
	return subscribe(c.notices, kindPanic, "", handler)
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

// invoke runs a handler. A panic in it is its own affair: the next handler and
// the next event get their turn. call is nil for an event that is of none.
func (c *Client) invoke(ctx context.Context, s *Subscription, call *Call, event any) (panicked bool) {
	defer func() {
		if problem := recover(); problem != nil {
			c.handlerPanicked(call, s.kind, problem)
			panicked = true
		}
	}()
	s.handle(ctx, event)
	return false
}
