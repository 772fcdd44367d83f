package main

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/graphcalls/graphcalls-go/store"
)

// timed is a store that knows how long the slowest save took: a call that is not
// saved yet when the process is killed is forgotten.
type timed struct {
	store.Store

	slowest atomic.Int64
}

// Save implements store.Store.
func (t *timed) Save(ctx context.Context, callID string, revision uint64, data []byte) (uint64, error) {
	began := time.Now()
	saved, err := t.Store.Save(ctx, callID, revision, data)
	took := int64(time.Since(began))
	for slowest := t.slowest.Load(); took > slowest && !t.slowest.CompareAndSwap(slowest, took); {
		slowest = t.slowest.Load()
	}
	return saved, err
}
