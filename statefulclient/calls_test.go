package statefulclient_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

func TestForceRemoveGivesUpACallAndSaysNothing(t *testing.T) {
	r := newRig(t)
	calls := newInbox[callsEvent]()
	r.client.Calls().OnUpdated(calls.put)
	call := r.call(r.platform.AddPerson("Adele Vance"))
	require.NoError(t, r.platform.WaitIdle(r.context()))
	requests := r.platform.Stats().Requests
	require.True(t, r.client.Calls().ForceRemove(call.ID()))
	require.Equal(t, statefulclient.EndRemoved, ended(r.context(), t, call).Cause)
	require.Same(t, call, calls.until(r, func(e callsEvent) bool { return len(e.Removed) == 1 }).Removed[0])
	require.False(t, r.client.Calls().ForceRemove(call.ID()), "it is gone")
	require.Equal(t, requests, r.platform.Stats().Requests)
	require.Equal(t, resources.CallStateEstablished, r.platform.Call(call.ID()).State())
}
