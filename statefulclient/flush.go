package statefulclient

import (
	"context"
	"errors"
	"fmt"

	"github.com/graphcalls/graphcalls-go/internal/reduce"
)

// Flush waits until the store has all that is known at this moment (in a fleet: all
// that was told), before a process ends whose calls another is to take over: call
// it before Close. Without a store it returns at once. It returns an error when ctx
// ends first, ErrClosed after Close, and an error that counts them when calls could
// not be saved.
func (c *Client) Flush(ctx context.Context) error {
	if c.keeper == nil {
		return nil
	}
	c.keeper.hurried.Add(1)
	defer c.keeper.hurried.Add(-1)
	for call := range c.calls.All() { // what was heard of it is worked in first
		if _, err := call.workIn(ctx, letter{input: reduce.Waited{}, cause: CauseClient}); err != nil && !errors.Is(err, ErrReleased) {
			return err
		}
		c.keeper.add(call)
	}
	if err := c.keeper.queue.Wait(ctx); err != nil {
		return fmt.Errorf("statefulclient: %d calls were not saved yet: %w", c.keeper.queue.Len(), err)
	}
	if failing := c.keeper.failing.Load(); failing > 0 {
		return fmt.Errorf("statefulclient: %d calls could not be saved; OnStoreFailure tells why", failing)
	}
	return nil
}
