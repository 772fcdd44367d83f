package statefulclient_test

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/store"
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
	f.until(func(statefulclient.Stats) bool { return f.one.client.Stats().Goroutines == 0 }) // the last handler has returned
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

// flaky fails while it is told to, some saves after they had their effect.
type flaky struct {
	store.Store
	failing, afterwards atomic.Bool
}

func (f *flaky) Save(ctx context.Context, id string, revision uint64, data []byte) (uint64, error) {
	if f.failing.Load() {
		return 0, errFlaky
	}
	saved, err := f.Store.Save(ctx, id, revision, data)
	if f.afterwards.CompareAndSwap(true, false) {
		return 0, errFlaky
	}
	return saved, err
}

func (f *flaky) Load(ctx context.Context) iter.Seq2[store.Record, error] { return f.Store.Load(ctx) }

func TestFailingStoreIsReportedAndTheCallLivesOn(t *testing.T) {
	calls := &flaky{Store: store.NewMemory()}
	calls.failing.Store(true)
	r := newRig(t, keeping(calls))
	failures := newInbox[statefulclient.StoreFailure]()
	r.client.OnStoreFailure(failures.put)
	call := r.call(r.platform.AddPerson("Adele Vance"))
	failure := failures.next(r)
	require.Same(t, call, failure.Call)
	require.ErrorIs(t, failure.Err, errFlaky)
	r.until(func(s statefulclient.Stats) bool { return s.Unsaved == 0 })
	require.Error(t, r.client.Flush(r.context()))
	calls.failing.Store(false)
	r.until(func(statefulclient.Stats) bool { return r.client.Flush(r.context()) == nil })
	require.Len(t, records(t, calls), 1)
	require.Empty(t, failures, "told once")
}

// The store says that it failed, and did not.
func TestSaveOfUnknownEffectIsLookedUp(t *testing.T) {
	calls := &flaky{Store: store.NewMemory()}
	r := newRig(t, keeping(calls))
	r.restored()
	call := r.live("c1")
	r.settled()
	calls.afterwards.Store(true)
	r.tell(subject("c1", 1))
	r.until(func(s statefulclient.Stats) bool { return s.StoreFailures == 1 })
	r.until(func(statefulclient.Stats) bool { return r.client.Flush(r.context()) == nil })
	r.tell(subject("c1", 2))
	r.settled()
	require.EqualValues(t, 1, r.client.Stats().StoreFailures)
	require.Equal(t, "2", call.Resource().Subject)
}

// slowStore takes a second for every save.
type slowStore struct {
	store.Store
	saves atomic.Int64
}

func (s *slowStore) Save(ctx context.Context, id string, revision uint64, data []byte) (uint64, error) {
	s.saves.Add(1)
	<-time.NewTimer(time.Second).C
	return s.Store.Save(ctx, id, revision, data)
}

// A call that changes all the time is not saved all the time, and Flush has all
// of it.
func TestCallThatTakesLongToSaveIsSavedLessOften(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls := &slowStore{Store: store.NewMemory()}
		client, err := statefulclient.NewStatefulClientBuilder("Echo", "app").
			SetAuthenticationProvider(anybody{}).
			SetNotificationUrl("https://bot.contoso.com/api/calls").
			SetStore(calls).
			Build()
		require.NoError(t, err)
		defer client.Close()
		require.NoError(t, client.Deliver(delivery(t, incoming("c1"), updated("c1", `{"state":"established"}`))))
		synctest.Wait() // it is being saved
		require.NoError(t, client.Deliver(delivery(t, updated("c1", `{"answeredBy":"`+strings.Repeat("x", 70_000)+`"}`))))
		for i := range 19 {
			require.NoError(t, client.Deliver(delivery(t, subject("c1", i))))
			time.Sleep(time.Second)
		}
		synctest.Wait()
		require.EqualValues(t, 5, calls.saves.Load(), "once, and then one second of five")
		require.NoError(t, client.Deliver(delivery(t, subject("c1", -1))))
		require.NoError(t, client.Flush(t.Context()))
		require.Contains(t, string(records(t, calls)[0].Data), `"subject":"-1"`)
	})
}

// Somebody else has taken the call over: what this client knows must not
// overwrite what they do.
func TestCallTakenOverIsNotOverwritten(t *testing.T) {
	calls := store.NewMemory()
	r := newRig(t, keeping(calls))
	failures := newInbox[statefulclient.StoreFailure]()
	r.client.OnStoreFailure(failures.put)
	r.restored()
	r.live("c1")
	r.settled()
	mine := records(t, calls)[0]
	theirs, err := calls.Save(t.Context(), "c1", mine.Revision, []byte("theirs"))
	require.NoError(t, err)
	r.tell(subject("c1", 1))
	require.ErrorIs(t, failures.next(r).Err, store.ErrConflict)
	r.tell(subject("c1", 2), terminated("c1"))
	r.settled()
	require.Empty(t, failures)
	require.Equal(t, theirs, records(t, calls)[0].Revision)
	require.NoError(t, r.client.Flush(r.context()))
}

// A store that hangs holds up neither the platform nor a handler.
type stuckStore struct {
	store.Store
	release chan struct{}
}

func (s *stuckStore) Save(ctx context.Context, id string, revision uint64, data []byte) (uint64, error) {
	<-s.release
	return s.Store.Save(ctx, id, revision, data)
}

func TestStuckStoreHoldsNobodyUp(t *testing.T) {
	calls := &stuckStore{store.NewMemory(), make(chan struct{})}
	r := newRig(t, keeping(calls))
	changes := newInbox[statefulclient.StateChanged]()
	statefulclient.On(r.client.Calls(), changes.put)
	call := r.call(r.platform.AddPerson("Adele Vance"))
	changes.until(r, func(e statefulclient.StateChanged) bool { return e.New == resources.CallStateEstablished })
	ctx, cancel := context.WithTimeout(r.context(), 10*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, r.client.Flush(ctx), context.DeadlineExceeded)
	require.NoError(t, call.Hangup(r.context()))
	ended(r.context(), t, call)
	close(calls.release)
	require.NoError(t, r.client.Flush(r.context()))
}
