package statefulclient

import (
	"context"
	"fmt"
)

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

// refuse lets no more calls begin.
func (c *Calls) refuse() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.refusing = true
}

func (c *Calls) refuses() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.refusing
}

// beginPlacing fails when no more calls may begin.
func (c *Calls) beginPlacing() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.client.closed():
		return ErrClosed
	case c.refusing:
		return ErrDraining
	}
	c.placing++
	return nil
}

func (c *Calls) endPlacing() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.placing--
	c.tellIfEmpty()
}

func (c *Calls) waitUntilEmpty(ctx context.Context) error {
	c.mu.Lock()
	if c.empty() {
		c.mu.Unlock()
		return nil
	}
	if c.emptied == nil {
		c.emptied = make(chan struct{})
	}
	emptied := c.emptied
	c.mu.Unlock()
	select {
	case <-emptied:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("statefulclient: %d calls had not ended: %w", c.Len(), ctx.Err())
	}
}

// tellIfEmpty ends the wait for there being no calls. The caller holds mu.
func (c *Calls) tellIfEmpty() {
	if c.empty() && c.emptied != nil {
		close(c.emptied)
		c.emptied = nil
	}
}

// empty reports whether there are no calls, nor any on their way. The caller
// holds mu.
func (c *Calls) empty() bool { return c.Len() == 0 && c.placing == 0 }
