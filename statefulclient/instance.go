package statefulclient

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.uber.org/zap"

	"github.com/graphcalls/graphcalls-go/transport"
)

// Instance says which of several processes this is that share a bot's
// notification URL. The callback address of each call it places or answers then
// carries its ID, signed, so that the call's notifications find their way to
// it. It also tells a client that restarts which calls are its own.
type Instance struct {
	// ID names the process among the others. Calls that are to survive a restart
	// need the same one after it. Letters, digits, - and _ only; 64 at most.
	ID string
	// Key signs. It must be the same for all instances, and known to nobody else;
	// 32 random bytes will do.
	Key []byte
	// Forwarder takes what belongs to another instance. Without one it is
	// answered with 503, so that the platform tries again and may reach the right
	// instance.
	Forwarder Forwarder
}

// Forwarder hands a notification on to the instance it belongs to, whose
// Webhook().DeliverTrusted takes it, and returns what that returned. The
// platform waits for it: ctx ends after five seconds. It may be called by
// several goroutines at once.
type Forwarder interface {
	Forward(ctx context.Context, instanceID string, delivery transport.TrustedDelivery) (transport.Answer, error)
}

func (i Instance) check() error {
	var problems []error
	if !isName(i.ID) {
		problems = append(problems, errors.New("SetInstance: the ID must be of letters, digits, - and _, 64 at most"))
	}
	if len(i.Key) < minKey {
		problems = append(problems, fmt.Errorf("SetInstance: the Key has %d bytes; it needs %d random ones, the same for all instances", len(i.Key), minKey))
	}
	return errors.Join(problems...)
}

const (
	// forwardTimeout bounds a forward; the platform waits.
	forwardTimeout = 5 * time.Second
	// forwardedHeader marks what was handed on once, and is not handed on again.
	forwardedHeader = "Graphcalls-Forwarded"
)

// instanceFleet is the fleet of SetInstance: each process is the place of its own
// calls, and hands on what belongs to another.
type instanceFleet struct {
	intake    Intake
	own       string
	forwarder Forwarder // nil for none
}

// Place implements Fleet.
func (i *instanceFleet) Place(context.Context) (string, func(), error) { return i.own, func() {}, nil }

// Hold implements Fleet: nobody takes over the calls of another.
func (i *instanceFleet) Hold(context.Context, string) error { return nil }

// Deliver implements Fleet.
func (i *instanceFleet) Deliver(ctx context.Context, place string, d transport.Delivery) (transport.Answer, error) {
	if i.elsewhere(place, d) {
		return i.forward(ctx, place, d)
	}
	return i.intake.receive(ctx, Queued{Delivery: d, Place: i.own})
}

// elsewhere reports whether a delivery belongs to another instance. A call that
// this one has taken over meanwhile belongs here, whoever began it.
func (i *instanceFleet) elsewhere(place string, d transport.Delivery) bool {
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
func (i *instanceFleet) forward(ctx context.Context, to string, d transport.Delivery) (transport.Answer, error) {
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
