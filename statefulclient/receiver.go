package statefulclient

import (
	"context"

	"github.com/graphcalls/graphcalls-go/transport"
)

// receiver is where the webhook ends: what it has authenticated and read is the
// fleet's, or goes straight to this client's Intake.
type receiver struct{ *Calls }

// Receive implements transport.Receiver.
func (c receiver) Receive(ctx context.Context, d transport.Delivery) (transport.Answer, error) {
	if c.client.closed() {
		return transport.Answer{}, transport.ErrClosed
	}
	to, err := c.client.routes.read(d.RequestURL)
	if err != nil {
		return transport.Answer{}, err
	}
	if c.client.observers.there() != nil {
		return c.deliverObserved(ctx, to.place, d)
	}
	return c.deliver(ctx, to.place, d)
}

func (c receiver) deliver(ctx context.Context, place string, d transport.Delivery) (transport.Answer, error) {
	if c.client.fleet != nil {
		return c.client.fleet.Deliver(ctx, place, d)
	}
	return Intake{c.Calls}.receive(ctx, Queued{Delivery: d})
}
