package statefulclient_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/store"
)

// Whoever is told of a call's beginning finds the call, and its conversation.
func TestCallIsThereBeforeAnybodyIsToldOfIt(t *testing.T) {
	r := newRig(t)
	var missed atomic.Int64
	told := newInbox[string]()
	r.client.Calls().OnIncoming(func(ctx context.Context, e statefulclient.IncomingCall) {
		if _, known := r.client.Calls().Get(e.Call.ID()); !known {
			missed.Add(1)
		}
		told.put(ctx, e.Call.ID())
	})
	for i := range 500 {
		r.tell(incoming(fmt.Sprint("c", i)))
	}
	for range 500 {
		told.next(r)
	}
	require.Zero(t, missed.Load())
}

// The same holds for calls that come back.
func TestRestoredCallIsThereBeforeAnybodyIsToldOfIt(t *testing.T) {
	const count = 300
	calls := store.NewMemory()
	r := newRig(t, keeping(calls))
	for i := range count {
		r.tell(incoming(fmt.Sprint("c", i)))
	}
	r.settled() // each was looked up first
	r.stop()
	var missed atomic.Int64
	told := newInbox[string]()
	restored := r.restart(keeping(calls), func(c *statefulclient.Client) {
		c.Calls().OnUpdated(func(ctx context.Context, e callsEvent) {
			for _, call := range e.Added {
				_, known := c.Calls().Get(call.ID())
				if _, over := call.End(); !known && !over {
					missed.Add(1)
				}
				told.put(ctx, call.ID())
			}
		})
	})
	require.Len(t, restored, count)
	r.settled()
	require.Len(t, told, count)
	for range count {
		told.next(r)
	}
	require.Zero(t, missed.Load())
}
