package statefulclient

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/graphcalls/graphcalls-go/fsm"
	"github.com/graphcalls/graphcalls-go/internal/order"
	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/store"
	"github.com/graphcalls/graphcalls-go/transport"
)

const (
	// rehydrateWidth is how many restored calls are asked about at once.
	rehydrateWidth = 16
	// keepAliveSoon is when restored calls are kept alive: nobody knows when they
	// last were.
	keepAliveSoon = 30 * time.Second
	// askAfterReplay is when the platform is asked about the restored calls of a
	// fleet, whose queue has news of them.
	askAfterReplay = 5 * time.Second
)

// Rehydrate brings back the calls that the store has, for a process that starts
// again. Subscribe first, as for calls yet to come: handlers are told of each
// restored call as of any that was there when they subscribed, with Initial set,
// and then of what has changed since it was saved, with CauseRestore. So a call
// that ended meanwhile is told to have ended; if its end was under way to the
// handlers when the process died, it is told again.
//
// It returns when the platform has been asked about each call. A call that the
// platform could not be asked about, or a record that cannot be read, is an
// error among those returned, and keeps no other from being restored; the call
// is there all the same, see UnverifiedSince, and the record stays in the store.
// An error of the store's that is no *store.RecordError says that records may be
// missing. What cannot be restored is keys pressed, and events that had not reached their
// handlers: those see the net difference.
//
// Serve the Handler before or after: what comes for a call that is not restored
// yet waits for it as long as Limits.ParkFor, and a call that comes in is looked
// up in the store, in case its beginning was sent to the process before already.
// Calls that are there are left alone, so it may be called again.
//
// In a fleet (SetFleet) it does not wait for the platform: take what the queue has
// of the calls after it, in order, so that handlers are told of each step. The
// platform is asked about each call some seconds later, with CauseResync;
// Call.Refresh asks at once. A call whose end was told is not brought back: its
// record is deleted, and the call remembered as ended.
//
// It mirrors the .NET SDK's RehydrateAsync.
func (c *Client) Rehydrate(ctx context.Context) ([]*Call, error) {
	if c.keeper == nil {
		return nil, ErrNoStore
	}
	calls, problems := c.calls.restoreAll(ctx)
	if c.settles {
		c.resumeAll(calls)
	} else {
		problems = append(problems, reconcile(ctx, calls)...)
	}
	calls = append(calls, c.calls.restoredEarly()...)
	c.logger.Info("calls restored", zap.Int("calls", len(calls)))
	return calls, errors.Join(problems...)
}

func (c *Calls) restoreAll(ctx context.Context) (calls []*Call, problems []error) {
	allRead := true
	for record, err := range c.client.keeper.store.Load(ctx) {
		var call *Call
		if err == nil {
			call, err = c.restore(record)
		} else if _, one := errors.AsType[*store.RecordError](err); !one {
			allRead = false
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("statefulclient: restore: %w", err))
		}
		if call != nil {
			calls = append(calls, call)
		}
	}
	if allRead {
		c.client.keeper.allRead.Store(true)
	}
	return calls, problems
}

// restoredEarly are the calls that a notification had looked up before.
func (c *Calls) restoredEarly() []*Call {
	c.mu.Lock()
	defer c.mu.Unlock()
	early := c.early
	c.early = nil
	return early
}

// restore makes a call again as it was saved; nil for one that is known or over.
func (c *Calls) restore(saved store.Record) (*Call, error) {
	record, state, err := decodeRecord(saved)
	if err != nil {
		return nil, err
	}
	if state.End != nil {
		return nil, c.bury(saved, record)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.client.closed() {
		return nil, ErrClosed
	}
	if _, known := c.Get(saved.CallID); known || c.hasEnded(saved.CallID) {
		return nil, nil
	}
	call := newCall(c.client, birth{
		id: saved.CallID, scenario: record.Scenario, tenant: record.Tenant, place: record.Place, ringing: record.ringing(),
	})
	if ledger := call.ledger(); ledger != nil {
		ledger.restore(state, record.Position)
	}
	call.chainID, call.outgoing = record.Chain, record.Outgoing
	call.wasAnswered.Store(record.Answered)
	call.kept.revision = saved.Revision
	call.state.Store(state)
	call.updateJoinState(state)
	call.traceRestored(state)
	call.subscribers = c.subscribers
	for _, s := range c.subscribers { // who are told the present, as of a call that was there
		_ = call.outbox.Put(call.present(s))
	}
	c.admit(call, nil)
	return call, nil
}

// bury is for a record of a call whose end was told, by a process of the fleet that
// did not come to delete it. What comes late for the call finds it ended.
func (c *Calls) bury(saved store.Record, record callRecord) error {
	if !c.client.settles {
		return nil
	}
	c.mu.Lock()
	c.tombstones.Add(resources.Key(saved.CallID), order.Tombstone{
		CallID: saved.CallID, ChainID: record.Chain, Outgoing: record.Outgoing, Ended: time.Now(),
	})
	c.mu.Unlock()
	ctx, cancel := context.WithTimeout(c.client.context, storeTimeout)
	defer cancel()
	if err := c.client.keeper.store.Delete(ctx, saved.CallID, saved.Revision); err != nil && !errors.Is(err, store.ErrConflict) {
		return fmt.Errorf("call %s: its record is of no use any more: %w", saved.CallID, err)
	}
	return nil
}

// reconcile asks the platform how each call stands.
func reconcile(ctx context.Context, calls []*Call) []error {
	var mu sync.Mutex
	var problems []error
	var turns sync.WaitGroup
	width := make(chan struct{}, rehydrateWidth)
	for _, call := range calls {
		width <- struct{}{}
		turns.Go(func() {
			defer func() { <-width }()
			if err := call.reconcile(ctx); err != nil {
				mu.Lock()
				defer mu.Unlock()
				problems = append(problems, fmt.Errorf("call %s: %w", call.id, err))
			}
		})
	}
	turns.Wait()
	return problems
}

// resumeAll is for a fleet: what its queue has of the calls comes first, in order,
// and then the platform is asked.
func (c *Client) resumeAll(calls []*Call) {
	for _, call := range calls {
		call.resume()
		call.stayAliveSoon(askAfterReplay) // for who is told that there is no such call takes it for lost
		c.schedule.After(askAfterReplay, func() { c.resyncs.doubt(call, "restored") })
	}
}

// resume waits anew for what was waited for.
func (c *Call) resume() {
	c.log([]reduce.Event{reduce.StateChanged{New: c.State()}}, letter{cause: CauseRestore})
	for _, gap := range c.state.Load().Gaps() {
		c.carryOut(reduce.Wait{For: gap})
	}
}

// stayAliveSoon is for a call that nobody knows when it last was kept alive.
func (c *Call) stayAliveSoon(after time.Duration) {
	if fsm.Band(c.State()) >= fsm.Band(resources.CallStateEstablishing) {
		c.keepAliveIn(after + rand.N(min(keepAliveSoon, c.client.limits.KeepAlive))) //nolint:gosec // spreads load, guards nothing
	}
}

func (c *Call) reconcile(ctx context.Context) error {
	c.resume()
	err := c.refresh(ctx, CauseRestore, wholeCall)
	if errors.Is(err, transport.ErrCallNotFound) {
		return nil
	}
	if err == nil {
		err = c.catchUp(ctx, CauseRestore)
	} else {
		c.unconfirmed()
	}
	c.stayAliveSoon(0)
	return err
}
