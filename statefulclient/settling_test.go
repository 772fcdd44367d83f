package statefulclient_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/store"
)

// Nothing is settled before it is saved, nor before what came before it; what
// changes nothing included.
func TestSettledInOrderAndOnceSaved(t *testing.T) {
	f := newFleet(t)
	f.rings("c1")
	stuck, release := make(chan struct{}), make(chan struct{})
	var once sync.Once
	statefulclient.On(f.one.client.Calls(), func(context.Context, statefulclient.ToneReceived) {
		once.Do(func() { close(stuck) })
		<-release
	})
	before := records(t, f.queue.calls)[0]
	settled := len(f.order())
	f.queue.tell(tone("c1", 1), updated("c1", `{"state":"established"}`))
	f.queue.again() // the very same
	<-stuck
	f.queue.tell(subject("c1", 1), subject("c1", 1), tone("c1", 2))
	require.NoError(t, f.one.client.Flush(f.context()))
	require.Equal(t, before, records(t, f.queue.calls)[0], "what is not told is not saved")
	require.Len(t, f.order(), settled)
	close(release)
	f.queued(0)
	require.Equal(t, []uint64{4, 5, 4, 5, 6, 7, 8}, f.order()[settled:])
	require.NotEqual(t, before.Revision, records(t, f.queue.calls)[0].Revision)

	same := records(t, f.queue.calls)[0]
	f.queue.tell(subject("c1", 1))
	f.queued(0)
	require.Equal(t, same, records(t, f.queue.calls)[0], "to move the position alone is not worth a save")
}

// What a closed client has heard and not told is for the next owner to tell.
func TestNothingIsToldOrSettledAfterClose(t *testing.T) {
	f := newFleet(t)
	f.rings("c1")
	stuck, release := make(chan struct{}), make(chan struct{})
	told := newInbox[int64]()
	statefulclient.On(f.one.client.Calls(), func(ctx context.Context, e statefulclient.ToneReceived) {
		if told.put(ctx, e.SequenceID); e.SequenceID == 1 {
			close(stuck)
			<-release
		}
	})
	f.queue.tell(tone("c1", 1))
	<-stuck
	f.queue.tell(tone("c1", 2))
	f.rig.until(func(s statefulclient.Stats) bool { return s.HandlerBacklog == 1 })
	f.one.client.Close()
	close(release)
	f.settledAt(f.one)
	require.Equal(t, []int64{1}, all(told))
	require.Equal(t, 2, f.left())
}

// gate is a store whose saves wait while it is shut.
type gate struct {
	store.Store

	mu      sync.Mutex
	shut    chan struct{}
	waiting inbox[struct{}]
}

func (g *gate) shutIt() (open func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shut = make(chan struct{})
	return func() { close(g.shut) }
}

func (g *gate) Save(ctx context.Context, id string, revision uint64, data []byte) (uint64, error) {
	g.mu.Lock()
	shut := g.shut
	g.mu.Unlock()
	if shut != nil {
		g.waiting.put(ctx, struct{}{})
		<-shut
	}
	return g.Store.Save(ctx, id, revision, data)
}

// What changes nothing waits for the save under way, and is no reason for another.
func TestSettledWithTheSaveUnderWay(t *testing.T) {
	calls := &gate{Store: store.NewMemory(), waiting: newInbox[struct{}]()}
	f := newFleet(t, rigOptions{build: func(b *statefulclient.StatefulClientBuilder) { b.SetStore(calls) }})
	f.queue.calls = calls
	f.rings("c1")
	f.settledAt(f.one)
	saves := f.one.client.Stats().Saves
	open := calls.shutIt()
	f.queue.tell(subject("c1", 1))
	calls.waiting.next(f.rig)
	f.queue.tell(subject("c1", 1))
	f.committed()
	require.Equal(t, 2, f.left())
	open()
	f.queued(0)
	f.settledAt(f.one)
	require.Equal(t, saves+1, f.one.client.Stats().Saves)
}

// A member that shuts down leaves nothing behind.
func TestShutdownSettles(t *testing.T) {
	f := newFleet(t)
	told := edges(f.one.client)
	for _, name := range []string{"Adele Vance", "Alex Wilber", "Diego Siciliani"} {
		f.call(f.platform.AddPerson(name))
	}
	require.NoError(t, f.platform.WaitIdle(f.context()))
	require.NoError(t, f.one.client.Shutdown(f.context()))
	require.Empty(t, records(t, f.queue.calls))
	require.Zero(t, f.left())
	ends := slices.DeleteFunc(states(all(told)), func(s resources.CallState) bool { return s != over })
	require.Len(t, ends, 3)
}

// What the record has is settled and not told again.
func TestWhatTheRecordHasIsSettledAtOnce(t *testing.T) {
	f := newFleet(t)
	call := f.rings("c1")
	f.queue.mu.Lock()
	f.queue.waiting = nil
	f.queue.mu.Unlock()
	require.NoError(t, f.one.client.Calls().Release(f.context(), call))
	f.ownedBy(f.rig, f.two)
	told := edges(f.two.client)
	require.True(t, told.next(f.rig).initial)
	saved, err := statefulclient.ReadRecord(records(t, f.queue.calls)[0])
	require.NoError(t, err)
	require.EqualValues(t, 3, saved.Position)
	for position := uint64(1); position <= 3; position++ { // its end would be believed whenever it came
		done := make(chan struct{})
		require.NoError(t, f.two.intake.Take(t.Context(), statefulclient.Queued{
			Delivery: delivery(t, terminated("c1")), Place: place, Position: position, Settled: func() { close(done) },
		}))
		<-done
	}
	f.settledAt(f.two)
	require.Empty(t, told)
	require.EqualValues(t, 3, f.two.client.Stats().Redelivered)
}

// An ended call is saved as ended, then settled, then deleted; who finds such a
// record remembers the call, so that no replay begins it again.
func TestEndedCallIsNotBegunAgain(t *testing.T) {
	keeps := &undeleting{Store: store.NewMemory()}
	f := newFleet(t, rigOptions{build: func(b *statefulclient.StatefulClientBuilder) { b.SetStore(keeps) }})
	f.queue.calls = keeps
	f.rings("c1")
	f.queue.tell(terminated("c1"))
	f.queued(0)
	f.rig.until(func(s statefulclient.Stats) bool { return s.StoreFailures > 0 })
	saved, err := statefulclient.ReadRecord(records(t, keeps)[0])
	require.NoError(t, err)
	require.Equal(t, over, saved.Resource.State)
	f.one.client.Close()

	told := newInbox[statefulclient.IncomingCall]()
	f.two.client.Calls().OnIncoming(told.put)
	keeps.may()
	f.ownedBy(f.rig, f.two)
	require.Empty(t, records(t, keeps))
	f.queue.tell(incoming("c1"), updated("c1", `{"state":"established"}`))
	f.queued(0)
	require.Zero(t, f.two.client.Calls().Len())
	require.EqualValues(t, 2, f.two.client.Stats().Late)
	require.Empty(t, told)
}

// undeleting is a store whose owner dies before it deletes.
type undeleting struct {
	store.Store

	mu      sync.Mutex
	deletes bool
}

func (u *undeleting) may() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.deletes = true
}

func (u *undeleting) Delete(ctx context.Context, id string, revision uint64) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	if !u.deletes {
		return errFlaky
	}
	return u.Store.Delete(ctx, id, revision)
}

// What a handler asks for is in the record before the handler returns, and the end
// that it has heard of is left to be heard again.
func TestOperationsOfARunningHandlerAreSaved(t *testing.T) {
	f := newFleet(t)
	call := f.call(f.platform.AddPerson("Adele Vance"))
	require.NoError(t, f.platform.WaitIdle(f.context()))
	f.queued(0)
	heard, release := make(chan string, 1), make(chan struct{})
	defer close(release)
	statefulclient.On(call, func(ctx context.Context, _ statefulclient.ToneReceived) {
		operation, err := call.PlayPrompt(ctx, resources.NewMediaPrompt("https://bot.contoso.com/hello.wav"))
		if err == nil {
			_, err = operation.Wait(ctx)
		}
		if err != nil {
			t.Error(err)
		}
		heard <- operation.ID()
		<-release
	})
	f.queue.tell(tone(call.ID(), 1))
	id := <-heard
	require.NoError(t, f.one.client.Flush(f.context()))
	saved, err := statefulclient.ReadRecord(records(t, f.queue.calls)[0])
	require.NoError(t, err)
	require.Len(t, saved.Operations, 1)
	require.Equal(t, id, saved.Operations[0].ID)
	require.Nil(t, saved.Resource.ToneInfo)
	require.Equal(t, call.ID(), saved.ID)
	require.Equal(t, place, saved.Place)
	require.Equal(t, call.ScenarioID(), saved.ScenarioID)

	f.one.client.Close()
	done := newInbox[statefulclient.OperationCompleted]()
	statefulclient.On(f.two.client.Calls(), done.put)
	f.ownedBy(f.rig, f.two)
	require.Equal(t, id, done.next(f.rig).Operation.Common().ID)
	f.queued(0)
}

// What belongs to no call is settled when it is told so; if the place is another's
// by then, it is left to that one.
func TestParkedIsSettledWhenItIsGivenUp(t *testing.T) {
	f := newFleet(t, rigOptions{limits: statefulclient.Limits{ParkFor: 20 * time.Millisecond}})
	unmatched := newInbox[statefulclient.Unmatched]()
	f.one.client.OnUnmatched(unmatched.put)
	f.queue.tell(`{"changeType":"updated","resourceUrl":"/users/1","resourceData":{"a":1}}`, updated("nobody", `{}`))
	require.Equal(t, statefulclient.UnmatchedNoCall, unmatched.next(f.rig).Reason)
	require.Equal(t, "nobody", unmatched.next(f.rig).CallID)
	f.queued(0)
	f.one.holds(func(context.Context) error { return errors.New("not ours any more") })
	f.queue.tell(updated("nobody", `{}`))
	f.rig.until(func(statefulclient.Stats) bool { return f.one.client.Stats().Parked == 0 })
	f.settledAt(f.one)
	require.Equal(t, 1, f.left())
	require.Empty(t, unmatched)
}

// One POST says several things, and the process dies when it has told the first: the
// rest is not lost.
func TestDeliveryIsWantedAgainUntilAllOfItWasTold(t *testing.T) {
	f := newFleet(t)
	f.rings("c1")
	stuck, release := make(chan struct{}), make(chan struct{})
	defer close(release)
	statefulclient.On(f.one.client.Calls(), func(_ context.Context, e statefulclient.ToneReceived) {
		if e.SequenceID == 2 {
			close(stuck)
			<-release
		}
	})
	require.NoError(t, f.queue.put(delivery(t, tone("c1", 1), tone("c1", 2), tone("c1", 3))))
	<-stuck
	require.NoError(t, f.one.client.Flush(f.context()))
	f.one.client.Close()
	told := newInbox[string]()
	statefulclient.On(f.two.client.Calls(), func(ctx context.Context, _ statefulclient.ToneReceived) { told.put(ctx, statefulclient.EventID(ctx)) })
	f.ownedBy(f.rig, f.two)
	f.queued(0)
	require.Equal(t, []string{"c1/4:1/1", "c1/4:2/1"}, all(told))
}

func TestRecordThatIsNone(t *testing.T) {
	_, err := statefulclient.ReadRecord(store.Record{CallID: "c1", Data: []byte(`{`)})
	require.ErrorContains(t, err, "c1")
}

// What is folded is settled as one, and the ids of its edges are those they would
// have had.
func TestFoldedIsSettled(t *testing.T) {
	f := newFleet(t, rigOptions{limits: statefulclient.Limits{HandlerBacklog: 1}})
	call := f.rings("c1")
	stuck, release := make(chan struct{}), make(chan struct{})
	var once sync.Once
	told := edges(f.one.client)
	require.True(t, told.next(f.rig).initial)
	missed := newInbox[callEvent]()
	call.OnUpdated(missed.put)
	statefulclient.On(call, func(context.Context, statefulclient.ToneReceived) { once.Do(func() { close(stuck) }); <-release })
	f.queue.tell(tone("c1", 1))
	<-stuck
	f.queue.tell(updated("c1", `{"state":"hold"}`), updated("c1", `{"state":"hold"}`), updated("c1", `{"state":"established"}`), terminated("c1"))
	ended(f.context(), t, call)
	close(release)
	f.queued(0)
	require.Equal(t, []edge{{held, "c1/5/1", false}, {established, "c1/7/1", false}, {over, "c1/8/1", false}}, all(told))
	list := all(missed)
	require.Equal(t, 2, list[len(list)-1].Missed, "what says nothing new is not missed")
}
