package statefulclient

import (
	"context"
	"slices"

	"github.com/graphcalls/graphcalls-go/fsm"
	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/resources"
)

// waiter is one WaitFor under way.
type waiter struct {
	want resources.CallState
	done chan struct{}
}

// WaitFor returns when the call has come to a state, or past it: waiting for
// established ends with a call that is on hold, too. A call that ends before
// it came so far is an *EndedError; a client that is closed is ErrClosed, and a call
// that goes on at another process of the fleet ErrReleased. A handler may wait for
// its own call.
func (c *Call) WaitFor(ctx context.Context, state resources.CallState) error {
	w := c.waitFor(state)
	if w == nil {
		return nil
	}
	defer c.stopWaiting(w)
	select {
	case <-w.done:
	case <-c.context.Done():
	case <-ctx.Done():
	}
	switch { // all may have happened: ctx is often the call's own, and the end may be what was waited for
	case isClosed(w.done):
		return nil
	case c.context.Err() != nil:
		return context.Cause(c.context)
	default:
		return ctx.Err()
	}
}

// waitUntil returns when a condition holds. It is asked now and after whatever
// is heard of the call, on the caller's goroutine and with no lock held.
func (c *Call) waitUntil(ctx context.Context, holds func() bool) error {
	for {
		news := c.nextNews() // before the look, so that nothing is missed between
		if holds() {
			return nil
		}
		select {
		case <-news:
			continue
		case <-c.context.Done():
		case <-ctx.Done():
		}
		switch { // as in WaitFor
		case holds():
			return nil
		case c.context.Err() != nil:
			return context.Cause(c.context)
		default:
			return ctx.Err()
		}
	}
}

// nextNews is closed when the call changes.
func (c *Call) nextNews() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.news == nil {
		c.news = make(chan struct{})
	}
	return c.news
}

// tellNews ends the waits for any change. The caller holds mu.
func (c *Call) tellNews() {
	if c.news != nil {
		close(c.news)
		c.news = nil
	}
}

// waitFor returns nil if there is nothing to wait for.
func (c *Call) waitFor(state resources.CallState) *waiter {
	c.mu.Lock()
	defer c.mu.Unlock()
	if reached(c.State(), state) {
		return nil
	}
	w := &waiter{state, make(chan struct{})}
	c.waiters = append(c.waiters, w)
	return w
}

func (c *Call) stopWaiting(w *waiter) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waiters = slices.DeleteFunc(c.waiters, func(other *waiter) bool { return other == w })
}

// wake ends the waits for the states just reached, and for any change. The
// caller holds mu.
func (c *Call) wake(events []reduce.Event, now *reduce.State) {
	c.tellNews()
	if len(c.waiters) == 0 {
		return
	}
	states := []resources.CallState{now.Call.State}
	for _, event := range events {
		if edge, ok := event.(reduce.StateChanged); ok {
			states = append(states, edge.New)
		}
	}
	c.waiters = slices.DeleteFunc(c.waiters, func(w *waiter) bool {
		come := slices.ContainsFunc(states, func(s resources.CallState) bool { return reached(s, w.want) })
		if come {
			close(w.done)
		}
		return come
	})
}

// reached reports whether a call in a state has come to another. One that is
// ending came past nothing but earlier ends.
func reached(state, want resources.CallState) bool {
	ending := fsm.Band(resources.CallStateTerminating)
	return state == want || fsm.Band(state) > fsm.Band(want) && (fsm.Band(state) < ending || fsm.Band(want) >= ending)
}
