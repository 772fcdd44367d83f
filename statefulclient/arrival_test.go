package statefulclient_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/store"
)

// The killed process did not answer the notification of a call coming in, so that
// it is sent again, and comes before the call is restored.
func TestBeginningThatIsSentAgainBeforeRehydrateBeginsNothing(t *testing.T) {
	calls := store.NewMemory()
	r := newRig(t, keeping(calls))
	call := r.answered()
	first := r.platform.Call(call.ID()).Deliveries()[0]
	r.stop()

	r.client = r.another(keeping(calls))
	again, failures := newInbox[statefulclient.IncomingCall](), newInbox[statefulclient.StoreFailure]()
	r.client.Calls().OnIncoming(again.put)
	r.client.OnStoreFailure(failures.put)
	r.takenBy(r.client.Handler())
	r.platform.Call(call.ID()).Notify(first.Body)
	require.NoError(t, r.platform.WaitIdle(r.context()))
	_, err := r.client.Rehydrate(r.context())
	require.NoError(t, err)
	r.settled()
	restored, known := r.client.Calls().Get(call.ID())
	require.True(t, known)
	require.Equal(t, resources.CallStateEstablished, restored.State())
	require.NoError(t, r.client.Flush(r.context()))
	require.Empty(t, failures)
	require.Empty(t, again)
}

// What comes for a call before it is restored waits for it.
func TestNotificationOvertakesRehydrate(t *testing.T) {
	calls := store.NewMemory()
	r := newRig(t, keeping(calls))
	call := r.call(r.platform.AddPerson("Adele Vance"))
	require.NoError(t, r.platform.WaitIdle(r.context()))
	r.stop()
	r.client = r.another(keeping(calls))
	r.takenBy(r.client.Handler())
	r.tell(updated(call.ID(), `{"state":"established","subject":"s"}`))
	restored, err := r.client.Rehydrate(r.context())
	require.NoError(t, err)
	r.until(func(statefulclient.Stats) bool { return restored[0].Resource().Subject == "s" })
	restored, err = r.client.Rehydrate(r.context())
	require.NoError(t, err)
	require.Empty(t, restored, "they are there already")
}
