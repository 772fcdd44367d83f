// long: one test for each trap that such clients fall into, in the order of their list.

package statefulclient_test

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/fsm"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/transport"
)

func now() time.Time { return time.Now() }

type (
	callEvent  = statefulclient.ResourceEvent[resources.Call]
	callsEvent = statefulclient.CollectionEvent[*statefulclient.Call]
)

func TestSubscribeInsideHandler(t *testing.T) {
	r := newRig(t)
	inner := newInbox[callEvent]()
	edges := newInbox[statefulclient.StateChanged]()
	var once sync.Once
	r.client.Calls().OnUpdated(func(_ context.Context, e callsEvent) {
		once.Do(func() {
			e.Added[0].OnUpdated(inner.put)
			statefulclient.On(r.client.Calls(), edges.put)
		})
	})
	r.live("c1")
	r.settled() // the handler has subscribed
	r.tell(subject("c1", 1))
	require.True(t, inner.next(r).Initial)
	inner.until(r, func(e callEvent) bool { return e.New.Subject == "1" })
	require.True(t, edges.next(r).Initial)
}

func TestCancelInsideHandler(t *testing.T) {
	r := newRig(t)
	told := newInbox[callEvent]()
	call := r.live("c1")
	ready := make(chan struct{})
	var own *statefulclient.Subscription
	own = call.OnUpdated(func(ctx context.Context, e callEvent) {
		<-ready
		own.Cancel()
		own.Cancel()
		told.put(ctx, e)
	})
	close(ready)
	r.tell(subject("c1", 1), subject("c1", 2))
	r.settled()
	require.Len(t, told, 1)
	require.Zero(t, call.Subscribers())
}

func TestCloseInsideHandler(t *testing.T) {
	r := newRig(t)
	refused := make(chan error, 1)
	r.client.Calls().OnIncoming(func(ctx context.Context, e statefulclient.IncomingCall) {
		refused <- r.client.Shutdown(ctx)
		r.client.Close()
		r.client.Close()
		require.ErrorIs(t, context.Cause(e.Call.Context()), statefulclient.ErrClosed)
	})
	r.tell(incoming("c1"))
	require.ErrorIs(t, <-refused, statefulclient.ErrFromHandler)
	r.settled()
	require.Error(t, r.client.Deliver(delivery(t, incoming("c2"))))
}

func TestPanicIsolated(t *testing.T) {
	r := newRig(t)
	statefulclient.On(r.client.Calls(), func(context.Context, statefulclient.StateChanged) { panic("in a handler") })
	edges := newInbox[statefulclient.StateChanged]()
	statefulclient.On(r.client.Calls(), edges.put)
	panics := newInbox[statefulclient.HandlerPanic]()
	r.client.OnHandlerPanic(panics.put)
	r.live("c1")
	for range 3 {
		edges.next(r)
		problem := panics.next(r)
		require.Equal(t, "StateChanged", problem.Handler)
		require.Equal(t, "in a handler", problem.Value)
	}
	require.EqualValues(t, 3, r.settled().HandlerPanics)
}

// A handler may end its goroutine, as testing's FailNow does in it.
func TestGoexitIsolated(t *testing.T) {
	r := newRig(t)
	statefulclient.On(r.client.Calls(), func(context.Context, statefulclient.StateChanged) { runtime.Goexit() })
	edges := newInbox[statefulclient.StateChanged]()
	statefulclient.On(r.client.Calls(), edges.put)
	r.live("c1")
	for range 3 {
		edges.next(r)
	}
	r.settled()
}

func TestPublishWithMutex(t *testing.T) {
	const n = 1024
	r := newRig(t, rigOptions{limits: statefulclient.Limits{HandlerBacklog: 2 * n}})
	call := r.live("c1")
	var mu sync.Mutex
	seen := 0
	call.OnUpdated(func(context.Context, callEvent) {
		mu.Lock()
		defer mu.Unlock()
		seen++
	})
	mu.Lock()
	for i := range n {
		r.tell(subject("c1", i))
	}
	mu.Unlock()
	r.settled()
	require.Equal(t, n+1, seen)
}

func TestActFromHandler(t *testing.T) {
	const n = 1024
	r := newRig(t, rigOptions{limits: statefulclient.Limits{HandlerBacklog: 4}})
	call := r.live("c1")
	last := make(chan struct{})
	call.OnUpdated(func(_ context.Context, e callEvent) {
		current, _ := strconv.Atoi(e.New.Subject)
		if current == n {
			close(last)
			return
		}
		r.tell(subject("c1", current+1))
	})
	select {
	case <-last:
	case <-r.context().Done():
		t.Fatal("the handler's own acts got stuck")
	}
}

// A handler may ask the platform for something and wait for it, though the
// answer comes by notification.
func TestWaitForOperationInsideHandler(t *testing.T) {
	r := newRig(t)
	results := make(chan error, 1)
	r.client.Calls().OnIncoming(func(ctx context.Context, e statefulclient.IncomingCall) {
		results <- func() error {
			if err := e.Call.Answer(ctx, statefulclient.AnswerOptions{}); err != nil {
				return err
			}
			if err := e.Call.WaitFor(ctx, resources.CallStateEstablished); err != nil {
				return err
			}
			op, err := e.Call.PlayPrompt(ctx, resources.NewMediaPrompt("https://bot.contoso.com/hello.wav"))
			if err != nil {
				return err
			}
			_, err = op.Wait(ctx)
			return err
		}()
	})
	r.platform.AddPerson("Adele Vance").Call(r.bot)
	require.NoError(t, <-results)
}

func TestStuckHandlerBounded(t *testing.T) {
	const facts, bound = 200_000, 4
	r := newRig(t, rigOptions{limits: statefulclient.Limits{HandlerBacklog: bound, Inbox: 1 << 20}})
	call := r.live("c1")
	release := make(chan struct{})
	var last, missed atomic.Int64
	call.OnUpdated(func(_ context.Context, e callEvent) {
		<-release
		n, _ := strconv.Atoi(e.New.Subject)
		last.Store(int64(n))
		missed.Add(int64(e.Missed))
	})
	const batch = 1000
	items := make([]string, batch)
	for i := range items {
		items[i] = subject("c1", i)
	}
	d := delivery(t, items...)
	for range facts / batch {
		require.NoError(t, r.client.Deliver(d))
	}
	r.until(func(stats statefulclient.Stats) bool {
		require.LessOrEqual(t, stats.HandlerBacklog, bound)
		return stats.InboxBacklog == 0 && stats.Goroutines == 1
	})
	close(release)
	r.settled()
	require.EqualValues(t, batch-1, last.Load())
	require.EqualValues(t, facts, missed.Load()+bound)
}

func TestLaggedIsDelivered(t *testing.T) {
	r := newRig(t, rigOptions{limits: statefulclient.Limits{HandlerBacklog: 2}})
	call := r.live("c1")
	release := make(chan struct{})
	updates := newInbox[callEvent]()
	tones := newInbox[statefulclient.ToneReceived]()
	edges := newInbox[statefulclient.StateChanged]()
	call.OnUpdated(func(ctx context.Context, e callEvent) { <-release; updates.put(ctx, e) })
	statefulclient.On(call, tones.put)
	statefulclient.On(call, edges.put)
	for i := 1; i <= 50; i++ {
		r.tell(subject("c1", i), tone("c1", i))
	}
	r.tell(updated("c1", `{"state":"hold"}`), updated("c1", `{"state":"established"}`), terminated("c1"))
	r.committed()
	close(release)
	r.settled()

	require.Len(t, tones, 50, "tones are never folded away")
	require.Len(t, edges, 4, "edges are never folded away: the present, hold, established, terminated")
	told, missed := 0, 0
	last := updates.next(r)
	require.True(t, last.Initial)
	for len(updates) > 0 {
		e := updates.next(r)
		require.Same(t, last.New, e.Old, "Old is what the handler last saw")
		told, missed, last = told+1, missed+e.Missed, e
	}
	require.Positive(t, missed)
	require.Equal(t, 103, told+missed)
	require.Equal(t, resources.CallStateTerminated, last.New.State)
}

func TestOrderUnderRace(t *testing.T) {
	const calls, facts = 16, 200
	r := newRig(t, rigOptions{limits: statefulclient.Limits{HandlerBacklog: 2 * facts}})
	var running [calls]atomic.Int32
	var last [calls]int
	r.client.Calls().OnUpdated(func(_ context.Context, e callsEvent) {
		for _, call := range e.Updated {
			n, _ := strconv.Atoi(call.ID())
			require.EqualValues(t, 1, running[n].Add(1), "two handlers of one call at once")
			defer running[n].Add(-1)
		}
	})
	statefulclient.On(r.client.Calls(), func(_ context.Context, e statefulclient.ToneReceived) {
		n, _ := strconv.Atoi(e.Call.ID())
		require.EqualValues(t, 1, running[n].Add(1), "two handlers of one call at once")
		defer running[n].Add(-1)
		require.EqualValues(t, last[n]+1, e.SequenceID, "out of order")
		last[n]++
	})
	var posts sync.WaitGroup
	for n := range calls {
		posts.Go(func() {
			id := strconv.Itoa(n)
			r.tell(incoming(id))
			for i := 1; i <= facts; i++ {
				r.tell(tone(id, i))
			}
		})
	}
	posts.Wait()
	r.settled()
	for n := range calls {
		require.Equal(t, facts, last[n])
	}
}

func TestNeverBackwardsWhileLagging(t *testing.T) {
	r := newRig(t, rigOptions{limits: statefulclient.Limits{HandlerBacklog: 1}})
	call := r.ringing("c1")
	release := make(chan struct{})
	band, number := 0, -1
	call.OnUpdated(func(_ context.Context, e callEvent) {
		<-release
		n, _ := strconv.Atoi(e.New.Subject)
		require.GreaterOrEqual(t, fsm.Band(e.New.State), band)
		require.GreaterOrEqual(t, n, number)
		require.GreaterOrEqual(t, fsm.Band(call.State()), fsm.Band(e.New.State), "the call reads older than its event")
		band, number = fsm.Band(e.New.State), n
	})
	for i, state := range []string{"establishing", "establishing", "established", "establishing", "established", "terminating", "established"} {
		r.tell(updated("c1", fmt.Sprintf(`{"state":%q}`, state)), subject("c1", i))
	}
	r.committed()
	close(release)
	r.settled()
	require.Equal(t, fsm.Band(resources.CallStateTerminating), band)
	require.Equal(t, 6, number)
}

func TestLateSubscriberNoGapNoOverlap(t *testing.T) {
	const facts, subscribers = 500, 20
	r := newRig(t, rigOptions{limits: statefulclient.Limits{HandlerBacklog: 2 * facts}})
	call := r.live("c1")
	var posts sync.WaitGroup
	posts.Go(func() {
		for i := 1; i <= facts; i++ {
			r.tell(subject("c1", i))
		}
	})
	inboxes := make([]inbox[callEvent], subscribers)
	for i := range inboxes {
		inboxes[i] = newInbox[callEvent]()
		call.OnUpdated(inboxes[i].put)
	}
	posts.Wait()
	r.settled()
	for _, told := range inboxes {
		last := told.next(r)
		require.True(t, last.Initial)
		require.Nil(t, last.Old)
		for len(told) > 0 {
			e := told.next(r)
			require.False(t, e.Initial)
			require.Same(t, last.New, e.Old)
			last = e
		}
		require.Equal(t, strconv.Itoa(facts), last.New.Subject)
	}
}

func TestSnapshotsAreFrozen(t *testing.T) {
	r := newRig(t)
	call := r.live("c1")
	r.tell(about("updated", "c1/participants", `[{"id":"a","isMuted":false}]`), subject("c1", 1))
	r.settled()
	snapshot := call.Resource()
	adele, ok := call.Participants().Get("a")
	require.True(t, ok)
	r.tell(about("updated", "c1/participants", `[{"id":"a","isMuted":true}]`), subject("c1", 2), terminated("c1"))
	r.settled()
	require.Equal(t, "1", snapshot.Subject)
	require.Equal(t, resources.CallStateEstablished, snapshot.State)
	require.False(t, adele.Resource().IsMuted)
}

func TestAddWhileRanging(t *testing.T) {
	r := newRig(t)
	for i := range 10 {
		r.ringing(fmt.Sprint("c", i))
	}
	seen := 0
	for call := range r.client.Calls().All() {
		seen++
		r.ringing("new-" + call.ID())
		r.client.Calls().ForceRemove(call.ID())
	}
	require.Equal(t, 10, seen)
	r.settled()
	require.Equal(t, 10, r.client.Calls().Len())
}

func TestLateUpdateAfterDelete(t *testing.T) {
	r := newRig(t)
	added := newInbox[callsEvent]()
	call := r.live("c1")
	r.tell(terminated("c1"))
	ended(r.context(), t, call)
	r.settled()
	r.client.Calls().OnUpdated(added.put)
	r.tell(updated("c1", `{"state":"established","subject":"late"}`), terminated("c1"), incoming("c1"))
	stats := r.settled()
	require.Zero(t, stats.Calls)
	require.EqualValues(t, 3, stats.Late)
	require.Zero(t, stats.Unmatched)
	require.Empty(t, added)
	require.Empty(t, call.Resource().Subject)
}

func TestSameIdNewCall(t *testing.T) {
	r := newRig(t)
	first := r.live("c1")
	r.tell(terminated("c1"))
	ended(r.context(), t, first)
	r.settled()
	r.tell(about("created", "c1", `{"state":"incoming","direction":"incoming","callChainId":"another"}`))
	second, ok := r.client.Calls().Get("c1")
	require.True(t, ok)
	require.NotSame(t, first, second)
	require.Equal(t, resources.CallStateIncoming, second.State())
}

// Strangers' notifications may fill the parking; calls that are known do not
// suffer for it.
func TestFullParkingHoldsUpNoKnownCall(t *testing.T) {
	r := newRig(t, rigOptions{limits: statefulclient.Limits{Parked: 2, ParkFor: time.Hour}})
	call := r.live("c1")
	r.tell(updated("x", `{}`), updated("y", `{}`))
	require.ErrorIs(t, r.client.Deliver(delivery(t, updated("z", `{}`))), transport.ErrBusy)
	r.tell(subject("c1", 7))
	r.ringing("c2")
	r.tell(terminated("c2"))
	r.settled()
	r.tell(terminated("c2"), updated("c2", `{}`))
	require.EqualValues(t, 2, r.settled().Late)
	require.Equal(t, "7", call.Resource().Subject)
}

func TestWebhookBeforeReply(t *testing.T) {
	r := newRig(t)
	r.platform.NotifyBeforeReply()
	unmatched := newInbox[statefulclient.Unmatched]()
	r.client.OnUnmatched(unmatched.put)
	call := r.call(r.platform.AddPerson("Adele Vance"))
	require.NotEmpty(t, call.Resource().MyParticipantID, "what only the reply says is known too")
	require.Empty(t, unmatched)
	require.Zero(t, r.client.Stats().Parked)
	require.NoError(t, call.Hangup(r.context()))
	require.Equal(t, statefulclient.EndReported, ended(r.context(), t, call).Cause)
}

func TestSkipEstablished(t *testing.T) {
	r := newRig(t)
	edges := newInbox[statefulclient.StateChanged]()
	statefulclient.On(r.client.Calls(), edges.put)
	r.platform.DropEvery(simulator.InState(resources.CallStateEstablished))
	adele := r.platform.AddPerson("Adele Vance")
	call := r.place(adele)
	edges.until(r, func(e statefulclient.StateChanged) bool { return e.New == resources.CallStateEstablishing })
	require.NoError(t, r.platform.Call(call.ID()).WaitForState(r.context(), resources.CallStateEstablished))
	adele.Leave()
	end := edges.next(r)
	require.Equal(t, resources.CallStateTerminated, end.New)
	require.Equal(t, []resources.CallState{resources.CallStateEstablished}, end.Skipped)
	var gone *statefulclient.EndedError
	require.ErrorAs(t, call.WaitFor(r.context(), resources.CallStateEstablished), &gone)
}

func TestWaitForCancelled(t *testing.T) {
	r := newRig(t)
	call := r.ringing("c1")
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for range 50 {
		require.ErrorIs(t, call.WaitFor(cancelled, resources.CallStateEstablished), context.Canceled)
	}
	require.Zero(t, call.Waiters())
	r.settled()
}

func TestSlowHandlerFast202(t *testing.T) {
	r := newRig(t)
	release := make(chan struct{})
	defer close(release)
	stuck := make(chan struct{})
	r.client.Calls().OnIncoming(func(context.Context, statefulclient.IncomingCall) { close(stuck); <-release })
	for _, item := range []string{incoming("c1"), updated("c1", `{"state":"establishing"}`), updated("c1", `{"state":"established"}`)} {
		exchange, err := r.platform.Post(r.context(), r.bot, []byte(`{"value":[`+item+`]}`), simulator.PostOptions{})
		require.NoError(t, err)
		require.Equal(t, http.StatusAccepted, exchange.Status)
	}
	<-stuck
	call, _ := r.client.Calls().Get("c1")
	require.NoError(t, call.WaitFor(r.context(), resources.CallStateEstablished), "state goes on though the handler is stuck")
}
