// long: it follows CONTRACT.md, promise by promise.

package statefulclient_test

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/transport"
)

// One test for each promise of CONTRACT.md. The traps in trap_test.go look at
// the same promises from the side of what usually goes wrong.

func TestPromise01OneDoorPerCall(t *testing.T) {
	r := newRig(t, rigOptions{limits: statefulclient.Limits{KeepAlive: time.Millisecond}})
	edges := newInbox[statefulclient.StateChanged]()
	statefulclient.On(r.client.Calls(), edges.put)
	call := r.call(r.platform.AddPerson("Adele Vance"))
	id := call.ID()
	var sources sync.WaitGroup // notifications, replies and keep-alives of one call, all at once
	for range 4 {
		sources.Go(func() {
			for i := range 50 {
				r.tell(tone(id, i+1), subject(id, i), about("updated", id+"/participants", `[{"id":"a"}]`))
			}
		})
		sources.Go(func() {
			for range 10 {
				op, err := call.PlayPrompt(r.context(), resources.NewMediaPrompt("https://bot.contoso.com/hello.wav"))
				if err == nil {
					_, err = op.Wait(r.context())
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	sources.Wait()
	require.NoError(t, call.Hangup(r.context()))
	ended(r.context(), t, call)
	r.settled()
	reached := map[resources.CallState]int{}
	for len(edges) > 0 {
		reached[edges.next(r).New]++
	}
	for state, times := range reached {
		require.Equal(t, 1, times, "%s was told more than once", state)
	}
	require.Equal(t, 1, reached[resources.CallStateTerminated])
}

func TestPromise02CommitThenTell(t *testing.T) {
	r := newRig(t)
	told := newInbox[callEvent]()
	call := r.ringing("c1")
	statefulclient.On(call, func(_ context.Context, e statefulclient.StateChanged) {
		if e.New == resources.CallStateTerminated {
			require.Equal(t, resources.CallStateTerminated, e.Call.State())
		}
	})
	call.OnUpdated(func(ctx context.Context, e callEvent) {
		if e.New.Subject == "last" {
			require.Equal(t, "last", call.Resource().Subject)
		}
		told.put(ctx, e)
	})
	r.tell(updated("c1", `{"state":"established"}`), updated("c1", `{"subject":"last"}`), terminated("c1"))
	r.settled()
	require.Len(t, told, 4)
}

func TestPromise03InOrderPerCallInParallelAcrossCalls(t *testing.T) {
	r := newRig(t)
	release := make(chan struct{})
	second := make(chan struct{})
	var order []resources.CallState // a race here is two handlers of one call at once
	r.client.Calls().OnIncoming(func(_ context.Context, e statefulclient.IncomingCall) {
		if e.Call.ID() == "slow" {
			<-release
			return
		}
		close(second)
	})
	statefulclient.On(r.client.Calls(), func(_ context.Context, e statefulclient.StateChanged) {
		if e.Call.ID() == "slow" {
			order = append(order, e.New)
		}
	})
	r.tell(incoming("slow"), updated("slow", `{"state":"establishing"}`), updated("slow", `{"state":"established"}`), terminated("slow"))
	r.tell(incoming("fast"))
	<-second // though the other call's handler has not returned
	close(release)
	r.settled()
	require.Equal(t, []resources.CallState{"incoming", "establishing", "established", "terminated"}, order)
}

func TestPromise04NoLockWhileUserCodeRuns(t *testing.T) {
	r := newRig(t)
	done := make(chan error, 1)
	r.client.Calls().OnIncoming(func(ctx context.Context, e statefulclient.IncomingCall) {
		call := e.Call
		call.OnUpdated(func(context.Context, callEvent) {}).Cancel()
		statefulclient.On(r.client.Calls(), func(context.Context, statefulclient.ToneReceived) {}).Cancel()
		call.Participants().OnUpdated(func(context.Context, statefulclient.CollectionEvent[*statefulclient.Participant]) {})
		if err := call.Answer(ctx, statefulclient.AnswerOptions{}); err != nil {
			done <- err
			return
		}
		if err := call.WaitFor(ctx, resources.CallStateEstablished); err != nil {
			done <- err
			return
		}
		_ = call.Hangup(ctx)
		err := call.WaitFor(ctx, resources.CallStateTerminated)
		r.client.Close()
		done <- err
	})
	r.platform.AddPerson("Adele Vance").Call(r.bot)
	require.NoError(t, <-done)
}

func TestPromise05SlowHandlersAreFolded(t *testing.T) {
	r := newRig(t, rigOptions{limits: statefulclient.Limits{HandlerBacklog: 1}})
	call := r.live("c1")
	release, entered := make(chan struct{}), make(chan struct{})
	var once sync.Once
	people := newInbox[statefulclient.CollectionEvent[*statefulclient.Participant]]()
	call.Participants().OnUpdated(people.put)
	statefulclient.On(call, func(context.Context, statefulclient.ToneReceived) {
		once.Do(func() { close(entered); <-release })
	})
	r.tell(tone("c1", 1))
	<-entered
	for _, ids := range []string{`{"id":"a"}`, `{"id":"a"},{"id":"b"}`, `{"id":"b"},{"id":"c"}`, `{"id":"c","isMuted":true}`} {
		r.tell(about("updated", "c1/participants", "["+ids+"]"))
	}
	r.committed()
	close(release)
	r.settled()
	net := people.next(r)
	require.Empty(t, people)
	require.Equal(t, []string{"c"}, participantIDs(net.Added), "who came and went in between is not told")
	require.Empty(t, net.Updated)
	require.Empty(t, net.Removed)
	require.Equal(t, 3, net.Missed)
}

func participantIDs(people []*statefulclient.Participant) []string {
	var ids []string
	for _, p := range people {
		ids = append(ids, p.ID())
	}
	slices.Sort(ids)
	return ids
}

func TestPromise06LateSubscribersGetThePresent(t *testing.T) {
	r := newRig(t)
	call := r.live("c1")
	r.ringing("c2")
	r.tell(about("updated", "c1/participants", `[{"id":"a"},{"id":"b"}]`), updated("c1", `{"mediaState":{"audio":"active"}}`))
	r.settled()
	calls, people := newInbox[callsEvent](), newInbox[statefulclient.CollectionEvent[*statefulclient.Participant]]()
	ringing, edges, media := newInbox[statefulclient.IncomingCall](), newInbox[statefulclient.StateChanged](), newInbox[statefulclient.MediaStateChanged]()
	r.client.Calls().OnUpdated(calls.put)
	r.client.Calls().OnIncoming(ringing.put)
	call.Participants().OnUpdated(people.put)
	statefulclient.On(call, edges.put)
	statefulclient.On(call, media.put)
	r.settled()
	require.Len(t, calls, 2)
	for range 2 {
		e := calls.next(r)
		require.True(t, e.Initial)
		require.Len(t, e.Added, 1)
	}
	require.Len(t, ringing, 1, "only the call that still rings")
	require.Equal(t, "c2", ringing.next(r).Call.ID())
	present := people.next(r)
	require.True(t, present.Initial)
	require.Equal(t, []string{"a", "b"}, participantIDs(present.Added))
	require.Equal(t, statefulclient.StateChanged{Call: call, New: resources.CallStateEstablished, Initial: true}, edges.next(r))
	require.Equal(t, resources.MediaStateActive, media.next(r).New)
}

func TestPromise07NeverBackwards(t *testing.T) {
	r := newRig(t)
	edges := newInbox[statefulclient.StateChanged]()
	statefulclient.On(r.client.Calls(), edges.put)
	call := r.live("c1")
	r.tell(updated("c1", `{"state":"incoming"}`), updated("c1", `{"state":"establishing","tenantId":"t"}`))
	require.EqualValues(t, 2, r.settled().Stale)
	require.Equal(t, resources.CallStateEstablished, call.State())
	require.Equal(t, "t", call.Resource().TenantID, "a late report may fill what nobody has said")
	r.tell(terminated("c1"), updated("c1", `{"state":"established"}`), terminated("c1"))
	require.EqualValues(t, 2, r.settled().Late)
	require.Equal(t, resources.CallStateTerminated, call.State())
	require.Len(t, edges, 4)
}

func TestPromise08EarlyIsParked(t *testing.T) {
	r := newRig(t, rigOptions{limits: statefulclient.Limits{ParkFor: 20 * time.Millisecond}})
	unmatched := newInbox[statefulclient.Unmatched]()
	r.client.OnUnmatched(unmatched.put)
	r.tell(updated("c1", `{"state":"establishing","subject":"early"}`))
	r.tell(incoming("c1"))
	r.settled()
	call, ok := r.client.Calls().Get("c1")
	require.True(t, ok)
	require.Equal(t, "early", call.Resource().Subject)
	require.Equal(t, resources.CallStateEstablishing, call.State())

	r.tell(updated("c2", `{"state":"established"}`))
	given := unmatched.next(r)
	require.Equal(t, statefulclient.UnmatchedUnknownCall, given.Reason)
	require.Equal(t, "c2", given.CallID)
	require.Zero(t, r.settled().Parked)
}

func TestPromise09NothingLostQuietly(t *testing.T) {
	r := newRig(t)
	unmatched := newInbox[statefulclient.Unmatched]()
	r.client.OnUnmatched(unmatched.put)
	r.live("c1")
	r.tell(
		`{"changeType":"updated","resourceUrl":"/users/1","resourceData":{"a":1}}`,
		about("updated", "c1/holograms/h", `{"@odata.type":"#microsoft.graph.hologram","b":[2]}`),
		updated("c1", `{"subject":"sibling","identityOfTomorrow":{"c":3}}`),
		updated("c1", `{"state":"levitating"}`),
	)
	stats := r.settled()
	var texts []string
	for len(unmatched) > 0 {
		u := unmatched.next(r)
		text, err := resources.Encode(u.Notification)
		require.NoError(t, err)
		texts = append(texts, string(text))
	}
	require.EqualValues(t, 3, stats.Unmatched)
	require.Len(t, texts, 3)
	all := strings.Join(texts, "\n")
	require.Contains(t, all, `{"a":1}`)
	require.Contains(t, all, `"b":[2]`)
	require.Contains(t, all, `levitating`)
	call, _ := r.client.Calls().Get("c1")
	require.Equal(t, "sibling", call.Resource().Subject)
	kept, ok := call.Resource().Property("identityOfTomorrow")
	require.True(t, ok)
	require.JSONEq(t, `{"c":3}`, string(kept))
}

func TestPromise10EndsOnce(t *testing.T) {
	r := newRig(t, rigOptions{limits: statefulclient.Limits{KeepAlive: 5 * time.Millisecond}})
	edges := newInbox[statefulclient.StateChanged]()
	call := r.call(r.platform.AddPerson("Adele Vance"))
	statefulclient.On(call, edges.put)
	leg := r.platform.Call(call.ID())

	r.platform.FailNext(simulator.Failure{Method: "POST", Path: "keepAlive", Status: http.StatusInternalServerError, Times: 5})
	require.NoError(t, r.platform.WaitUntil(r.context(), func() bool { _, unverified := call.UnverifiedSince(); return unverified }))
	require.NoError(t, call.Context().Err(), "trouble of the platform ends no call")
	before := leg.KeepAlives()
	require.NoError(t, r.platform.WaitUntil(r.context(), func() bool { return leg.KeepAlives() > before }))

	leg.Vanish()
	reason := ended(r.context(), t, call)
	require.Equal(t, statefulclient.EndLost, reason.Cause)
	r.tell(terminated(call.ID()))
	stats := r.settled()
	require.EqualValues(t, 1, stats.CallsLost)
	require.EqualValues(t, 1, stats.Late)
	require.Len(t, edges, 2, "the present, and the end")
}

func TestPromise11OperationsEnd(t *testing.T) {
	prompt := resources.NewMediaPrompt("https://bot.contoso.com/hello.wav")
	r := newRig(t)
	call := r.call(r.platform.AddPerson("Adele Vance"))
	leg := r.platform.Call(call.ID())

	leg.Hold() // the result is on its way, and does not come
	op, err := call.PlayPrompt(r.context(), prompt)
	require.NoError(t, err)
	impatient, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = op.Wait(impatient)
	require.ErrorIs(t, err, context.Canceled)
	leg.Release()
	result, err := op.Wait(r.context())
	require.NoError(t, err, "a wait that was given up loses nothing")
	require.Equal(t, resources.OperationStatusCompleted, result.Status)

	leg.DropEvery(simulator.Under(resources.CollectionOperations))
	lost, err := call.PlayPrompt(r.context(), prompt)
	require.NoError(t, err)
	require.NoError(t, call.Hangup(r.context()))
	_, err = lost.Wait(r.context())
	var end *statefulclient.EndedError
	require.ErrorAs(t, err, &end)
	_, err = call.PlayPrompt(r.context(), prompt)
	require.ErrorAs(t, err, &end)
}

func TestFailedOperationIsAnError(t *testing.T) {
	r := newRig(t)
	call := r.call(r.platform.AddPerson("Adele Vance"))
	r.platform.Call(call.ID()).DropEvery(simulator.Under(resources.CollectionOperations))
	op, err := call.PlayPrompt(r.context(), resources.NewMediaPrompt("https://bot.contoso.com/hello.wav"))
	require.NoError(t, err)
	r.tell(about("deleted", call.ID()+"/operations/"+op.ID(), fmt.Sprintf(
		`{"status":"failed","clientContext":%q,"resultInfo":{"code":400,"subcode":8508}}`, op.ClientContext())))
	result, err := op.Wait(r.context())
	var failed *statefulclient.OperationError
	require.ErrorAs(t, err, &failed)
	require.EqualValues(t, 8508, failed.Result.Subcode)
	require.NotNil(t, result)
}

func TestPromise12Bounded(t *testing.T) {
	const calls = 300
	limits := statefulclient.Limits{Tombstones: 50, Parked: 20, RememberedDeliveries: 10, ParkFor: time.Hour}
	r := newRig(t, rigOptions{limits: limits})
	r.client.Calls().OnUpdated(func(context.Context, callsEvent) {})
	for i := range calls {
		id := fmt.Sprint("c", i)
		r.live(id)
		r.tell(tone(id, 1), about("updated", id+"/participants", `[{"id":"a"},{"id":"b"}]`))
	}
	require.Equal(t, calls+2, r.settled().Scheduled, "one timer entry for each call's keep-alive, one for the sweep of all, one to let them rest")
	for i := range calls {
		r.tell(terminated(fmt.Sprint("c", i)))
	}
	for i := range 20 {
		r.tell(updated(fmt.Sprint("unknown", i), `{}`))
	}
	require.ErrorIs(t, r.client.Deliver(delivery(t, updated("one-too-many", `{}`))), transport.ErrBusy)
	stats := r.settled()
	require.Zero(t, stats.Calls)
	require.Zero(t, stats.HandlerBacklog)
	require.Zero(t, stats.InboxBacklog)
	require.Equal(t, 1, stats.Scheduled, "that which empties the parking")
	require.Equal(t, 50, stats.EndedRemembered)
	require.Equal(t, 20, stats.Parked)
}

func TestMemoryReturnsToBaseline(t *testing.T) {
	r := newRig(t, rigOptions{limits: statefulclient.Limits{Tombstones: 16}})
	round := func() uint64 {
		for i := range 500 {
			id := fmt.Sprint("c", i)
			r.tell(incoming(id), updated(id, `{"state":"established"}`), about("updated", id+"/participants", `[{"id":"a"},{"id":"b"}]`))
		}
		r.settled()
		for i := range 500 {
			r.tell(about("deleted", fmt.Sprint("c", i), `{"state":"terminated"}`))
		}
		r.settled()
		runtime.GC()
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		return stats.HeapAlloc
	}
	round()
	baseline := round()
	for range 5 {
		round()
	}
	require.Less(t, round(), baseline+(512<<10), "what calls held is let go when they end")
}

func TestEmptyRosterReplyWipesNoCallOfTwo(t *testing.T) {
	r := newRig(t, rigOptions{limits: statefulclient.Limits{RosterGap: time.Millisecond}})
	call := r.call(r.platform.AddPerson("Adele Vance"))
	require.NoError(t, r.platform.WaitIdle(r.context())) // chat and meeting facts have come
	delta := `{"@odata.type":"#microsoft.graph.deltaParticipants","sequenceNumber":%d,"participants":[{"id":"p%[1]d"}]}`
	r.tell(about("updated", call.ID()+"/participants", fmt.Sprintf(delta, 1)))
	r.tell(about("updated", call.ID()+"/participants", fmt.Sprintf(delta, 3)))
	require.NoError(t, r.platform.WaitUntil(r.context(), func() bool { // the roster was asked for
		return slices.ContainsFunc(r.platform.Exchanges(), func(e simulator.Exchange) bool { return e.Method == http.MethodGet })
	}))
	r.settled()
	require.Equal(t, 2, call.Participants().Len())
	require.Equal(t, statefulclient.RosterStale, call.Participants().Trust())
}

func TestRedeliveredPostIsRecognised(t *testing.T) {
	r := newRig(t)
	call := r.live("c1")
	d := delivery(t, updated("c1", `{"state":"hold"}`), updated("c1", `{"state":"established"}`))
	d.MessageID = "message-1"
	edges := newInbox[statefulclient.StateChanged]()
	statefulclient.On(call, edges.put)
	for range 3 {
		require.NoError(t, r.client.Deliver(d))
	}
	require.EqualValues(t, 4, r.settled().Redelivered)
	require.Len(t, edges, 3)
}

func TestFullCallRefusesSoThatThePlatformTriesAgain(t *testing.T) {
	r := newRig(t, rigOptions{limits: statefulclient.Limits{HandlerEvents: 5}})
	call := r.live("c1")
	release := make(chan struct{})
	tones := newInbox[statefulclient.ToneReceived]()
	statefulclient.On(call, func(ctx context.Context, e statefulclient.ToneReceived) { <-release; tones.put(ctx, e) })
	accepted := 0
	for ctx := r.context(); ctx.Err() == nil; accepted++ {
		if err := r.client.Deliver(delivery(t, tone("c1", accepted+1))); err != nil {
			require.ErrorIs(t, err, transport.ErrBusy)
			break
		}
	}
	require.GreaterOrEqual(t, accepted, 5)
	close(release)
	r.settled()
	require.Len(t, tones, accepted, "what was accepted is told, every one")
	r.tell(tone("c1", accepted+1))
}
