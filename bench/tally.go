package main

import (
	"context"
	"fmt"
	"math"
	"sync/atomic"
)

// tally counts what handlers are told, side by side, and lets one goroutine
// wait for it.
type tally struct {
	count   atomic.Int64
	wanted  atomic.Int64
	reached chan struct{}
}

func newTally() *tally {
	t := &tally{reached: make(chan struct{}, 1)}
	t.wanted.Store(math.MaxInt64)
	return t
}

func (t *tally) add(n int) {
	if t.count.Add(int64(n)) < t.wanted.Load() {
		return
	}
	select {
	case t.reached <- struct{}{}:
	default: // it was rung already
	}
}

// wait returns once so much has been counted, from the beginning.
func (t *tally) wait(ctx context.Context, wanted int64) error {
	t.wanted.Store(wanted)
	defer t.wanted.Store(math.MaxInt64)
	for t.count.Load() < wanted {
		select {
		case <-t.reached:
		case <-ctx.Done():
			return fmt.Errorf("handlers were told %d things, not %d: %w", t.count.Load(), wanted, ctx.Err())
		}
	}
	return nil
}
