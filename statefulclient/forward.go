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

// elsewhere reports whether a delivery belongs to another instance. A call that
// this one has taken over meanwhile belongs here, whoever began it.
func (c *Calls) elsewhere(to route, d transport.Delivery) bool {
	if to.instance == "" || to.instance == c.client.routes.own {
		return false
	}
	for i := range d.Notifications.Value {
		if path, ok := d.Notifications.Value[i].Path(); ok {
			if _, known := c.Get(path.CallID); known {
				return false
			}
		}
	}
	return true
}

// forward hands a delivery on to the instance it belongs to.
func (c *Client) forward(ctx context.Context, to route, d transport.Delivery) (transport.Answer, error) {
	c.counters.misrouted.Add(1)
	if c.forwarder == nil || d.Header(forwardedHeader) != "" {
		return transport.Answer{}, fmt.Errorf("%w: %s", transport.ErrMisrouted, to.instance)
	}
	raw := d.Raw()
	raw.Header.Set(forwardedHeader, c.routes.own)
	ctx, cancel := context.WithTimeout(ctx, forwardTimeout)
	defer cancel()
	answer, err := c.forwarder.Forward(ctx, to.instance, raw)
	if err != nil {
		c.logger.Warn("notification could not be handed on", zap.String("instance", to.instance), zap.Error(err))
		return transport.Answer{}, errors.Join(fmt.Errorf("%w: %s", transport.ErrMisrouted, to.instance), err)
	}
	c.counters.forwarded.Add(1)
	return answer, nil
}
