// long: the ways a call is handed over, all by one rig.

package statefulclient_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/store"
)

// Somebody else has saved the call: it is theirs, and nothing more is told,
// saved or settled here.
func TestConflictFences(t *testing.T) {
	f := newFleet(t)
	removed := newInbox[callsEvent]()
	call := f.rings("c1")
	f.one.client.Calls().OnUpdated(removed.put)
	mine := records(t, f.queue.calls)[0]
	theirs, err := f.queue.calls.Save(t.Context(), "c1", mine.Revision, mine.Data)
	require.NoError(t, err)
	f.queue.tell(subject("c1", 1))
	require.ErrorIs(t, call.WaitFor(f.context(), over), statefulclient.ErrReleased)
	gone := removed.until(f.rig, func(e callsEvent) bool { return len(e.Removed) > 0 })
	require.Equal(t, statefulclient.CauseReleased, gone.Cause)
	f.settledAt(f.one)
	require.Equal(t, 1, f.left())
	require.Equal(t, theirs, records(t, f.queue.calls)[0].Revision)
	require.EqualValues(t, 1, f.one.client.Stats().Fenced)
	require.Zero(t, f.one.client.Stats().EndedRemembered)
	require.NoError(t, f.one.client.Flush(f.context()), "what is another's is not missing here")

	f.ownedBy(f.rig, f.two)
	f.queued(0)
	again, _ := f.two.client.Calls().Get("c1")
	require.Equal(t, "1", again.Resource().Subject)
}

// The place is another's: what is heard changes nothing here, and nobody is told.
func TestHoldErrorFences(t *testing.T) {
	f := newFleet(t)
	call := f.rings("c1")
	told := edges(f.one.client)
	require.True(t, told.next(f.rig).initial)
	f.one.holds(func(context.Context) error { return errors.New("not ours any more") })
	f.queue.tell(updated("c1", `{"state":"hold"}`))
	<-call.Context().Done()
	require.ErrorIs(t, context.Cause(call.Context()), statefulclient.ErrReleased)
	f.settledAt(f.one)
	require.Equal(t, established, call.State())
	require.Empty(t, told)
	require.Equal(t, 1, f.left())
	require.EqualValues(t, 1, f.one.client.Stats().Fenced)
	require.ErrorIs(t, f.one.client.Calls().Release(f.context(), call), statefulclient.ErrReleased)
}

// While it is in doubt whose the place is, nothing changes and nobody is told.
func TestHoldThatWaitsHolds(t *testing.T) {
	f := newFleet(t)
	call := f.rings("c1")
	asked, sure := f.one.inDoubt()
	f.queue.tell(updated("c1", `{"state":"hold"}`), terminated("c1"))
	asked.next(f.rig)
	require.Equal(t, established, call.State())
	require.Equal(t, 2, f.left())
	close(sure)
	ended(f.context(), t, call)
	f.queued(0)
}

// In doubt, the end of a call is told once the doubt is over, though the call's own
// context has ended.
func TestEndIsHeldToo(t *testing.T) {
	f := newFleet(t)
	call := f.rings("c1")
	stuck, release := make(chan struct{}), make(chan struct{})
	told := newInbox[edge]()
	statefulclient.On(call, func(ctx context.Context, e statefulclient.StateChanged) {
		if e.New == held {
			close(stuck)
			<-release
		}
		told.put(ctx, edge{to: e.New, initial: e.Initial})
	})
	f.queue.tell(updated("c1", `{"state":"hold"}`))
	<-stuck
	f.queue.tell(terminated("c1"))
	ended(f.context(), t, call)
	asked, sure := f.one.inDoubt()
	close(release)
	asked.next(f.rig)
	require.Equal(t, 1, f.one.client.Stats().EndedRemembered)
	close(sure)
	f.queued(0)
	require.Equal(t, []resources.CallState{held, over}, states(all(told)))
	require.Zero(t, f.one.client.Stats().Fenced)
}

// When the time is up the call is let go of all the same, and who gets it next is
// sent what was not told: here the same client.
func TestReleaseThatTakesTooLong(t *testing.T) {
	f := newFleet(t)
	call := f.rings("c1")
	stuck, release := make(chan struct{}), make(chan struct{})
	handle := statefulclient.On(call, func(context.Context, statefulclient.ToneReceived) { close(stuck); <-release })
	f.queue.tell(tone("c1", 1))
	<-stuck
	handle.Cancel()
	told := newInbox[statefulclient.ToneReceived]()
	statefulclient.On(f.one.client.Calls(), told.put)
	f.queue.tell(tone("c1", 2))
	ctx, cancel := context.WithTimeout(f.context(), 10*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, f.one.client.Calls().Release(ctx, call), context.DeadlineExceeded)
	_, there := f.one.client.Calls().Get("c1")
	require.False(t, there)
	require.Equal(t, 2, f.left())
	f.ownedBy(f.rig, f.one)
	again, there := f.one.client.Calls().Get("c1")
	require.True(t, there)
	require.NotSame(t, call, again)
	require.EqualValues(t, 1, told.next(f.rig).SequenceID)
	require.EqualValues(t, 2, told.next(f.rig).SequenceID)
	f.queued(0)
	close(release)
	f.settledAt(f.one)
	require.Empty(t, told)
}

func isDone(done <-chan struct{}) bool {
	select {
	case <-done:
		return true
	default:
		return false
	}
}

// A call that could not be saved and is let go of is not missed any more.
func TestReleaseOfACallThatCannotBeSaved(t *testing.T) {
	calls := &flaky{Store: store.NewMemory()}
	f := newFleet(t, rigOptions{build: func(b *statefulclient.StatefulClientBuilder) { b.SetStore(calls) }})
	f.queue.calls = calls
	call := f.rings("c1")
	calls.failing.Store(true)
	f.queue.tell(subject("c1", 1))
	f.rig.until(func(s statefulclient.Stats) bool { return s.StoreFailures > 0 })
	ctx, cancel := context.WithTimeout(f.context(), 10*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, f.one.client.Calls().Release(ctx, call), context.DeadlineExceeded)
	f.settledAt(f.one)
	require.Equal(t, 1, f.left())
	require.NoError(t, f.one.client.Flush(f.context()))
	calls.failing.Store(false)
	f.ownedBy(f.rig, f.two)
	f.queued(0)
}

// What a handler asks for when its call is being handed over would not be in the
// record: it is refused.
func TestNothingIsAskedForWhileReleasing(t *testing.T) {
	f := newFleet(t)
	call := f.call(f.platform.AddPerson("Adele Vance"))
	refused, began := newInbox[error](), newInbox[struct{}]()
	statefulclient.On(call, func(ctx context.Context, _ statefulclient.ToneReceived) {
		for {
			if _, err := call.PlayPrompt(ctx, resources.NewMediaPrompt("https://bot.contoso.com/hello.wav")); err != nil {
				refused.put(ctx, err)
				return
			}
			began.put(ctx, struct{}{})
		}
	})
	f.queue.tell(tone(call.ID(), 1))
	began.next(f.rig)
	ctx, cancel := context.WithTimeout(f.context(), 5*time.Second)
	defer cancel()
	require.NoError(t, f.one.client.Calls().Release(ctx, call))
	require.ErrorIs(t, refused.next(f.rig), statefulclient.ErrReleased)
}

// A call that has ended is in Calls no more, but its handlers may be at work: who gives
// its place away releases it, too, and what led to its end is settled then.
func TestACallThatHasEndedIsInPlaceUntilItsEndIsTold(t *testing.T) {
	f := newFleet(t)
	call := f.rings("c1")
	calls, telling, on := f.one.client.Calls(), make(chan struct{}), make(chan struct{})
	statefulclient.On(call, func(_ context.Context, e statefulclient.StateChanged) {
		if e.New == over {
			close(telling)
			<-on
		}
	})
	require.Equal(t, []*statefulclient.Call{call}, calls.InPlace(call.Place()))
	f.queue.tell(terminated("c1"))
	<-telling
	require.Zero(t, calls.Len())
	require.Equal(t, []*statefulclient.Call{call}, calls.InPlace(call.Place()))
	require.Empty(t, calls.InPlace("elsewhere"))
	released := make(chan error, 1)
	go func() { released <- calls.Release(f.context(), call) }()
	require.Equal(t, 1, f.left())
	close(on)
	require.NoError(t, <-released)
	require.Zero(t, f.left())
	f.rig.until(func(statefulclient.Stats) bool { return len(calls.InPlace(call.Place())) == 0 })
	require.Empty(t, records(t, f.queue.calls))
	require.Equal(t, 1, f.one.client.Stats().EndedRemembered)
}

// It is there no longer than that.
func TestACallWhoseEndWasToldIsInNoPlace(t *testing.T) {
	f := newFleet(t)
	call := f.rings("c1")
	f.queue.tell(terminated("c1"))
	f.queued(0)
	f.rig.until(func(statefulclient.Stats) bool { return len(f.one.client.Calls().InPlace(call.Place())) == 0 })
}

// One whose end was not told in time is told to the next owner.
func TestACallThatHasEndedIsLetGoOfWithoutTime(t *testing.T) {
	f := newFleet(t)
	call := f.rings("c1")
	calls, telling, on := f.one.client.Calls(), make(chan struct{}), make(chan struct{})
	statefulclient.On(call, func(_ context.Context, e statefulclient.StateChanged) {
		if e.New == over {
			close(telling)
			<-on
		}
	})
	f.queue.tell(terminated("c1"))
	<-telling
	ctx, cancel := context.WithCancel(f.context())
	cancel()
	require.ErrorIs(t, calls.Release(ctx, call), context.Canceled)
	require.Empty(t, calls.InPlace(call.Place()))
	close(on)
	f.settledAt(f.one)
	require.Equal(t, 1, f.left())
	told := edges(f.two.client)
	f.ownedBy(f.rig, f.two)
	require.Equal(t, established, told.next(f.rig).to)
	require.Equal(t, over, told.next(f.rig).to)
	f.queued(0)
}

// The stack of media that a call has here is of no use to the next owner.
func TestReleaseClosesTheMediaSession(t *testing.T) {
	f := newFleet(t)
	adele, media := f.platform.AddPerson("Adele Vance"), newSession()
	to := statefulclient.CallTo(adele.TenantID, statefulclient.UserIdentity(adele.ID))
	call, err := f.one.client.Calls().AddWithMedia(f.context(), to, media)
	require.NoError(t, err)
	require.NoError(t, call.WaitFor(f.context(), established))
	require.NoError(t, f.one.client.Calls().Release(f.context(), call))
	media.requireSpent(f.rig, 1)
}

// A call goes to and fro while its keys are pressed: each is told once, in order,
// whoever owns the call.
func TestHandedToAndFroUnderLoad(t *testing.T) {
	const keys, moves = 400, 12
	f := newFleet(t)
	f.rings("c1")
	type key struct {
		sequence int64
		id       string
	}
	told := newInbox[key]()
	for _, m := range []*member{f.one, f.two} {
		statefulclient.On(m.client.Calls(), func(ctx context.Context, e statefulclient.ToneReceived) {
			told.put(ctx, key{e.SequenceID, statefulclient.EventID(ctx)})
		})
	}
	var pressing sync.WaitGroup
	pressing.Go(func() {
		for n := range keys {
			if err := f.queue.put(delivery(t, tone("c1", n+1))); err != nil {
				t.Error(err)
			}
			if n%(keys/moves) == 0 {
				f.queue.again() // what is under way is recognised
			}
		}
	})
	from, to := f.one, f.two
	for range moves {
		f.ownedByNobody()
		call, ok := from.client.Calls().Get("c1")
		require.True(t, ok)
		require.NoError(t, from.client.Calls().Release(f.context(), call))
		f.ownedBy(f.rig, to)
		from, to = to, from
	}
	pressing.Wait()
	f.queued(0)
	list := all(told)
	require.Len(t, list, keys)
	ids := map[string]bool{}
	for i, k := range list {
		require.EqualValues(t, i+1, k.sequence)
		ids[k.id] = true
	}
	require.Len(t, ids, keys)
}

// Whoever waits for a call that is handed over is told so, and it cannot be handed
// over by its own handler, for which that would wait.
func TestReleaseEndsWaits(t *testing.T) {
	f := newFleet(t)
	call := f.call(f.platform.AddPerson("Adele Vance"))
	require.NoError(t, f.platform.WaitIdle(f.context()))
	f.queued(0)
	leg := f.platform.Call(call.ID())
	leg.Hold()
	operation, err := call.PlayPrompt(f.context(), resources.NewMediaPrompt("https://bot.contoso.com/hello.wav"))
	require.NoError(t, err)
	refused := newInbox[error]()
	statefulclient.On(call, func(ctx context.Context, _ statefulclient.StateChanged) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		refused.put(ctx, f.one.client.Calls().Release(ctx, call))
	})
	require.ErrorIs(t, refused.next(f.rig), statefulclient.ErrFromHandler)
	require.NoError(t, f.one.client.Calls().Release(f.context(), call))
	_, err = operation.Wait(f.context())
	require.ErrorIs(t, err, statefulclient.ErrReleased)
	require.NoError(t, f.platform.WaitUntil(f.context(), func() bool { return isDone(operation.Done()) }))
	require.ErrorIs(t, call.WaitFor(f.context(), over), statefulclient.ErrReleased)
	require.Zero(t, f.one.client.Stats().Scheduled, "no keep-alive")
	_, err = call.PlayPrompt(f.context(), resources.NewMediaPrompt("https://bot.contoso.com/hello.wav"))
	require.ErrorIs(t, err, statefulclient.ErrReleased)
	require.ErrorIs(t, f.one.client.Calls().Release(f.context(), call), statefulclient.ErrReleased)

	f.ownedBy(f.rig, f.two)
	theirs, _ := f.two.client.Calls().Get(call.ID())
	resumed, err := statefulclient.ResumeOperation[*resources.PlayPromptOperation](theirs, operation.ClientContext())
	require.NoError(t, err)
	leg.Release()
	_, err = resumed.Wait(f.context())
	require.NoError(t, err)
}

// A call whose beginning nobody was told of does not leave either; and the place
// coming back, it begins.
func TestFencedBeforeItWasTold(t *testing.T) {
	f := newFleet(t)
	f.platform.FailNext(simulator.Failure{Times: 1000, Status: 500})
	told := newInbox[callsEvent]()
	f.one.client.Calls().OnUpdated(told.put)
	f.one.holds(func(context.Context) error { return errors.New("not ours yet") })
	f.queue.tell(incoming("c1"))
	f.rig.until(func(s statefulclient.Stats) bool { return s.Fenced == 1 })
	f.settledAt(f.one)
	require.Empty(t, told)
	require.Empty(t, records(t, f.queue.calls))
	require.Equal(t, 1, f.left())
	f.one.holds(nil)
	f.ownedBy(f.rig, f.one)
	f.queued(0)
	require.Len(t, told.next(f.rig).Added, 1)
	require.Len(t, records(t, f.queue.calls), 1)
}

// A call ended here and was told so, but another had it: should the place come
// back, it ends again.
func TestFencedEndIsToldByTheNextOwner(t *testing.T) {
	f := newFleet(t)
	f.rings("c1")
	mine := records(t, f.queue.calls)[0]
	_, err := f.queue.calls.Save(t.Context(), "c1", mine.Revision, mine.Data)
	require.NoError(t, err)
	f.queue.tell(terminated("c1"))
	f.rig.until(func(s statefulclient.Stats) bool { return s.Fenced == 1 })
	f.settledAt(f.one)
	require.Equal(t, 1, f.left())
	told := edges(f.one.client)
	f.ownedBy(f.rig, f.one)
	f.queued(0)
	require.Equal(t, []resources.CallState{over}, states(all(told)))
	require.Empty(t, records(t, f.queue.calls))
}

// The call becomes another's while a handler is at it: who would be told after that
// one is told nothing, for the next owner tells it.
func TestAnUpdateIsNotToldToItsEndWhenTheCallIsLost(t *testing.T) {
	f := newFleet(t)
	call := f.rings("c1")
	entered, gate := make(chan struct{}), make(chan struct{})
	var told atomic.Int64
	statefulclient.On(call, func(_ context.Context, e statefulclient.StateChanged) {
		if e.New == resources.CallStateHold {
			close(entered)
			<-gate
		}
	})
	statefulclient.On(call, func(_ context.Context, e statefulclient.StateChanged) {
		if e.New == resources.CallStateHold {
			told.Add(1)
		}
	})
	f.queue.tell(updated("c1", `{"state":"hold"}`))
	<-entered
	f.one.holds(func(context.Context) error { return errors.New("it is another's") })
	close(gate)
	f.queue.tell(updated("c1", `{"state":"established"}`))
	<-call.Context().Done()
	require.ErrorIs(t, context.Cause(call.Context()), statefulclient.ErrReleased)
	require.Zero(t, told.Load())
}
