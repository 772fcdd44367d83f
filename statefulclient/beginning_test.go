package statefulclient_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/statefulclient"
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
