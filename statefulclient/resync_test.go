package statefulclient_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/store"
)

type participantsEvent = statefulclient.CollectionEvent[*statefulclient.Participant]

func changed(id string, sequence int, person string) string {
	return about("updated", id+"/participants", fmt.Sprintf(`[{"sequenceNumber":%d,"participants":[%s]}]`, sequence, person))
}

// The platform answers, and nothing it says arrives: the sweep finds out.
func TestPromise13DoubtIsSettled(t *testing.T) {
	r := newRig(t, rigOptions{limits: statefulclient.Limits{Sweep: 200 * time.Millisecond}})
	meeting := r.platform.AddMeeting(simulator.Meeting{})
	people := newInbox[participantsEvent]()
	call := r.join(meeting)
	call.Participants().OnUpdated(people.put)
	require.NoError(t, r.platform.WaitIdle(r.context())) // the bot itself is listed
	r.platform.DropEvery(func(*resources.Notification) bool { return true })
	adele := r.platform.AddPerson("Adele Vance")
	adele.Join(meeting)
	joined := people.until(r, func(e participantsEvent) bool { return len(e.Added) == 1 && e.Added[0].DisplayName() == "Adele Vance" })
	require.Equal(t, statefulclient.CauseResync, joined.Cause)
	require.True(t, joined.Cause.Inferred())
	adele.Leave()
	left := people.until(r, func(e participantsEvent) bool { return len(e.Removed) == 1 })
	require.Equal(t, statefulclient.CauseResync, left.Cause)
	r.until(func(s statefulclient.Stats) bool { return s.Resyncs >= 2 })
}

// A version that cannot be compared is asked about; having none at all, as real
// traffic, is not.
func TestOnlyDoubtHasACallFetched(t *testing.T) {
	r := newRig(t)
	call := r.call(r.platform.AddPerson("Adele Vance"))
	require.NoError(t, r.platform.WaitIdle(r.context()))
	r.settled()
	require.Zero(t, r.client.Stats().Resyncs)
	require.Empty(t, fetches(r, call))
	r.tell(
		updated(call.ID(), `{"state":"established","@odata.etag":"W/\"abc\""}`),
		updated(call.ID(), `{"state":"established","@odata.etag":"W/\"xyz\""}`))
	r.until(func(s statefulclient.Stats) bool { return s.Resyncs == 1 })
	require.Len(t, fetches(r, call), 1)
}

// A thousand doubts at once are not a thousand requests at once.
func TestResyncsAreLimitedAsAWhole(t *testing.T) {
	r := newRig(t, rigOptions{limits: statefulclient.Limits{ResyncsPerSecond: 1}})
	for i := range 4 {
		call := r.call(r.platform.AddPerson(fmt.Sprint("Person ", i)))
		r.tell(
			updated(call.ID(), `{"state":"established","@odata.etag":"W/\"abc\""}`),
			updated(call.ID(), `{"state":"established","@odata.etag":"W/\"xyz\""}`))
	}
	r.until(func(s statefulclient.Stats) bool { return s.Resyncs == 1 && s.InDoubt == 3 })
}

// fetches are the requests that asked how the call stands.
func fetches(r *rig, call *statefulclient.Call) []simulator.Exchange {
	var list []simulator.Exchange
	for _, e := range r.platform.Call(call.ID()).Exchanges() {
		if e.Method == "GET" && strings.HasSuffix(e.URL, "/calls/"+call.ID()) {
			list = append(list, e)
		}
	}
	return list
}

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
