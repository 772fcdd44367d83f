package statefulclient_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
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

func TestRefreshBringsTheNetDifferenceInOneStep(t *testing.T) {
	r := newRig(t)
	meeting := r.platform.AddMeeting(simulator.Meeting{})
	call := r.join(meeting)
	require.NoError(t, r.platform.WaitIdle(r.context()))
	r.settled()
	told, changes := newInbox[participantsEvent](), newInbox[statefulclient.StateChanged]()
	call.Participants().OnUpdated(told.put)
	told.next(r) // the present
	statefulclient.On(call, changes.put)
	changes.next(r)
	r.platform.DropEvery(func(*resources.Notification) bool { return true })
	for _, name := range []string{"Adele Vance", "Alex Wilber", "Diego Siciliani"} {
		person := r.platform.AddPerson(name)
		person.Join(meeting)
		if name == "Alex Wilber" {
			person.Leave()
		}
	}
	require.NoError(t, call.Refresh(r.context()))
	require.Equal(t, 3, call.Participants().Len(), "worked in when Refresh returns")
	event := told.next(r)
	require.Len(t, event.Added, 2)
	require.Empty(t, event.Removed)
	r.settled()
	require.Empty(t, told)
	require.Empty(t, changes)

	require.NoError(t, call.Refresh(r.context()))
	r.settled()
	require.Empty(t, told, "nothing is new")
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

func TestSilentCallIsTold(t *testing.T) {
	r := newRig(t, rigOptions{limits: statefulclient.Limits{SilentAfter: 100 * time.Millisecond}})
	r.platform.DropEvery(func(*resources.Notification) bool { return true })
	silent, changes := newInbox[statefulclient.SilentCall](), newInbox[statefulclient.StateChanged]()
	r.client.OnSilent(silent.put)
	call := r.place(r.platform.AddPerson("Adele Vance"))
	statefulclient.On(call, changes.put)
	told := silent.next(r)
	require.Same(t, call, told.Call)
	require.True(t, strings.HasSuffix(told.CallbackURI, "/api/calls"))
	established := changes.until(r, func(e statefulclient.StateChanged) bool { return e.New == resources.CallStateEstablished })
	require.Equal(t, statefulclient.CauseResync, established.Cause)
	require.EqualValues(t, 1, r.client.Stats().SilentCalls)
}

func TestAnsweredCallThatFallsSilentIsTold(t *testing.T) {
	r := newRig(t, rigOptions{limits: statefulclient.Limits{SilentAfter: 100 * time.Millisecond}})
	silent := newInbox[statefulclient.SilentCall]()
	r.client.OnSilent(silent.put)
	r.client.Calls().OnIncoming(func(ctx context.Context, e statefulclient.IncomingCall) {
		r.platform.DropEvery(func(*resources.Notification) bool { return true })
		_ = e.Call.Answer(ctx, statefulclient.AnswerOptions{})
	})
	calling := r.platform.AddPerson("Adele Vance").Call(r.bot)
	require.NoError(t, calling.WaitAnswered(r.context()))
	require.NotNil(t, silent.next(r).Call)
}

func TestCallThatIsHeardOfIsNotSilent(t *testing.T) {
	r := newRig(t, rigOptions{limits: statefulclient.Limits{SilentAfter: 300 * time.Millisecond}})
	call := r.call(r.platform.AddPerson("Adele Vance"))
	stats := r.settled()
	require.Equal(t, 3, stats.Scheduled, "keep-alive, sweep and rest; nobody listens for silence any more")
	require.Zero(t, stats.SilentCalls)
	require.Equal(t, resources.CallStateEstablished, call.State())
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
