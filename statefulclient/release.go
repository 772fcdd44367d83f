package statefulclient

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"go.uber.org/zap"

	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/resources"
)

// Release hands a call over to another process of the fleet: nothing more is
// taken in for it, what was taken in is told, the call is saved as it is then, and
// what led there is settled. Then the call is let go of: it leaves Calls, which is
// told with CauseReleased; its Context ends with ErrReleased, and with it waits
// and pending operations; its media sessions are closed. It goes on at the
// platform, and stays in the store. Rehydrate brings it back here, too.
//
// Have nothing more of the call taken (Intake.Take) before: what comes after it
// has left would begin it anew.
//
// When ctx ends first, or has ended already, the call is let go of all the same.
// What was not told by then is left unsettled, for the queue to deliver to the next
// owner, and the error wraps the context's. A call whose place is another's already
// is an error that matches ErrReleased.
//
// It waits for the call's handlers, so it must not be called from one of them:
// with its context it returns ErrFromHandler and does nothing.
func (c *Calls) Release(ctx context.Context, call *Call) error {
	ledger := call.ledger()
	if ledger == nil {
		return invalid("Release needs a fleet: call SetFleet on the builder")
	}
	if e, ok := ctx.Value(eventKey{}).(*eventContext); ok && e.call == call {
		return ErrFromHandler
	}
	if err := call.workOff(ctx, ledger); err != nil {
		return err
	}
	if ledger.over() { // it ended meanwhile, and that is told and saved
		return nil
	}
	if call.letGo() {
		c.client.counters.released.Add(1)
		c.client.logger.Info("call released", call.fields()...)
	}
	return nil
}

// InPlace lists the calls of a place of the fleet, for its owner to release before
// the place is another's: those there are, and those that have ended and whose
// handlers are still being told of it.
func (c *Calls) InPlace(place string) []*Call {
	c.mu.Lock()
	live, calls := c.All(), slices.Collect(maps.Keys(c.ending)) // at one moment
	c.mu.Unlock()
	calls = slices.DeleteFunc(calls, func(call *Call) bool { return call.Place() != place })
	for call := range live {
		if call.Place() == place {
			calls = append(calls, call)
		}
	}
	return calls
}

// isOver is for a call whose end was told and is saved.
func (c *Calls) isOver(call *Call) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.ending, call)
}

// workOff returns when all that was taken in is told and saved.
func (c *Call) workOff(ctx context.Context, ledger *ledger) error {
	switch {
	case ledger.gone.Load():
		return ErrReleased
	case ctx.Err() != nil:
		return c.abandon(ctx, ledger.left())
	}
	finished := ledger.finish()
	if !ledger.closing.Swap(true) {
		if err := c.inbox.Post(letter{input: reduce.Waited{}, cause: CauseClient, last: true}); err != nil {
			return ErrClosed
		}
	}
	defer c.client.keeper.hurry(c)()
	select {
	case <-finished:
	case <-c.client.context.Done():
		return ErrClosed
	case <-ctx.Done():
		return c.abandon(ctx, ledger.left())
	}
	if ledger.gone.Load() {
		return ErrReleased
	}
	return nil
}

// abandon lets go of a call that could not be worked off in time.
func (c *Call) abandon(ctx context.Context, untold int) error {
	if c.letGo() {
		c.client.counters.released.Add(1)
		c.client.logger.Warn("call released before all of it was told", c.fields(zap.Int("untold", untold), zap.Error(ctx.Err()))...)
	}
	return fmt.Errorf("statefulclient: call %s was let go of before all that was heard of it was told and saved: %w", c.id, ctx.Err())
}

// fence lets go of a call that is another process's.
func (c *Call) fence(why error) {
	if c.letGo() {
		c.client.counters.fenced.Add(1)
		c.client.logger.Warn("call is another instance's now", c.fields(zap.Error(why))...)
	}
}

// letGo ends a call here, and not at the platform. It reports false for one that
// was let go of before.
func (c *Call) letGo() bool {
	ledger := c.ledger()
	if !ledger.leave() {
		return false
	}
	c.client.calls.dismiss(c, c.over.Swap(true))
	c.cancel(ErrReleased)
	c.abandonOperations(ErrReleased)
	c.finishTransfers(ErrReleased)
	c.stopTimers()
	c.stopListening()
	c.releaseSessions()
	c.tellReleased()
	c.client.keeper.add(c) // to count it no more
	return true
}

// tellReleased tells that the call has left. It is told after what is being told.
func (c *Call) tellReleased() {
	c.mu.Lock()
	defer c.mu.Unlock()
	state := c.state.Load()
	if len(c.subscribers) > 0 {
		_ = c.outbox.Post(update{before: state, after: state, to: c.subscribers, cause: CauseReleased, removed: true, released: true})
	}
}

// dismiss takes a call out without a tombstone, for it may come back; over says
// that it has ended, and perhaps has one already.
func (c *Calls) dismiss(call *Call, over bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := resources.Key(call.id)
	delete(c.ending, call)
	if !over {
		c.leave(call)
	} else if !call.ledger().over() {
		c.tombstones.Remove(key)
	}
}

// holds reports whether the call is surely this process's, and lets go of it if it
// is another's. It waits while that is in doubt.
func (c *Call) holds(ledger *ledger) bool {
	for {
		ctx := c.context
		if ctx.Err() != nil { // it has ended, and its end is still to be told
			ctx = c.client.context
		}
		err := c.client.fleet.Hold(ctx, ledger.place)
		switch {
		case ledger.gone.Load() || c.client.closed():
			return false
		case err == nil:
			return true
		case ctx.Err() == nil:
			c.fence(err)
			return false
		}
	}
}
