package cluster_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/cluster"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

func TestADrainHandsOverWithoutLosingAnEdge(t *testing.T) {
	r := newRig(t, 2)
	first, second := r.instances[0], r.instances[1]
	var calls []*statefulclient.Call
	for range 12 {
		calls = append(calls, r.call(first))
	}
	r.takenBy(second)
	ends := make(chan struct{})
	go func() { // the people hang up while the calls move
		defer close(ends)
		for _, call := range calls {
			r.platform.Call(call.ID()).End(200, 0, "over")
		}
	}()
	require.NoError(t, first.Drain(r.context()))
	<-ends
	for _, call := range calls {
		id := call.ID()
		r.eventually(func() bool {
			return first.reached(id, resources.CallStateTerminated) || second.reached(id, resources.CallStateTerminated)
		}, "an end was not told")
	}
	require.Zero(t, first.lost())
	r.eventually(func() bool { return len(second.Members()) == 1 }, "it is still a member")
	r.settled(second)
	for _, call := range calls {
		r.eventually(func() bool { return errors.Is(r.find(second, call.ID()), cluster.ErrNoCall) }, "the record of a call that is over is still there")
	}
	_, err := first.Calls().Add(r.context(), statefulclient.CallTo("t", statefulclient.UserIdentity("u")))
	require.Error(t, err)
	require.Equal(t, http.StatusServiceUnavailable, r.post(first, "c1", "m1", "x"))
}

// What a handler is at is told by nobody else: the hand-over waits for it.
func TestAHandOverWaitsForHandlers(t *testing.T) {
	r := newRig(t, 2)
	first, second := r.instances[0], r.instances[1]
	call := r.call(first)
	entered, gate := make(chan struct{}), make(chan struct{})
	call.OnUpdated(func(_ context.Context, e statefulclient.ResourceEvent[resources.Call]) {
		if e.New.Subject == "last" {
			close(entered)
			<-gate
		}
	})
	require.Equal(t, http.StatusAccepted, r.post(second, call.ID(), "m1", "last"))
	<-entered
	done := make(chan error, 1)
	go func() { done <- first.Drain(r.context()) }()
	r.eventually(func() bool { return first.FleetStats().Draining && first.FleetStats().Owned == 0 }, "it does not drain")
	require.False(t, second.Owns(call.ID()))
	close(gate)
	require.NoError(t, <-done)
	require.ErrorIs(t, context.Cause(call.Context()), statefulclient.ErrReleased)
	r.eventually(func() bool { return second.Owns(call.ID()) }, "the call was not taken over")
	taken, _ := second.Calls().Get(call.ID())
	require.Equal(t, "last", taken.Resource().Subject)
	r.drained(second)
	require.Zero(t, second.Stats().Applied, "it was told already")
}

// So it does where the call has ended meanwhile.
func TestAHandOverWaitsForHandlersOfACallThatHasEnded(t *testing.T) {
	r := newRig(t, 2)
	first, second := r.instances[0], r.instances[1]
	call := r.call(first)
	entered, gate := make(chan struct{}), make(chan struct{})
	statefulclient.On(call, func(_ context.Context, e statefulclient.StateChanged) {
		if e.New == resources.CallStateTerminated {
			close(entered)
			<-gate
		}
	})
	r.takenBy(second)
	r.platform.Call(call.ID()).End(200, 0, "over")
	<-entered
	done := make(chan error, 1)
	go func() { done <- first.Drain(r.context()) }()
	r.eventually(func() bool { return first.FleetStats().Draining && first.FleetStats().Owned == 0 }, "it does not drain")
	place, err := strconv.Atoi(call.Place())
	require.NoError(t, err)
	require.Equal(t, first.name, second.Partitions()[place].Owner)
	close(gate)
	require.NoError(t, <-done)
	r.settled(second)
	r.drained(second)
	require.False(t, second.reached(call.ID(), resources.CallStateTerminated), "it was told already")
	require.ErrorIs(t, r.find(second, call.ID()), cluster.ErrNoCall)
}

func TestTheLastToDrainLeavesItsCallsToTheNext(t *testing.T) {
	r := newRig(t, 1)
	call := r.call(r.instances[0])
	require.NoError(t, r.instances[0].Drain(r.context()))
	next := r.join()
	r.takenBy(next)
	r.eventually(func() bool { return next.Owns(call.ID()) }, "the call was not taken over")
	require.Len(t, next.Members(), 1)
}

// An instance that NATS cannot hear loses its calls to the others, does nothing
// about them while it cannot know, lets go of them when it does, and then goes on
// as a new member.
func TestAnInstanceThatIsCutOffStopsVisibly(t *testing.T) {
	r := newRig(t, 2)
	first, second := r.instances[0], r.instances[1]
	call, idle := r.call(first), r.call(first)
	life := first.FleetStats().Member
	r.takenBy(second)
	require.NoError(t, r.platform.WaitIdle(r.context()))
	r.drained(first)
	first.cable.cut()
	began := time.Now()
	r.eventually(func() bool { return second.Owns(call.ID()) }, "nobody took over")
	t.Logf("taken over after %v, with a lease of 1s", time.Since(began))
	require.Zero(t, first.FleetStats().Lease, "it holds still by then")

	saves := first.Stats().Saves
	_, known := first.Calls().Get(call.ID())
	require.True(t, known, "it cannot know yet")
	// What it learns by itself is neither told nor saved.
	short, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, call.Refresh(short), context.DeadlineExceeded)

	first.cable.mend()
	r.eventually(func() bool { return first.lost() == 4 && first.FleetStats().Member != life }, "it did not notice")
	for _, lost := range []*statefulclient.Call{call, idle} {
		require.ErrorIs(t, context.Cause(lost.Context()), statefulclient.ErrReleased)
	}
	require.Equal(t, saves, first.Stats().Saves, "it committed nothing")
	require.EqualValues(t, 1, first.FleetStats().PutOut)
	r.settled()

	taken, _ := second.Calls().Get(call.ID())
	require.NoError(t, taken.Hangup(r.context()))
	r.eventually(func() bool { return second.reached(call.ID(), resources.CallStateTerminated) }, "the end was not told")
	require.False(t, first.reached(call.ID(), resources.CallStateTerminated))
	require.Zero(t, second.Stats().StoreFailures, "nobody but the owner has written")
}

// While NATS is away nothing is answered 202; what was is worked off when it is
// back.
func TestWhatWasAnswered202IsNeverLost(t *testing.T) {
	r := newRig(t, 2)
	first, second := r.instances[0], r.instances[1]
	call := r.call(first)
	require.Equal(t, http.StatusAccepted, r.post(second, call.ID(), "m1", "before"))
	r.brokers[0].stop()
	r.eventually(func() bool { return !second.nc.IsConnected() }, "still connected")
	asked := time.Now()
	require.Equal(t, http.StatusServiceUnavailable, r.post(second, call.ID(), "m2", "meanwhile"))
	require.Less(t, time.Since(asked), time.Second, "nothing is kept for later")
	require.NotZero(t, second.FleetStats().Refused)
	r.eventually(func() bool { return first.FleetStats().Lease == 0 }, "the lease did not lapse")
	r.brokers[0].start()
	r.eventually(func() bool { return r.post(second, call.ID(), "m3", "after") == http.StatusAccepted }, "not taken again")
	r.eventually(func() bool { return r.subject(call.ID()) == "after" }, "not heard")
	require.Equal(t, first, r.owner(call.ID()), "nobody was put out: all were deaf")
	require.Zero(t, first.lost())
}

func (r *rig) find(by *instance, id string) error {
	_, err := by.Find(r.context(), id)
	return err
}

// subject is what a call's owner knows of it; empty where it has none.
func (r *rig) subject(callID string) string {
	owner := r.owner(callID)
	if owner == nil {
		return ""
	}
	call, known := owner.Calls().Get(callID)
	if !known {
		return ""
	}
	return call.Resource().Subject
}

// post sends an instance a change of a call's subject, as the platform would.
func (r *rig) post(to *instance, callID, messageID, subject string) (status int) {
	r.t.Helper()
	r.takenBy(to)
	body := fmt.Sprintf(`{"value":[{"changeType":"updated","resourceUrl":"/communications/calls/%s","resourceData":{"@odata.type":"#microsoft.graph.call","id":%q,"subject":%q}}]}`,
		callID, callID, subject)
	return r.send(callID, messageID, body).Status
}

func (r *rig) send(callID, messageID, body string) simulator.Exchange {
	r.t.Helper()
	address := r.address
	if call := r.platform.Call(callID); call != nil {
		address = call.CallbackURI()
	}
	header := http.Header{"X-Microsoft-Skype-Message-Id": {messageID}}
	if messageID == "" {
		header["X-Microsoft-Skype-Message-Id"] = nil
	}
	exchange, err := r.platform.Post(r.context(), r.bot, []byte(body), simulator.PostOptions{URL: address, Header: header})
	require.NoError(r.t, err)
	return exchange
}

// Three NATS servers, of which one dies: nothing but a moment is lost.
func TestANATSServerOfThreeMayDie(t *testing.T) {
	t.Parallel() // its servers take seconds to elect their leaders
	brokers := startBrokers(t)
	r := newRigOn(t, urls(brokers), 2, func(o *cluster.Options) {
		o.Replicas, o.Partitions, o.Lease = 3, 4, 2*time.Second
	})
	first, second := r.instances[0], r.instances[1]
	call := r.call(first)
	for _, b := range brokers {
		if b.server.ClientURL() == first.nc.ConnectedUrl() {
			b.stop()
			break
		}
	}
	stopped := time.Now()
	r.eventually(func() bool { return r.post(second, call.ID(), "m1", "after") == http.StatusAccepted }, "not taken again")
	t.Logf("taken again after %v", time.Since(stopped))
	r.eventually(func() bool { return r.subject(call.ID()) == "after" }, "not heard")
	t.Logf("heard after %v", time.Since(stopped))
	owned, _ := r.owner(call.ID()).Calls().Get(call.ID())
	require.NoError(t, owned.Hangup(r.context()))
	r.eventually(func() bool {
		return first.reached(call.ID(), resources.CallStateTerminated) || second.reached(call.ID(), resources.CallStateTerminated)
	}, "the end was not told")
}

// An instance that loses its connection for good is dead to the others, and can
// still be closed.
func TestAnInstanceWithoutNATSDiesQuietly(t *testing.T) {
	r := newRig(t, 2)
	first, second := r.instances[0], r.instances[1]
	call := r.call(first)
	r.takenBy(second)
	began := time.Now()
	first.nc.Close()
	r.eventually(func() bool { return second.Owns(call.ID()) }, "nobody took over")
	t.Logf("taken over after %v, with a lease of 1s", time.Since(began))
	require.Less(t, time.Since(began), 3*time.Second)
	closed := time.Now()
	first.Close()
	require.Less(t, time.Since(closed), 3*time.Second)
	require.ErrorIs(t, context.Cause(call.Context()), statefulclient.ErrClosed)
	require.Equal(t, http.StatusServiceUnavailable, r.post(first, call.ID(), "m1", "x"))
}

// Shutdown ends the calls that are here; those that come in meanwhile are the next
// owner's.
func TestAShutdownLeavesWhatComesInToTheOthers(t *testing.T) {
	r := newRig(t, 2)
	first, second := r.instances[0], r.instances[1]
	call, gate := r.call(first), make(chan struct{})
	statefulclient.On(call, func(context.Context, statefulclient.StateChanged) { <-gate })
	r.takenBy(second)
	done := make(chan error, 1)
	go func() { done <- first.Shutdown(r.context()) }()
	r.eventually(func() bool { return !first.Ready() }, "it does not shut down")
	want := map[string]bool{}
	for range 16 {
		want[r.platform.AddPerson("Adele Vance").Call(r.bot).ID()] = true
	}
	r.eventually(func() bool { return first.FleetStats().Busy > 0 }, "nothing came in")
	close(gate)
	require.NoError(t, <-done)
	r.eventually(func() bool { return len(second.heard()) == len(want) }, "not all were told")
	for _, id := range second.heard() {
		require.True(t, want[id])
	}
	require.Empty(t, first.heard())
	require.Equal(t, resources.CallStateTerminated, r.platform.Call(call.ID()).State())
}
