package statefulclient_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/transport"
)

// requireOver checks what an action comes to that the platform refuses because
// the call is over.
func requireOver(t *testing.T, err error) {
	t.Helper()
	require.ErrorIs(t, err, statefulclient.ErrCallEnded)
	require.ErrorIs(t, err, transport.ErrCallNotFound)
	require.ErrorAs(t, err, new(*transport.Error))
}

// An action finds out before the notification arrives: why the call ended is
// not lost.
func TestActionOvertakesTheReportedEnd(t *testing.T) {
	r := newRig(t, rigOptions{limits: statefulclient.Limits{EndGrace: time.Hour}})
	call := r.call(r.platform.AddPerson("Adele Vance"))
	leg := r.platform.Call(call.ID())
	leg.Hold()
	leg.End(200, 4521, "The other participant left.")
	for range 2 {
		requireOver(t, second(call.PlayPrompt(r.context(), resources.NewMediaPrompt("https://bot.contoso.com/hello.wav"))))
	}
	requireOver(t, call.SubscribeToTone(r.context()))
	require.NoError(t, call.Hangup(r.context()), "it is over already")
	_, over := call.End()
	require.False(t, over)
	require.NoError(t, call.Context().Err())
	require.Equal(t, 4, r.settled().Scheduled, "keep-alive, sweep, rest, and one wait for the end, however often the call was found over")
	leg.Release()
	require.NoError(t, call.WaitFor(r.context(), resources.CallStateTerminated))
	reason := ended(r.context(), t, call)
	require.Equal(t, statefulclient.EndReported, reason.Cause)
	require.EqualValues(t, 4521, reason.Subcode)
	stats := r.settled()
	require.Zero(t, stats.CallsLost)
	require.Zero(t, stats.Late)
	require.Zero(t, stats.Scheduled)
}

func TestActionOnACallThatVanishedEndsItAsLost(t *testing.T) {
	r := newRig(t, rigOptions{limits: statefulclient.Limits{EndGrace: 20 * time.Millisecond}})
	call := r.call(r.platform.AddPerson("Adele Vance"))
	edges := newInbox[statefulclient.StateChanged]()
	r.platform.Call(call.ID()).Vanish()
	statefulclient.On(call, edges.put)
	require.True(t, edges.next(r).Initial)
	begun := time.Now()
	requireOver(t, call.SubscribeToTone(r.context()))
	require.Equal(t, statefulclient.EndLost, ended(r.context(), t, call).Cause)
	require.GreaterOrEqual(t, time.Since(begun), 20*time.Millisecond)
	require.Equal(t, statefulclient.CauseClient, edges.next(r).Cause)
	r.tell(terminated(call.ID()))
	stats := r.settled()
	require.Empty(t, edges, "it ends once")
	require.EqualValues(t, 1, stats.Late)
	require.EqualValues(t, 1, stats.CallsLost)
	require.Zero(t, stats.Scheduled)
}

func TestKeepAliveAndRefreshOfACallThatVanishedEndItAtOnce(t *testing.T) {
	for _, ask := range []func(context.Context, *statefulclient.Call) error{
		func(ctx context.Context, c *statefulclient.Call) error { return c.KeepAlive(ctx) },
		func(ctx context.Context, c *statefulclient.Call) error { return c.Refresh(ctx) },
	} {
		r := newRig(t, rigOptions{limits: statefulclient.Limits{EndGrace: time.Hour}})
		call := r.call(r.platform.AddPerson("Adele Vance"))
		r.platform.Call(call.ID()).Vanish()
		requireOver(t, ask(r.context(), call))
		require.Equal(t, statefulclient.EndLost, ended(r.context(), t, call).Cause)
	}
}

func TestEveryWayToMeetTheEndMatches(t *testing.T) {
	r := newRig(t)
	call := r.call(r.platform.AddPerson("Adele Vance"))
	leg := r.platform.Call(call.ID())
	failed := make(chan error, 1)
	statefulclient.On(call, func(_ context.Context, e statefulclient.StateChanged) {
		if e.New == resources.CallStateTerminated {
			failed <- second(call.PlayPrompt(call.Context(), resources.NewMediaPrompt("https://bot.contoso.com/hello.wav")))
		}
	})
	leg.End(200, 4521, "")
	require.ErrorIs(t, <-failed, statefulclient.ErrCallEnded)
	require.ErrorIs(t, context.Cause(call.Context()), statefulclient.ErrCallEnded)
	require.ErrorIs(t, call.WaitFor(r.context(), resources.CallStateHold), statefulclient.ErrCallEnded)
	require.ErrorIs(t, call.Participants().WaitFor(r.context(), func(*statefulclient.Participants) bool { return false }), statefulclient.ErrCallEnded)
	err := call.Answer(call.Context(), statefulclient.AnswerOptions{})
	require.ErrorIs(t, err, statefulclient.ErrCallEnded, "the end cancelled the request")
	var end *statefulclient.EndedError
	require.ErrorAs(t, err, &end)
	require.EqualValues(t, 4521, end.Reason.Subcode)

	other := r.call(r.platform.AddPerson("Alex Wilber"))
	r.client.Close()
	require.NotErrorIs(t, other.WaitFor(r.context(), resources.CallStateHold), statefulclient.ErrCallEnded)
}

func TestARequestThatTheEndCancelledSaysThatTheCallEndedFirst(t *testing.T) {
	r := newRig(t)
	call := r.call(r.platform.AddPerson("Adele Vance"))
	leg := r.platform.Call(call.ID())
	r.platform.SlowReplies(time.Hour)
	failed := make(chan error, 1)
	go func() { failed <- call.SubscribeToTone(call.Context()) }()
	require.NoError(t, leg.WaitListening(r.context())) // it was carried out, and is not answered
	leg.End(200, 4521, "")
	err := <-failed
	require.ErrorIs(t, err, statefulclient.ErrCallEnded)
	require.ErrorIs(t, err, context.Canceled)
	require.Regexp(t, `^statefulclient: subscribeToTone: call \S+ ended first, reported 200/4521, CallTerminated; `+
		`POST communications/calls/\S+/subscribeToTone: no answer: .*it may have been carried out all the same`, err.Error())
	failure, ok := errors.AsType[*transport.Error](err)
	require.True(t, ok)
	require.True(t, failure.EffectUnknown)
}

func TestAHangUpWhoseEndIsNotReportedEndsTheCallInTime(t *testing.T) {
	r := newRig(t, rigOptions{limits: statefulclient.Limits{EndWithin: 20 * time.Millisecond}})
	call := r.call(r.platform.AddPerson("Adele Vance"))
	r.platform.Call(call.ID()).LoseEnd()
	began := time.Now()
	require.NoError(t, call.Hangup(r.context()))
	require.Equal(t, statefulclient.EndLost, ended(r.context(), t, call).Cause)
	require.Less(t, time.Since(began), 10*time.Second)
}
