package statefulclient_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/store"
)

func keeping(calls store.Store) rigOptions {
	return rigOptions{build: func(b *statefulclient.StatefulClientBuilder) { b.SetStore(calls) }}
}

// stop ends the client as a process that is killed does: nothing more is heard
// or told. What the store has by then is what was saved.
func (r *rig) stop() {
	r.t.Helper()
	require.NoError(r.t, r.client.Flush(r.context()))
	r.client.Close()
}

// restored is for a client that is new: calls that come in need not be looked up
// any more.
func (r *rig) restored() {
	r.t.Helper()
	_, err := r.client.Rehydrate(r.context())
	require.NoError(r.t, err)
}

// restart builds the client anew, subscribes as a bot does, and restores.
func (r *rig) restart(chosen rigOptions, subscribe func(*statefulclient.Client)) []*statefulclient.Call {
	r.t.Helper()
	r.client = r.another(chosen)
	if subscribe != nil {
		subscribe(r.client)
	}
	r.takenBy(r.client.Handler())
	calls, err := r.client.Rehydrate(r.context())
	require.NoError(r.t, err)
	return calls
}

// A call goes on where it was: state, roster, operation; and handlers are told
// what changed meanwhile, once.
func TestPromise14CallsOutliveTheProcess(t *testing.T) {
	calls := store.NewMemory()
	longPrompt := keeping(calls)
	longPrompt.platform = func(o *simulator.Options) { o.PromptDuration = time.Hour }
	r := newRig(t, longPrompt)
	meeting := r.platform.AddMeeting(simulator.Meeting{})
	var people []*simulator.Person
	for i := range 20 {
		person := r.platform.AddPerson(fmt.Sprint("Person ", i))
		person.Join(meeting)
		people = append(people, person)
	}
	call := r.join(meeting)
	require.NoError(t, r.platform.WaitIdle(r.context()))
	r.until(func(statefulclient.Stats) bool { return call.Participants().Len() == 21 })
	operation, err := call.PlayPrompt(r.context(), resources.NewMediaPrompt("https://bot.contoso.com/long.wav"))
	require.NoError(t, err)
	r.platform.Hold()
	r.stop()

	people[0].Leave()
	late := r.platform.AddPerson("Late Comer")
	late.Join(meeting)
	changes, roster := newInbox[statefulclient.StateChanged](), newInbox[participantsEvent]()
	restored := r.restart(keeping(calls), func(c *statefulclient.Client) {
		statefulclient.On(c.Calls(), changes.put)
		c.Calls().OnUpdated(func(_ context.Context, e callsEvent) {
			if len(e.Added) > 0 {
				require.True(t, e.Initial)
				e.Added[0].Participants().OnUpdated(roster.put)
			}
		})
	})
	require.Len(t, restored, 1)
	again := restored[0]
	require.Equal(t, call.ID(), again.ID())
	require.Equal(t, call.ScenarioID(), again.ScenarioID())
	require.Equal(t, call.TenantID(), again.TenantID())
	require.Equal(t, resources.CallStateEstablished, again.State())
	require.Equal(t, 21, again.Participants().Len())
	require.True(t, changes.next(r).Initial)
	require.Empty(t, changes, "no edge is told again")
	requireNetDifference(t, r, roster)

	pending := again.PendingOperations()
	require.Len(t, pending, 1)
	require.Equal(t, operation.ID(), pending[0].ID)
	resumed, err := statefulclient.ResumeOperation[*resources.PlayPromptOperation](again, operation.ClientContext())
	require.NoError(t, err)
	r.platform.Release()
	require.NoError(t, again.CancelMediaProcessing(r.context()))
	_, err = resumed.Wait(r.context())
	var cancelled *statefulclient.OperationError
	require.ErrorAs(t, err, &cancelled)
	require.Equal(t, operation.ID(), cancelled.OperationID)
	require.Empty(t, again.PendingOperations())
	require.NoError(t, again.Hangup(r.context()))
	ended(r.context(), t, again)
	r.settled()
	require.NoError(t, r.client.Flush(r.context()))
	require.Empty(t, records(t, calls))
}

func requireNetDifference(t *testing.T, r *rig, roster inbox[participantsEvent]) {
	t.Helper()
	present := roster.next(r)
	require.True(t, present.Initial)
	if len(present.Added) == 21 && len(roster) == 0 { // subscribed when all was reconciled
		r.settled()
		if len(roster) == 0 {
			return
		}
	}
	difference := roster.next(r)
	require.Equal(t, statefulclient.CauseRestore, difference.Cause)
	require.Len(t, difference.Added, 1)
	require.Equal(t, "Late Comer", difference.Added[0].DisplayName())
	require.Len(t, difference.Removed, 1)
	require.Equal(t, "Person 0", difference.Removed[0].DisplayName())
}

func records(t *testing.T, calls store.Store) []store.Record {
	t.Helper()
	var list []store.Record
	for record, err := range calls.Load(t.Context()) {
		require.NoError(t, err)
		list = append(list, record)
	}
	return list
}

// An operation ended while nobody was there: its result is told all the same.
func TestOperationThatEndedMeanwhileIsTold(t *testing.T) {
	calls := store.NewMemory()
	r := newRig(t, keeping(calls))
	call := r.call(r.platform.AddPerson("Adele Vance"))
	require.NoError(t, r.platform.WaitIdle(r.context()))
	r.settled()
	r.platform.DropEvery(func(*resources.Notification) bool { return true })
	operation, err := call.PlayPrompt(r.context(), resources.NewMediaPrompt("https://bot.contoso.com/prompt.wav"))
	require.NoError(t, err)
	require.NoError(t, r.platform.WaitUntil(r.context(), func() bool { // dropped
		deliveries := r.platform.Call(call.ID()).Deliveries()
		last := deliveries[len(deliveries)-1].Notifications()
		return simulator.Under(resources.CollectionOperations)(&last[0])
	}))
	r.stop()
	done := newInbox[statefulclient.OperationCompleted]()
	restored := r.restart(keeping(calls), func(c *statefulclient.Client) { statefulclient.On(c.Calls(), done.put) })
	require.Equal(t, operation.ID(), done.next(r).Operation.Common().ID)
	_, err = statefulclient.ResumeOperation[*resources.PlayPromptOperation](restored[0], operation.ClientContext())
	require.ErrorIs(t, err, statefulclient.ErrNoOperation)
}

// What ended while nobody was there is told to have ended, once.
func TestCallThatEndedMeanwhileIsToldSo(t *testing.T) {
	calls := store.NewMemory()
	r := newRig(t, keeping(calls))
	call := r.call(r.platform.AddPerson("Adele Vance"))
	require.NoError(t, r.platform.WaitIdle(r.context()))
	r.settled()
	r.stop()
	r.platform.Call(call.ID()).Vanish()

	changes, removed := newInbox[statefulclient.StateChanged](), newInbox[callsEvent]()
	restored := r.restart(keeping(calls), func(c *statefulclient.Client) {
		statefulclient.On(c.Calls(), changes.put)
		c.Calls().OnUpdated(func(ctx context.Context, e callsEvent) {
			if len(e.Removed) > 0 {
				removed.put(ctx, e)
			}
		})
	})
	require.Len(t, restored, 1)
	require.True(t, changes.next(r).Initial)
	end := changes.next(r)
	require.Equal(t, resources.CallStateTerminated, end.New)
	require.Equal(t, statefulclient.CauseRestore, end.Cause)
	require.Equal(t, statefulclient.EndLost, ended(r.context(), t, restored[0]).Cause)
	require.Len(t, removed.next(r).Removed, 1)
	r.settled()
	require.Empty(t, changes)
	require.NoError(t, r.client.Flush(r.context()))
	require.Empty(t, records(t, calls))
	require.Empty(t, r.restart(keeping(calls), nil), "its end was told; nothing is left to restore")
}

// The end was committed, and the process died before its handlers had run.
func TestEndThatWasNotToldIsToldAfterTheRestart(t *testing.T) {
	calls := store.NewMemory()
	r := newRig(t, keeping(calls))
	stuck, release := make(chan struct{}), make(chan struct{})
	statefulclient.On(r.client.Calls(), func(_ context.Context, e statefulclient.StateChanged) {
		if e.New == resources.CallStateTerminated {
			close(stuck)
			<-release
		}
	})
	call := r.call(r.platform.AddPerson("Adele Vance"))
	require.NoError(t, call.Hangup(r.context()))
	<-stuck
	require.Len(t, records(t, calls), 1)
	changes := newInbox[statefulclient.StateChanged]()
	r.client.Close()
	r.restart(keeping(calls), func(c *statefulclient.Client) { statefulclient.On(c.Calls(), changes.put) })
	end := changes.until(r, func(e statefulclient.StateChanged) bool { return e.New == resources.CallStateTerminated })
	require.Equal(t, statefulclient.CauseRestore, end.Cause)
	close(release)
}

func TestRingingCallIsRestoredAndAnswered(t *testing.T) {
	calls := store.NewMemory()
	r := newRig(t, keeping(calls))
	calling := r.platform.AddPerson("Adele Vance").Call(r.bot)
	r.until(func(s statefulclient.Stats) bool { return s.Calls == 1 })
	r.stop()
	r.restart(keeping(calls), func(c *statefulclient.Client) {
		c.Calls().OnIncoming(func(ctx context.Context, e statefulclient.IncomingCall) {
			if e.Initial {
				_ = e.Call.Answer(ctx, statefulclient.AnswerOptions{})
			}
		})
	})
	require.NoError(t, calling.WaitAnswered(r.context()))
}

func TestRehydrateReportsWhatItCannotRead(t *testing.T) {
	calls := store.NewMemory()
	r := newRig(t, keeping(calls))
	call := r.call(r.platform.AddPerson("Adele Vance"))
	r.stop()
	_, err := calls.Save(t.Context(), "torn", 0, []byte(`{"state":`))
	require.NoError(t, err)
	_, err = calls.Save(t.Context(), "newer", 0, []byte(`{"state":{"version":99,"call":{}}}`))
	require.NoError(t, err)
	r.client = r.another(keeping(calls))
	restored, err := r.client.Rehydrate(r.context())
	require.ErrorContains(t, err, "torn")
	require.ErrorContains(t, err, "newer")
	require.Len(t, restored, 1)
	require.Equal(t, call.ID(), restored[0].ID())
	require.Len(t, records(t, calls), 3)

	_, err = newRig(t).client.Rehydrate(r.context())
	require.ErrorIs(t, err, statefulclient.ErrNoStore)
}

// A platform in trouble ends no call.
func TestRehydrateKeepsCallsItCannotAskAbout(t *testing.T) {
	calls := store.NewMemory()
	r := newRig(t, keeping(calls))
	call := r.call(r.platform.AddPerson("Adele Vance"))
	r.stop()
	r.client = r.another(keeping(calls))
	r.platform.FailNext(simulator.Failure{Times: 100, Status: 500})
	restored, err := r.client.Rehydrate(r.context())
	require.ErrorContains(t, err, call.ID())
	require.Len(t, restored, 1)
	_, unverified := restored[0].UnverifiedSince()
	require.True(t, unverified)
	require.Equal(t, resources.CallStateEstablished, restored[0].State())
}

var errFlaky = errors.New("the disk is on fire")
