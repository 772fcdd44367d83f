package statefulclient

import "context"

// Drain takes no more calls and waits until those there are have ended, for a
// process that is to be replaced: unlike Shutdown it hangs up nothing. Calls
// that come in are sent elsewhere by the RedirectHook or answered with 503, and
// to place one is ErrDraining; all else goes on as before. It cannot be taken
// back.
//
// When ctx ends first, Drain returns the calls that are left, with an error that
// wraps the context's; a store keeps them for who comes next (see SetStore). It
// does not close the client. It must not be called from a handler, for whose
// call it would wait: with a handler's context it returns ErrFromHandler and
// does nothing.
func (c *Client) Drain(ctx context.Context) ([]*Call, error) {
	if ctx.Value(handlerKey{}) == c {
		return nil, ErrFromHandler
	}
	c.calls.refuse()
	err := c.calls.waitUntilEmpty(ctx)
	if err == nil {
		return nil, nil
	}
	var left []*Call
	for call := range c.calls.All() {
		left = append(left, call)
	}
	return left, err
}

// Ready reports whether the client takes new calls: it has not been drained,
// shut down or closed. It is for a readiness probe.
func (c *Client) Ready() bool { return !c.closed() && !c.calls.refuses() }
