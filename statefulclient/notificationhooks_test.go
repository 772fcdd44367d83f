package statefulclient_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// verdicts takes what was told of processed notifications so far, as
// "call verdict".
func (r *rig) verdicts(processed inbox[statefulclient.ProcessedNotification]) []string {
	r.t.Helper()
	r.settled()
	var list []string
	for len(processed) > 0 {
		p := <-processed
		require.NotNil(r.t, p.Notification)
		list = append(list, p.CallID+" "+string(p.Verdict))
	}
	return list
}

func TestNotificationsAreToldAsTheyAreQueuedAndProcessed(t *testing.T) {
	r := newRig(t)
	queued, processed := newInbox[statefulclient.QueuedNotification](), newInbox[statefulclient.ProcessedNotification]()
	steps := newInbox[string]()
	r.client.OnNotificationQueued(func(ctx context.Context, q statefulclient.QueuedNotification) {
		queued.put(ctx, q)
		steps.put(ctx, "queued")
	})
	r.client.OnNotificationProcessed(func(ctx context.Context, p statefulclient.ProcessedNotification) {
		processed.put(ctx, p)
		steps.put(ctx, "processed")
		if call, known := r.client.Calls().Get(p.CallID); known && p.Verdict == statefulclient.VerdictApplied {
			require.Equal(t, p.Notification.Data.(*resources.Call).State, call.State(), "its news is there already")
		}
	})
	r.arrive("c1", http.Header{"Scenario-Id": {"s1"}})
	r.settled()
	first := queued.next(r)
	require.Equal(t, "c1", first.CallID)
	require.Equal(t, "s1", first.ScenarioID)
	require.Equal(t, resources.CallStateIncoming, first.Notification.Data.(*resources.Call).State)
	require.Equal(t, "queued", steps.next(r))
	require.Equal(t, "processed", steps.next(r))
	require.Equal(t, []string{"c1 applied"}, r.verdicts(processed))
	for _, step := range []struct{ item, verdict string }{
		{updated("c1", `{"state":"established"}`), "c1 applied"},
		{updated("c1", `{"state":"established"}`), "c1 unchanged"},
		{updated("c1", `{"state":"establishing"}`), "c1 stale"},
		{tone("c1", 1), "c1 applied"},
		{about("updated", "c1/holograms/h", `{}`), "c1 unmatched"},
		{`{"changeType":"updated","resourceUrl":"/users/1"}`, " unmatched"},
		{terminated("c1"), "c1 applied"},
		{updated("c1", `{"state":"established"}`), "c1 late"},
	} {
		r.tell(step.item)
		require.Equal(t, []string{step.verdict}, r.verdicts(processed), step.item)
	}
	require.Len(t, queued, 8)
}

func TestParkedNotificationIsProcessedWhenItsCallIsKnown(t *testing.T) {
	r := newRig(t, rigOptions{limits: statefulclient.Limits{ParkFor: 50 * time.Millisecond}})
	queued, processed := newInbox[statefulclient.QueuedNotification](), newInbox[statefulclient.ProcessedNotification]()
	r.client.OnNotificationQueued(queued.put)
	r.client.OnNotificationProcessed(processed.put)
	r.tell(updated("c1", `{"state":"establishing"}`))
	require.Equal(t, "c1", queued.next(r).CallID)
	p := processed.next(r)
	require.Equal(t, statefulclient.VerdictUnmatched, p.Verdict, "nobody knew it, and time was up")
	require.Equal(t, "c1", p.CallID)

	r.platform.NotifyBeforeReply()
	call := r.call(r.platform.AddPerson("Adele Vance"))
	require.NoError(t, r.platform.WaitIdle(r.context()))
	sent := len(r.platform.Call(call.ID()).Deliveries())
	told := r.verdicts(processed)
	require.Len(t, told, sent)
	require.Len(t, queued, sent)
	require.NotContains(t, told, call.ID()+" unmatched")
}

func TestNotificationThatComesAgainIsQueuedOnce(t *testing.T) {
	r := newRig(t)
	queued := newInbox[statefulclient.QueuedNotification]()
	subscription := r.client.OnNotificationQueued(queued.put)
	again := http.Header{"X-Microsoft-Skype-Message-Id": {"m1"}}
	r.arrive("c1", again)
	r.arrive("c1", again)
	r.settled()
	require.Len(t, queued, 1)
	subscription.Cancel()
	r.arrive("c2", nil)
	r.settled()
	require.Len(t, queued, 1)
}

// However many notifications its handlers are too slow for, and whatever they
// do, nobody else is held up.
func TestDiagnosisHoldsUpNobody(t *testing.T) {
	r := newRig(t, rigOptions{limits: statefulclient.Limits{Notices: 5}})
	stuck, begun := make(chan struct{}), make(chan struct{}, 1)
	r.client.OnNotificationProcessed(func(context.Context, statefulclient.ProcessedNotification) {
		select {
		case begun <- struct{}{}:
			<-stuck
			panic("diagnosed")
		default:
		}
	})
	strays, panics := newInbox[statefulclient.Unmatched](), newInbox[statefulclient.HandlerPanic]()
	r.client.OnUnmatched(strays.put)
	r.client.OnHandlerPanic(panics.put)
	r.tell(incoming("c1"))
	r.until(func(statefulclient.Stats) bool { return len(begun) == 1 })
	for i := range 20 {
		r.tell(subject("c1", i))
	}
	for range 3 {
		r.tell(`{"changeType":"updated","resourceUrl":"/users/1"}`)
		strays.next(r)
	}
	stats := r.committed()
	require.EqualValues(t, 23-5, stats.NoticesDropped)
	require.EqualValues(t, 21, stats.Applied)
	close(stuck)
	require.EqualValues(t, 1, r.settled().HandlerPanics)
	require.EqualValues(t, 18, r.settled().NoticesDropped)
	require.Equal(t, statefulclient.HandlerPanic{Handler: "OnNotificationProcessed", Value: "diagnosed"}, panics.next(r))
}

// A panic in a handler that is told of panics is not told to it.
func TestPanicsInTheClientsOwnHandlersAreTold(t *testing.T) {
	r := newRig(t)
	panics := newInbox[statefulclient.HandlerPanic]()
	r.client.OnHandlerPanic(func(context.Context, statefulclient.HandlerPanic) { panic("told") })
	r.client.OnHandlerPanic(panics.put)
	r.client.OnUnmatched(func(context.Context, statefulclient.Unmatched) { panic("unmatched") })
	r.tell(`{"changeType":"updated","resourceUrl":"/users/1"}`)
	require.Equal(t, statefulclient.HandlerPanic{Handler: "OnUnmatched", Value: "unmatched"}, panics.next(r))
	require.EqualValues(t, 2, r.settled().HandlerPanics)
	require.Empty(t, panics)
}
