package statefulclient_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/store"
)

func TestVitalsOfACall(t *testing.T) {
	start := time.Now()
	r := newRig(t, rigOptions{limits: statefulclient.Limits{KeepAlive: time.Hour}})
	adele := r.platform.AddPerson("Adele Vance")
	call := r.call(adele)
	require.NoError(t, r.platform.WaitIdle(r.context()))
	r.settled()
	v := call.Vitals()
	require.Same(t, call.Resource(), v.Resource)
	require.WithinRange(t, v.Began, start, time.Now())
	require.WithinRange(t, v.Heard, v.Began, time.Now())
	require.WithinRange(t, v.KeepAlive, start.Add(45*time.Minute), time.Now().Add(time.Hour))
	require.Zero(t, v.UnverifiedSince)
	require.Equal(t, call.Participants().Trust(), v.Trust)
	require.Equal(t, call.Participants().Len(), v.Participants)
	require.Empty(t, v.Pending)
	require.Equal(t, "unknown snapshot delta truncated stale", fmt.Sprint(
		statefulclient.RosterUnknown, " ", statefulclient.RosterSnapshot, " ", statefulclient.RosterDelta, " ", statefulclient.RosterTruncated, " ", statefulclient.RosterStale))

	heard := v.Heard
	require.NoError(t, call.KeepAlive(r.context()))
	require.True(t, call.Vitals().Heard.After(heard), "a reply is heard, too")
	heard = call.Vitals().Heard
	r.tell(subject(call.ID(), 1))
	r.settled()
	require.True(t, call.Vitals().Heard.After(heard))

	r.platform.Call(call.ID()).Hold()
	r.platform.FailNext(simulator.Failure{Status: 403, Times: 100})
	before := call.Vitals().Heard
	require.Error(t, call.Refresh(r.context()))
	require.Equal(t, before, call.Vitals().Heard, "a failure is not heard of the call")
}

func TestVitalsOfPendingOperations(t *testing.T) {
	calls := store.NewMemory()
	r := newRig(t, rigOptions{build: func(b *statefulclient.StatefulClientBuilder) { b.SetStore(calls) }})
	call := r.call(r.platform.AddPerson("Adele Vance"))
	r.platform.Call(call.ID()).Hold()
	before := time.Now()
	prompt, err := call.PlayPrompt(statefulclient.WithClientContext(r.context(), "hello"), resources.NewMediaPrompt("https://bot.contoso.com/hello.wav"))
	require.NoError(t, err)
	r.until(func(statefulclient.Stats) bool {
		return len(call.PendingOperations()) == 1 && call.PendingOperations()[0].ID != ""
	})
	pending := call.Vitals().Pending
	require.Len(t, pending, 1)
	require.Equal(t, "playPrompt", pending[0].Action)
	require.WithinRange(t, pending[0].Since, before, time.Now())
	require.Equal(t, statefulclient.PendingOperation{ClientContext: "hello", ID: prompt.ID()}, pending[0].PendingOperation)
	require.NoError(t, r.client.Flush(r.context()))

	after := r.another(rigOptions{build: func(b *statefulclient.StatefulClientBuilder) { b.SetStore(calls) }})
	r.client.Close()
	r.platform.FailNext(simulator.Failure{Status: 403, Times: 100})
	restored, err := after.Rehydrate(r.context())
	require.Error(t, err)
	v := restored[0].Vitals()
	require.Zero(t, v.Heard, "not here")
	require.WithinRange(t, v.Began, before, time.Now())
	require.Equal(t, "hello", v.Pending[0].ClientContext)
	require.Zero(t, v.Pending[0].Since)
	require.NotZero(t, v.UnverifiedSince)
}

func TestVitalsCountWhatWaits(t *testing.T) {
	r := newRig(t)
	call := r.live("c1")
	r.settled()
	stuck, release := make(chan struct{}), make(chan struct{})
	statefulclient.On(call, func(_ context.Context, e statefulclient.ToneReceived) {
		if e.SequenceID == 1 {
			close(stuck)
			<-release
		}
	})
	r.tell(tone("c1", 1))
	<-stuck
	r.tell(tone("c1", 2), tone("c1", 3))
	r.committed()
	require.Equal(t, 2, call.Vitals().HandlerBacklog)
	require.Zero(t, call.Vitals().InboxBacklog)
	close(release)
	r.settled()
	require.Zero(t, call.Vitals().HandlerBacklog)
}

func TestVitalsWakeNoCall(t *testing.T) {
	r := newRig(t, rigOptions{limits: statefulclient.Limits{RestAfter: time.Millisecond}})
	call := r.live("c1")
	r.until(func(stats statefulclient.Stats) bool { return stats.Resting == 1 })
	for range 10 {
		v := call.Vitals()
		require.True(t, v.Resting)
		require.Equal(t, resources.CallStateEstablished, v.Resource.State)
	}
	require.Equal(t, 1, r.client.Stats().Resting)
}
