package statefulclient_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// A call goes from one process to the other and no edge is lost or told twice;
// then the other is killed with news it has not told, which the first tells.
func TestPromise16ACallHasOneOwnerInAFleet(t *testing.T) {
	f := newFleet(t)
	first, second := edges(f.one.client), edges(f.two.client)
	call := f.call(f.platform.AddPerson("Adele Vance"))
	require.Equal(t, place, call.Place())
	require.Contains(t, f.platform.Call(call.ID()).CallbackURI(), "route="+place+".")
	require.NoError(t, f.platform.WaitIdle(f.context()))
	f.queued(0)

	require.NoError(t, f.one.client.Calls().Release(f.context(), call))
	require.Zero(t, f.one.client.Calls().Len())
	require.ErrorIs(t, context.Cause(call.Context()), statefulclient.ErrReleased)
	f.ownedBy(f.rig, f.two)
	theirs, ok := f.two.client.Calls().Get(call.ID())
	require.True(t, ok)
	require.Equal(t, place, theirs.Place())
	f.queue.tell(updated(call.ID(), `{"state":"hold"}`), updated(call.ID(), `{"state":"established"}`))
	f.queued(0)

	stuck, release := make(chan struct{}), make(chan struct{})
	defer close(release)
	statefulclient.On(theirs, func(context.Context, statefulclient.ToneReceived) { close(stuck); <-release })
	f.queue.tell(tone(call.ID(), 1))
	<-stuck
	f.queue.tell(updated(call.ID(), `{"state":"hold"}`), updated(call.ID(), `{"state":"established"}`))
	f.two.client.Close()
	f.ownedBy(f.rig, f.one)
	again, ok := f.one.client.Calls().Get(call.ID())
	require.True(t, ok, "it came back")
	require.NoError(t, again.Hangup(f.context()))
	ended(f.context(), t, again)
	f.queued(0)
	f.rig.until(func(statefulclient.Stats) bool { return len(records(t, f.queue.calls)) == 0 })

	mine, others := all(first), all(second)
	require.Equal(t, []resources.CallState{established, held, established, over}, without(states(mine), establishing, resources.CallStateTerminating))
	require.Equal(t, []resources.CallState{held, established}, states(others))
	require.EqualValues(t, 1, f.one.client.Stats().Released)
	require.Zero(t, f.one.client.Stats().Fenced)
}

func without(list []resources.CallState, some ...resources.CallState) []resources.CallState {
	return slices.DeleteFunc(list, func(s resources.CallState) bool { return slices.Contains(some, s) })
}

// A call that comes in is answered with an address of its place.
func TestAnswerCarriesThePlace(t *testing.T) {
	f := newFleet(t)
	f.one.client.Calls().OnIncoming(func(ctx context.Context, e statefulclient.IncomingCall) {
		if err := e.Call.Answer(ctx, statefulclient.AnswerOptions{}); err != nil {
			t.Error(err)
		}
	})
	calling := f.platform.AddPerson("Adele Vance").Call(f.bot)
	require.NoError(t, calling.WaitAnswered(f.context()))
	for call := range f.one.client.Calls().All() {
		require.Equal(t, place, call.Place())
		require.Contains(t, f.platform.Call(call.ID()).CallbackURI(), "route="+place+".")
	}
	f.queued(0)
	saved, err := statefulclient.ReadRecord(records(t, f.queue.calls)[0])
	require.NoError(t, err)
	require.True(t, saved.Answered)
}

// So is one that is sent on.
func TestRedirectCarriesThePlace(t *testing.T) {
	f := newFleet(t)
	alex := f.platform.AddPerson("Alex Wilber")
	call := f.redirected(f.platform.AddPerson("Adele Vance"), alex)
	require.Contains(t, f.platform.Call(call.ID()).CallbackURI(), "route="+place+".")
	require.Equal(t, 1, alex.PickUp())
	ended(f.context(), t, call)
	f.queued(0)
}

// The reply that names a call is lost; it is adopted in its place.
func TestCallOfAFleetIsAdopted(t *testing.T) {
	f := newFleet(t, rigOptions{limits: statefulclient.Limits{ParkFor: 50 * time.Millisecond}})
	f.platform.FailNext(simulator.Failure{Method: "POST", Path: "/communications/calls", Status: 500, AfterEffect: true})
	adele := f.platform.AddPerson("Adele Vance")
	_, err := f.one.client.Calls().Add(f.context(), statefulclient.CallTo(adele.TenantID, statefulclient.UserIdentity(adele.ID)))
	require.Error(t, err)
	f.rig.until(func(s statefulclient.Stats) bool { return s.Calls == 1 })
	for call := range f.one.client.Calls().All() {
		require.Equal(t, place, call.Place())
		require.NoError(t, call.WaitFor(f.context(), established))
	}
	require.NoError(t, f.platform.WaitIdle(f.context()))
	f.queued(0)
}

// The queue may have the end of a call that is restored: the platform, which does not
// know the call any more, is not asked before that is told.
func TestARestoredCallIsNotKeptAliveBeforeItsQueueIsReplayed(t *testing.T) {
	f := newFleet(t)
	f.rings("c1")
	f.queued(0)
	f.ownedByNobody()
	f.queue.tell(terminated("c1"))
	f.platform.Heal() // which knows nothing of the call
	three := &member{queue: f.queue}
	three.client = f.another(f.joined(three, rigOptions{limits: statefulclient.Limits{KeepAlive: time.Millisecond}}))
	told := edges(three.client)
	_, err := three.client.Rehydrate(f.context())
	require.NoError(t, err)
	require.Never(t, func() bool { return three.client.Stats().CallsLost > 0 }, 200*time.Millisecond, 10*time.Millisecond)
	f.queue.own(three)
	f.again()
	f.queued(0)
	list := all(told)
	require.Equal(t, over, list[len(list)-1].to)
	require.Regexp(t, `^c1/\d+/\d+$`, list[len(list)-1].id, "it did not come from the queue")
}

// Many may be adopted at once, as after the death of a process: those whose turn has
// not come wait for it.
func TestCallsAreAdoptedInTheirTurn(t *testing.T) {
	f := newFleet(t, rigOptions{limits: statefulclient.Limits{ParkFor: 50 * time.Millisecond, ResyncsPerSecond: 4}})
	const calls = 6
	f.platform.FailNext(simulator.Failure{Method: "POST", Path: "/communications/calls", Status: 500, AfterEffect: true, Times: calls})
	for range calls {
		person := f.platform.AddPerson("Adele Vance")
		_, err := f.one.client.Calls().Add(f.context(), statefulclient.CallTo(person.TenantID, statefulclient.UserIdentity(person.ID)))
		require.Error(t, err)
	}
	f.rig.until(func(s statefulclient.Stats) bool { return s.Calls == calls })
	require.Zero(t, f.one.client.Stats().Unmatched)
}

// Without a store what was told is settled.
func TestFleetWithoutAStore(t *testing.T) {
	f := newFleet(t)
	m := &member{queue: f.queue}
	m.client = f.another(rigOptions{build: func(b *statefulclient.StatefulClientBuilder) {
		b.SetFleet(fleetKey, func(own statefulclient.Intake) statefulclient.Fleet { m.intake = own; return m })
	}})
	f.queue.owner = m
	told := edges(m.client)
	f.queue.tell(incoming("c1"), updated("c1", `{"state":"establishing"}`), terminated("c1"))
	f.queued(0)
	require.Equal(t, []resources.CallState{ringing, establishing, over}, states(all(told)))
	require.Empty(t, records(t, f.queue.calls))
	f.rig.until(func(statefulclient.Stats) bool { return len(m.client.Calls().InPlace(place)) == 0 })
}

func TestFleetIsChecked(t *testing.T) {
	_, err := statefulclient.NewStatefulClientBuilder("Echo", "app").
		SetInstance(statefulclient.Instance{ID: "a", Key: fleetKey}).SetFleet([]byte("short"), nil).Build()
	require.ErrorContains(t, err, "exclude each other")
	require.ErrorContains(t, err, "32 random")
	require.ErrorContains(t, err, "join is nil")
	require.ErrorIs(t, newRig(t).client.Calls().Release(t.Context(), newRig(t).live("c1")), statefulclient.ErrInvalid)
}
