// long: what an observer is told, beside the one observer that notes it.

package statefulclient_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/transport"
)

// watcher is an observer that leaves a mark in each context it is given, and
// notes what it was told with the marks that led there.
type watcher struct {
	name string

	mu    sync.Mutex
	lines []string
	ends  map[string]int

	inputs   inbox[statefulclient.ObservedInput]
	runs     inbox[statefulclient.HandlerRun]
	requests inbox[transport.Exchange]
	contexts inbox[context.Context] // of inputs
}

func newWatcher(name string) *watcher {
	return &watcher{
		name: name, ends: map[string]int{}, inputs: newInbox[statefulclient.ObservedInput](),
		runs: newInbox[statefulclient.HandlerRun](), requests: newInbox[transport.Exchange](), contexts: newInbox[context.Context](),
	}
}

type markKey struct{ name string }

func (w *watcher) marks(ctx context.Context) string {
	marks, _ := ctx.Value(markKey{w.name}).(string)
	return marks
}

func (w *watcher) mark(ctx context.Context, what string) context.Context {
	path := strings.TrimPrefix(w.marks(ctx)+" > "+what, " > ")
	w.note(path)
	return context.WithValue(ctx, markKey{w.name}, path)
}

func (w *watcher) note(line string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lines = append(w.lines, line)
}

func (w *watcher) noted() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.lines)
}

// end notes that what was started in ctx has ended.
func (w *watcher) end(ctx context.Context) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ends[w.marks(ctx)]++
}

func (w *watcher) DeliveryStarted(ctx context.Context, d statefulclient.ObservedDelivery) context.Context {
	source := "delivery"
	if d.FromQueue {
		source = "queue"
	}
	return w.mark(ctx, fmt.Sprintf("%s %d", source, len(d.Notifications.Value)))
}

func (w *watcher) DeliveryEnded(ctx context.Context, _ statefulclient.ObservedDelivery, err error) {
	w.end(ctx)
	if err != nil {
		w.note("refused: " + err.Error())
	}
}

func (w *watcher) InputWorkedOn(ctx context.Context, input statefulclient.ObservedInput) {
	w.mark(ctx, fmt.Sprintf("%s %s %s %s", input.About, input.Cause, input.Verdict, input.CallID))
	w.inputs.put(ctx, input)
	w.contexts.put(ctx, ctx)
}

func (w *watcher) HandlerStarted(ctx context.Context, run statefulclient.HandlerRun) context.Context {
	w.runs.put(ctx, run)
	return w.mark(ctx, run.Event)
}

func (w *watcher) HandlerEnded(ctx context.Context, _ statefulclient.HandlerRun, end statefulclient.HandlerEnd) {
	w.end(ctx)
	if end.Panicked {
		w.note(w.marks(ctx) + " panicked")
	}
}

func (w *watcher) RequestStarted(ctx context.Context, r statefulclient.ObservedRequest) context.Context {
	return w.mark(ctx, r.Action+" "+r.CallID)
}

func (w *watcher) RequestEnded(ctx context.Context, _ statefulclient.ObservedRequest, x transport.Exchange) {
	w.end(ctx)
	w.requests.put(ctx, x)
}

// The context goes with what a delivery leads to: what becomes of it, the
// handlers it is told to, and the requests they make.
func TestObserverSeesWhatLeadsToWhat(t *testing.T) {
	r := newRig(t)
	w := newWatcher("w")
	r.client.Observe(w)
	adele := r.platform.AddPerson("Adele Vance")
	type seen struct {
		marks, event string
		err          error
		timed        bool
	}
	rang := newInbox[seen]()
	r.client.Calls().OnIncoming(func(ctx context.Context, e statefulclient.IncomingCall) {
		_, timed := ctx.Deadline()
		answered := e.Call.Answer(ctx, statefulclient.AnswerOptions{})
		rang.put(ctx, seen{w.marks(ctx), statefulclient.EventID(ctx), answered, timed})
		if err := r.client.Shutdown(ctx); !errors.Is(err, statefulclient.ErrFromHandler) {
			t.Error("the context is a handler's no more")
		}
	})
	adele.Call(r.bot)
	got := rang.next(r)
	require.NoError(t, got.err)
	require.Equal(t, "delivery 1 > OnIncoming", got.marks)
	require.True(t, got.timed, "the deadline is kept")

	run := w.runs.next(r)
	require.Equal(t, got.event, run.ID)
	require.NotEmpty(t, run.ID)
	require.Equal(t, "OnIncoming", run.Event)
	require.NotNil(t, run.Call)
	require.Equal(t, statefulclient.CauseNotification, run.Cause)
	require.Positive(t, run.Waited)
	call := run.Call
	require.NoError(t, call.WaitFor(r.context(), resources.CallStateEstablished))
	r.settled()

	require.Contains(t, w.noted(), "delivery 1 > OnIncoming > answer "+call.ID())
	require.Contains(t, w.noted(), "delivery 1 > call notification applied "+call.ID())
	require.NoError(t, w.contexts.next(r).Err(), "the POST was answered long ago")
	first := w.inputs.next(r)
	require.Nil(t, first.Old)
	require.Equal(t, resources.CallStateIncoming, first.New.State)
	require.Equal(t, resources.CallStateIncoming, first.Edge.New)
	require.Same(t, call, first.Call)
	require.NotEmpty(t, first.MessageID)
	require.WithinDuration(t, time.Now(), first.Received, time.Minute)
	require.NotNil(t, first.Notification)

	answer := w.requests.next(r)
	require.Equal(t, "communications/calls/{id}/answer", answer.Route)
	require.Equal(t, 202, answer.StatusCode)
	require.NotEmpty(t, answer.ClientRequestID)
	require.Equal(t, call.ScenarioID(), answer.ScenarioID)
	for path, times := range w.endings() {
		require.Equal(t, w.starts(path), times, path)
	}
}

// endings counts what ended, by what led to it, and starts what began.
func (w *watcher) endings() map[string]int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return maps.Clone(w.ends)
}

func (w *watcher) starts(path string) int {
	times := 0
	for _, line := range w.noted() {
		if line == path {
			times++
		}
	}
	return times
}

// Whatever comes in, an observer is told what became of it: of what found no call,
// too.
func TestObserverIsToldOfEachInput(t *testing.T) {
	r := newRig(t, rigOptions{limits: statefulclient.Limits{ParkFor: 50 * time.Millisecond}})
	w := newWatcher("w")
	r.client.Observe(w)
	r.ringing("c1")
	for _, step := range []struct{ item, wanted string }{
		{"", "call notification applied c1"},
		{updated("c1", `{"state":"established"}`), "call notification applied c1"},
		{updated("c1", `{"state":"established"}`), "call notification unchanged c1"},
		{updated("c1", `{"state":"establishing"}`), "call notification stale c1"},
		{tone("c1", 1), "call notification applied c1"},
		{about("updated", "c1/participants", `[{"id":"a"},{"id":"b"}]`), "participants notification applied c1"},
		{about("updated", "c1/operations/o", `{"@odata.type":"#microsoft.graph.playPromptOperation","status":"completed"}`), "operation notification applied c1"},
		{about("updated", "c1/holograms/h", `{}`), "other notification unmatched c1"},
		{`{"changeType":"updated","resourceUrl":"/users/1"}`, "other notification unmatched "},
		{terminated("c1"), "call notification applied c1"},
		{updated("c1", `{"state":"established"}`), "call notification late c1"},
		{updated("c2", `{"state":"established"}`), "call notification unmatched c2"}, // once it was parked for too long
	} {
		if step.item != "" {
			r.tell(step.item)
		}
		input := w.inputs.next(r)
		require.Equal(t, step.wanted, fmt.Sprintf("%s %s %s %s", input.About, input.Cause, input.Verdict, input.CallID))
		if strings.HasPrefix(step.wanted, "participants") {
			require.Equal(t, 2, input.Participants)
			require.Same(t, input.Old, input.New)
		}
		if input.Edge != nil {
			require.Equal(t, input.Old == nil, input.Edge.Old == "")
		}
		require.Contains(t, w.noted(), "delivery 1 > "+step.wanted)
	}
	r.settled()
	require.Empty(t, w.inputs)
}

// A call's beginning is told before what waited for it, however long that takes.
func TestObserverIsToldInTheOrderOfTheCall(t *testing.T) {
	inVirtualTime(t, statefulclient.Limits{}, func(t *testing.T, r *rig) {
		w := &slowToBegin{release: make(chan struct{}), others: newInbox[string]()}
		r.client.Observe(w)
		r.tell(updated("c1", `{"state":"established"}`))
		go r.tell(incoming("c1"))
		synctest.Wait()
		require.Empty(t, w.others)
		close(w.release)
		require.Equal(t, "c1", w.others.next(r))
	})
}

// slowToBegin takes its time when a call begins.
type slowToBegin struct {
	statefulclient.NoObserver

	release chan struct{}
	others  inbox[string]
}

func (s *slowToBegin) InputWorkedOn(ctx context.Context, input statefulclient.ObservedInput) {
	if input.Old == nil {
		<-s.release
		return
	}
	s.others.put(ctx, input.CallID)
}

// What the client puts in by itself is told too, and what was parked when its call
// is there.
func TestObserverIsToldOfWhatTheClientPutsIn(t *testing.T) {
	r := newRig(t)
	w := newWatcher("w")
	r.client.Observe(w)
	r.platform.NotifyBeforeReply()
	call := r.call(r.platform.AddPerson("Adele Vance"))
	prompt, err := call.PlayPrompt(r.context(), resources.NewMediaPrompt("https://bot.contoso.com/hello.wav"))
	require.NoError(t, err)
	_, err = prompt.Wait(r.context())
	require.NoError(t, err)
	require.NoError(t, call.Refresh(r.context()))
	r.platform.Call(call.ID()).Vanish()
	require.Error(t, call.KeepAlive(r.context()))
	ended(r.context(), t, call)
	r.settled()
	for _, wanted := range []string{
		fmt.Sprintf("%s reply applied %s", "reply", call.ID()), "asked client", "granted reply",
		"fetched resync", "gone client applied " + call.ID(), "createCall ", "playPrompt " + call.ID(), "getCall " + call.ID(),
		"keepAlive " + call.ID(), "delivery 1 > call notification",
	} {
		require.True(t, slices.ContainsFunc(w.noted(), func(line string) bool { return strings.HasPrefix(line, wanted) }), "%s: %q", wanted, w.noted())
	}
}

// Each of several observers is given its own context again at the end.
func TestObserversNest(t *testing.T) {
	r := newRig(t)
	outer, inner := newWatcher("same"), newWatcher("same")
	r.client.Observe(outer)
	observation := r.client.Observe(inner)
	statefulclient.On(r.client.Calls(), func(context.Context, statefulclient.StateChanged) {})
	r.ringing("c1")
	r.settled()
	require.Equal(t, 1, outer.endings()["delivery 1"])
	require.Equal(t, 1, inner.endings()["delivery 1 > delivery 1"])
	require.Equal(t, 1, outer.endings()["delivery 1 > delivery 1 > StateChanged"])
	require.Equal(t, 1, inner.endings()["delivery 1 > delivery 1 > StateChanged > StateChanged"])

	observation.Cancel()
	observation.Cancel()
	before := len(inner.noted())
	r.tell(updated("c1", `{"state":"established"}`))
	r.settled()
	require.Len(t, inner.noted(), before)
	require.Contains(t, outer.noted(), "delivery 1 > StateChanged", "the other goes on")
	r.client.Observe(nil).Cancel()
}

// faulty panics at everything, and returns no context.
type faulty struct{ statefulclient.NoObserver }

func (faulty) DeliveryStarted(context.Context, statefulclient.ObservedDelivery) context.Context {
	panic("delivery started")
}
func (faulty) DeliveryEnded(context.Context, statefulclient.ObservedDelivery, error) {
	panic("delivery ended")
}
func (faulty) InputWorkedOn(context.Context, statefulclient.ObservedInput) { panic("input") }
func (faulty) HandlerStarted(context.Context, statefulclient.HandlerRun) context.Context {
	panic("handler started")
}
func (faulty) HandlerEnded(context.Context, statefulclient.HandlerRun, statefulclient.HandlerEnd) {
	panic("handler ended")
}
func (faulty) RequestStarted(context.Context, statefulclient.ObservedRequest) context.Context {
	return nil
}
func (faulty) RequestEnded(context.Context, statefulclient.ObservedRequest, transport.Exchange) {
	panic("request ended")
}

func TestPanicsOfObserversHarmNobody(t *testing.T) {
	r := newRig(t)
	r.client.Observe(faulty{})
	told, edges := newInbox[statefulclient.HandlerPanic](), newInbox[statefulclient.StateChanged]()
	r.client.OnHandlerPanic(told.put)
	statefulclient.On(r.client.Calls(), edges.put)
	call := r.call(r.platform.AddPerson("Adele Vance"))
	require.NoError(t, call.Hangup(r.context()))
	ended(r.context(), t, call)
	r.settled()
	require.NotEmpty(t, edges)
	values := map[any]bool{}
	for _, p := range all(told) {
		require.Equal(t, "Observer", p.Handler)
		values[p.Value] = true
	}
	require.Equal(t, map[any]bool{
		"delivery started": true, "delivery ended": true, "input": true, "handler started": true, "handler ended": true, "request ended": true,
	}, values)
	require.GreaterOrEqual(t, r.client.Stats().HandlerPanics, uint64(6))
}

// A handler's panic is told to have ended it, and so is the end of its goroutine.
func TestObserverIsToldHowHandlersEnd(t *testing.T) {
	r := newRig(t)
	w := newWatcher("w")
	r.client.Observe(w)
	r.client.OnHandlerPanic(func(context.Context, statefulclient.HandlerPanic) {})
	statefulclient.On(r.client.Calls(), func(context.Context, statefulclient.StateChanged) { panic("oh") })
	r.client.Calls().OnUpdated(func(context.Context, callsEvent) { runtime.Goexit() })
	r.ringing("c1")
	r.settled()
	require.Contains(t, w.noted(), "delivery 1 > StateChanged panicked")
	require.Equal(t, 1, w.endings()["delivery 1 > Calls.OnUpdated"])
	require.Equal(t, 1, w.endings()["OnHandlerPanic"], "handlers of notices are told of too")
}

// A folded update goes with what came last.
func TestObserverSeesTheLastOfWhatWasFolded(t *testing.T) {
	r := newRig(t, rigOptions{limits: statefulclient.Limits{HandlerBacklog: 1}})
	call := r.live("c1")
	r.settled()
	w := newWatcher("w")
	r.client.Observe(w)
	stuck, release := make(chan struct{}), make(chan struct{})
	var once sync.Once
	call.OnUpdated(func(_ context.Context, e callEvent) {
		if !e.Initial {
			once.Do(func() { close(stuck) })
			<-release
		}
	})
	r.tell(subject("c1", 1))
	<-stuck
	r.tell(subject("c1", 2))
	r.tell(subject("c1", 3), subject("c1", 4))
	r.committed()
	close(release)
	r.settled()
	runs := all(w.runs)
	require.Len(t, runs, 3)
	require.True(t, runs[0].Initial)
	require.Equal(t, 2, runs[2].Missed)
	require.Equal(t, 1, w.starts("delivery 1 > Call.OnUpdated"))
	require.Equal(t, 1, w.starts("delivery 2 > Call.OnUpdated"))
}

// In a fleet a delivery is seen where it comes in, and where it is taken from the
// queue.
func TestObserverSeesAFleetsQueue(t *testing.T) {
	f := newFleet(t)
	w := newWatcher("w")
	f.one.client.Observe(w)
	statefulclient.On(f.one.client.Calls(), func(context.Context, statefulclient.StateChanged) {})
	f.rings("c1")
	f.settledAt(f.one)
	require.Contains(t, w.noted(), "queue 1 > StateChanged")
	require.Contains(t, w.noted(), "queue 1 > call notification applied c1")
	require.NoError(t, f.one.client.Deliver(delivery(t, updated("c1", `{"state":"hold"}`))))
	f.settledAt(f.one)
	require.Equal(t, 1, w.starts("delivery 1"))
	require.Equal(t, 4, w.starts("queue 1"))
	again := len(w.inputs)
	f.queue.again()
	f.settledAt(f.one)
	require.Len(t, w.inputs, again)
}

// A refused delivery is told with why.
func TestObserverIsToldWhatWasRefused(t *testing.T) {
	r := newRig(t)
	w := newWatcher("w")
	r.client.Observe(w)
	r.client.Close()
	require.ErrorIs(t, r.client.Deliver(delivery(t, incoming("c1"))), transport.ErrClosed)
	require.Empty(t, w.noted(), "a closed client takes nothing, and tells nothing")

	busy := newRig(t, rigOptions{limits: statefulclient.Limits{Calls: 1}})
	busy.client.Observe(w)
	busy.ringing("c1")
	require.ErrorIs(t, busy.client.Deliver(delivery(t, incoming("c2"))), transport.ErrBusy)
	require.Contains(t, w.noted(), "refused: "+transport.ErrBusy.Error())
}

// The decisions that the platform waits for are handlers, too.
func TestObserverSeesDecisions(t *testing.T) {
	r := newRig(t, rigOptions{build: func(b *statefulclient.StatefulClientBuilder) {
		b.SetRedirectHook(func(context.Context, statefulclient.ArrivingCall) statefulclient.Redirection {
			return statefulclient.Redirection{}
		})
	}})
	w := newWatcher("w")
	r.client.Observe(w)
	r.client.Calls().DecideJoining(func(context.Context, statefulclient.ParticipantJoining) resources.ParticipantJoiningResponse {
		panic("oh")
	})
	r.live("c1")
	joining := about("updated", "c1", `{"@odata.type":"#microsoft.graph.participantJoiningNotification"}`)
	require.Error(t, r.client.Deliver(delivery(t, joining)))
	require.Contains(t, w.noted(), "delivery 1 > RedirectHook")
	require.Contains(t, w.noted(), "delivery 1 > DecideJoining panicked")
}

// Nothing is allocated for the sake of observers that are not there.
func TestNoObserverCostsNothing(t *testing.T) {
	r := newRig(t)
	call := r.live("c1")
	told := make(chan struct{}, 1)
	call.OnUpdated(func(context.Context, callEvent) { told <- struct{}{} })
	<-told
	turn := 0
	deliveries := []transport.Delivery{delivery(t, subject("c1", 1)), delivery(t, subject("c1", 2))}
	change := func() {
		turn++
		if err := r.client.Deliver(deliveries[turn%2]); err != nil {
			t.Error(err)
		}
		<-told
	}
	never := testing.AllocsPerRun(1000, change)
	observation := r.client.Observe(statefulclient.NoObserver{})
	observed := testing.AllocsPerRun(1000, change)
	observation.Cancel()
	again := testing.AllocsPerRun(1000, change)
	require.LessOrEqual(t, never, 7.0, "bench has the figure, 6; under the race detector pools forget")
	require.InDelta(t, never, again, 1)
	require.Greater(t, observed, never+5)
}

func TestPromise17WatchedWithoutHarm(t *testing.T) {
	r := newRig(t)
	w := newWatcher("w")
	r.client.Observe(faulty{})
	observation := r.client.Observe(w)
	told := newInbox[statefulclient.StateChanged]()
	marks := newInbox[string]()
	statefulclient.On(r.client.Calls(), func(ctx context.Context, e statefulclient.StateChanged) {
		if e.New == resources.CallStateEstablished {
			marks.put(ctx, w.marks(ctx))
			if err := e.Call.KeepAlive(ctx); err != nil {
				t.Error(err)
			}
		}
		told.put(ctx, e)
	})
	call := r.call(r.platform.AddPerson("Adele Vance"))
	r.settled()
	require.Equal(t, "delivery 1 > StateChanged", marks.next(r), "what the platform's POST led to")
	require.Contains(t, w.noted(), "delivery 1 > StateChanged > keepAlive "+call.ID())
	require.Contains(t, w.noted(), "delivery 1 > call notification applied "+call.ID())
	require.NotZero(t, r.client.Stats().HandlerPanics, "of the other observer")
	require.True(t, call.Vitals().Heard.After(call.Vitals().Began))

	observation.Cancel()
	before := len(w.noted())
	require.NoError(t, call.Hangup(r.context()))
	ended(r.context(), t, call)
	r.settled()
	require.Len(t, w.noted(), before)
	edges := all(told)
	require.Equal(t, resources.CallStateTerminated, edges[len(edges)-1].New)
}
