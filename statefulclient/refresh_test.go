package statefulclient_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/store"
)

// What is here was found by the program in conformance/chaos.

func sweeping() rigOptions {
	return rigOptions{limits: statefulclient.Limits{Sweep: 20 * time.Millisecond, ResyncsPerSecond: 100}}
}

// The notification that a call was established is lost, and none follows.
func TestSweepFindsOutThatACallWasEstablished(t *testing.T) {
	r := newRig(t, sweeping())
	r.platform.DropEvery(simulator.InState(resources.CallStateEstablished))
	call := r.place(r.platform.AddPerson("Adele Vance"))
	require.NoError(t, call.WaitFor(r.context(), resources.CallStateEstablished))
}

// The caller gives up before the bot has answered, and that is lost.
func TestSweepFindsOutThatACallWasWithdrawn(t *testing.T) {
	r := newRig(t, sweeping())
	r.platform.DropEvery(simulator.Ended)
	rings := newInbox[statefulclient.IncomingCall]()
	r.client.Calls().OnIncoming(rings.put)
	calling := r.platform.AddPerson("Adele Vance").Call(r.bot)
	call := rings.next(r).Call
	calling.Hangup()
	require.Equal(t, statefulclient.EndLost, ended(r.context(), t, call).Cause)
}

// The notification that an operation ended is lost.
func TestSweepFindsOutThatAnOperationEnded(t *testing.T) {
	r := newRig(t, sweeping())
	call := r.call(r.platform.AddPerson("Adele Vance"))
	r.platform.DropEvery(simulator.Under(resources.CollectionOperations))
	operation, err := call.PlayPrompt(r.context(), resources.NewMediaPrompt("https://bot.contoso.com/prompt.wav"))
	require.NoError(t, err)
	result, err := operation.Wait(r.context())
	require.NoError(t, err)
	require.Equal(t, operation.ID(), result.ID)
	require.Empty(t, call.PendingOperations())
}

// The platform is in trouble when a call is restored whose operation has ended.
func TestOperationThatCouldNotBeAskedAboutIsAskedAboutAgain(t *testing.T) {
	calls := store.NewMemory()
	r := newRig(t, keeping(calls))
	call := r.call(r.platform.AddPerson("Adele Vance"))
	r.platform.DropEvery(simulator.Under(resources.CollectionOperations))
	_, err := call.PlayPrompt(r.context(), resources.NewMediaPrompt("https://bot.contoso.com/prompt.wav"))
	require.NoError(t, err)
	require.NoError(t, r.platform.WaitUntil(r.context(), func() bool { return r.platform.Stats().Dropped == 1 }))
	r.stop()
	r.client = r.another(rigOptions{limits: sweeping().limits, build: keeping(calls).build})
	r.platform.FailNext(simulator.Failure{Times: 100, Status: 500})
	restored, err := r.client.Rehydrate(r.context())
	require.Error(t, err)
	require.Len(t, restored, 1)
	require.Len(t, restored[0].PendingOperations(), 1)
	r.platform.Heal()
	r.until(func(statefulclient.Stats) bool { return len(restored[0].PendingOperations()) == 0 })
}

// answered is a call that came in and is established.
func (r *rig) answered() *statefulclient.Call {
	r.t.Helper()
	rings := newInbox[statefulclient.IncomingCall]()
	r.client.Calls().OnIncoming(rings.put)
	r.platform.AddPerson("Adele Vance").Call(r.bot)
	call := rings.next(r).Call
	require.NoError(r.t, call.Answer(r.context(), statefulclient.AnswerOptions{}))
	require.NoError(r.t, call.WaitFor(r.context(), resources.CallStateEstablished))
	require.NoError(r.t, r.platform.WaitIdle(r.context()))
	return call
}

// The bot brings somebody into a call that came in, and is not told that there
// is a roster.
func TestSweepFindsOutThatACallOfTwoBecameOneOfThree(t *testing.T) {
	r := newRig(t, sweeping())
	call := r.answered()
	r.platform.DropEvery(func(*resources.Notification) bool { return true })
	guest := &resources.IdentitySet{User: &resources.Identity{ID: r.platform.AddPerson("Megan Bowen").ID}}
	_, err := call.Participants().Invite(r.context(), resources.InvitationParticipantInfo{Identity: guest})
	require.NoError(t, err)
	r.until(func(statefulclient.Stats) bool { return call.Participants().Len() == 3 })
}

// A reply spells out what a notification leaves away; neither changes what the
// other said.
func TestRefreshThatBringsNothingNewTellsNothing(t *testing.T) {
	r := newRig(t)
	meeting := r.platform.AddMeeting(simulator.Meeting{})
	r.platform.AddPerson("Adele Vance").Join(meeting)
	call := r.join(meeting)
	r.until(func(statefulclient.Stats) bool { return call.Participants().Len() == 2 })
	updates := newInbox[statefulclient.ParticipantUpdated]()
	statefulclient.On(call, updates.put)
	for range 2 {
		require.NoError(t, call.Refresh(r.context()))
		r.platform.Call(call.ID()).SendRoster()
		require.NoError(t, r.platform.WaitIdle(r.context()))
		r.settled()
	}
	require.Empty(t, updates)
}

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
