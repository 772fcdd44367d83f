package statefulclient_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// A call of a fleet that changes all the time is saved once for many changes, and
// all of them are settled then, in order; whoever flushes does not wait for that.
func TestABusyCallOfAFleetIsSavedOnceForMany(t *testing.T) {
	f := newFleet(t)
	call := f.rings("c1")
	told := newInbox[string]()
	call.OnUpdated(func(ctx context.Context, e statefulclient.ResourceEvent[resources.Call]) {
		if e.New.Subject != "" {
			told.put(ctx, e.New.Subject)
		}
	})
	const changes = 60
	before := f.one.client.Stats().Saves
	for n := range changes {
		subject := fmt.Sprintf("s%d", n)
		f.queue.tell(updated("c1", `{"subject":"`+subject+`"}`))
		require.Equal(t, subject, told.next(f.rig))
	}
	require.NoError(t, f.one.client.Flush(f.context()))
	require.Zero(t, f.left())
	require.Less(t, f.one.client.Stats().Saves-before, uint64(changes/2))
	require.True(t, slices.IsSorted(f.order()))
	record, err := f.calls.Get(f.context(), "c1")
	require.NoError(t, err)
	saved, err := statefulclient.ReadRecord(record)
	require.NoError(t, err)
	require.Equal(t, fmt.Sprintf("s%d", changes-1), saved.Resource.Subject)
}
