package statefulclient

import (
	"context"
	"errors"
	"time"

	"go.uber.org/zap"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/store"
)

// lookupTimeout bounds the look into the store for a call that arrives, which
// has seconds to be answered.
const lookupTimeout = time.Second

// mayBeKept reports whether a call that arrives may be one of a process before
// this one, whose beginning is sent again: as long as not all records were read.
func (c *Calls) mayBeKept() bool {
	return c.client.keeper != nil && !c.client.keeper.allRead.Load()
}

// arrive begins a call that arrives, unless the store has it: then it is
// restored. It reports false when the client is closed. The caller holds mu.
func (c *Calls) arrive(l letter, path resources.Path, q Queued) bool {
	c.lookups++
	if c.client.group.Go(func() { c.restoreOrBegin(l, path, q) }) {
		return true
	}
	c.lookups--
	return false
}

func (c *Calls) restoreOrBegin(l letter, path resources.Path, q Queued) {
	ctx, cancel := context.WithTimeout(c.client.context, lookupTimeout)
	defer cancel()
	restored := c.restoreArriving(ctx, path.CallID)
	switch begun, found := c.arrived(l, path, q, restored); found {
	case begins:
		begun.follow()
	case tooLate:
		c.client.foundNoCall(path.CallID, l, VerdictLate)
	case taken, noRoom:
	}
	if restored == nil {
		return
	}
	if err := restored.reconcile(c.client.context); err != nil {
		c.client.logger.Warn("restored call could not be fetched", restored.fields(zap.Error(err))...)
	}
}

// restoreArriving returns the call if the store has it and it was restored just now.
func (c *Calls) restoreArriving(ctx context.Context, id string) *Call {
	record, err := c.client.keeper.store.Get(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	var call *Call
	if err == nil {
		call, err = c.restore(record)
	}
	if err != nil {
		c.client.logger.Error("an arriving call could not be looked up in the store, and counts as new",
			zap.String("call", loggable(id)), zap.Error(err))
	}
	return call
}

func (c *Calls) arrived(l letter, path resources.Path, q Queued, restored *Call) (*beginning, finding) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lookups--
	if restored != nil {
		c.early = append(c.early, restored)
	}
	if call, known := c.Get(path.CallID); known {
		call.receive(l)
		return nil, taken
	}
	switch {
	case c.client.closed():
		return nil, noRoom
	case restored == nil && c.late(l, path):
		return nil, tooLate
	default:
		return c.beginIncoming(l, path, q), begins
	}
}

// expected counts the calls there are and those being looked up.
func (c *Calls) expected() int {
	if !c.mayBeKept() {
		return c.Len()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.Len() + c.lookups
}
