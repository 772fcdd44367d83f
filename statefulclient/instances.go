package statefulclient

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.uber.org/zap"

	"github.com/graphcalls/graphcalls-go/transport"
)

const (
	// forwardTimeout bounds a forward; the platform waits.
	forwardTimeout = 5 * time.Second
	// forwardedHeader marks what was handed on once, and is not handed on again.
	forwardedHeader = "Graphcalls-Forwarded"
)

// instances are the fleet of SetInstance: each process is the place of its own
// calls, and hands on what belongs to another.
type instances struct {
	intake    Intake
	own       string
	forwarder Forwarder // nil for none
}

// Place implements Fleet.
func (i *instances) Place(context.Context) (string, func(), error) { return i.own, func() {}, nil }

// Hold implements Fleet: nobody takes over the calls of another.
func (i *instances) Hold(context.Context, string) error { return nil }

// Deliver implements Fleet.
func (i *instances) Deliver(ctx context.Context, place string, d transport.Delivery) (transport.Answer, error) {
	if i.elsewhere(place, d) {
		return i.forward(ctx, place, d)
	}
	return i.intake.receive(ctx, Queued{Delivery: d, Place: i.own})
}

// elsewhere reports whether a delivery belongs to another instance. A call that
// this one has taken over meanwhile belongs here, whoever began it.
func (i *instances) elsewhere(place string, d transport.Delivery) bool {
	if place == "" || place == i.own {
		return false
	}
	for item := range d.Notifications.Value {
		if path, ok := d.Notifications.Value[item].Path(); ok {
			if _, known := i.intake.calls.Get(path.CallID); known {
				return false
			}
		}
	}
	return true
}

// forward hands a delivery on to the instance it belongs to.
func (i *instances) forward(ctx context.Context, to string, d transport.Delivery) (transport.Answer, error) {
	client := i.intake.calls.client
	client.counters.misrouted.Add(1)
	if i.forwarder == nil || d.Header(forwardedHeader) != "" {
		return transport.Answer{}, fmt.Errorf("%w: %s", transport.ErrMisrouted, to)
	}
	raw := d.Raw()
	raw.Header.Set(forwardedHeader, i.own)
	ctx, cancel := context.WithTimeout(ctx, forwardTimeout)
	defer cancel()
	answer, err := i.forwarder.Forward(ctx, to, raw)
	if err != nil {
		client.logger.Warn("notification could not be handed on", zap.String("instance", to),
			zap.String("message", loggable(d.MessageID)), zap.String("scenario", loggable(d.ScenarioID)), zap.Error(err))
		return transport.Answer{}, errors.Join(fmt.Errorf("%w: %s", transport.ErrMisrouted, to), err)
	}
	client.counters.forwarded.Add(1)
	return answer, nil
}
