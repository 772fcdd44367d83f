package statefulclient

import (
	"context"

	"github.com/graphcalls/graphcalls-go/transport"
)

// deliverObserved has observers told of what the webhook takes.
func (c receiver) deliverObserved(ctx context.Context, place string, d transport.Delivery) (answer transport.Answer, err error) {
	c.client.observeDelivery(ctx, ObservedDelivery{Delivery: &d}, func(ctx context.Context) error {
		answer, err = c.deliver(ctx, place, d)
		return err
	})
	return answer, err
}

// takeObserved has observers told of what is taken from a fleet's queue.
func (i Intake) takeObserved(ctx context.Context, q Queued) (err error) {
	i.calls.client.observeDelivery(ctx, ObservedDelivery{&q.Delivery, true}, func(ctx context.Context) error {
		err = i.take(q, trailFrom(ctx, &q))
		return err
	})
	return err
}

// observedKey marks the contexts of deliveries that observers know of.
type observedKey struct{}

// observeDelivery has observers told while a delivery is taken.
func (c *Client) observeDelivery(ctx context.Context, d ObservedDelivery, take func(context.Context) error) {
	ctx, ended := c.observers.there().delivery(ctx, d)
	err := transport.ErrPanic // unless it is replaced
	defer func() { ended(err) }()
	err = take(context.WithValue(ctx, observedKey{}, c))
}
