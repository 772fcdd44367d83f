package statefulclient_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/store"
	"github.com/graphcalls/graphcalls-go/trace"
)

// tape is a writer that can be held up.
type tape struct {
	mu    sync.Mutex
	text  bytes.Buffer
	stuck chan struct{} // nil: it is not
	err   error
}

func (w *tape) Write(line []byte) (int, error) {
	w.mu.Lock()
	stuck, err := w.stuck, w.err
	w.mu.Unlock()
	if stuck != nil {
		<-stuck
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil {
		return 0, err
	}
	return w.text.Write(line)
}

func (w *tape) hold() (release func()) {
	stuck := make(chan struct{})
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stuck = stuck
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.stuck = nil
		close(stuck)
	}
}

func (w *tape) fail(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.err = err
}

func (w *tape) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

func (w *tape) replay(t *testing.T) *trace.Result {
	t.Helper()
	result, err := trace.Replay(strings.NewReader(w.String()))
	require.NoError(t, err)
	require.Nil(t, result.Difference, "%v", result.Difference)
	return result
}

func (r *rig) record(to *tape, options statefulclient.TraceOptions) *statefulclient.TraceRecording {
	r.t.Helper()
	recording, err := r.client.RecordTrace(to, options)
	require.NoError(r.t, err)
	r.t.Cleanup(func() { _ = recording.Close() })
	return recording
}

func requireSame(t *testing.T, call *statefulclient.Call, played *trace.Call) {
	t.Helper()
	held, err := call.Snapshot()
	require.NoError(t, err)
	again, err := played.Snapshot()
	require.NoError(t, err)
	require.Equal(t, string(held), string(again))
}

func TestRecordingBeginsInTheMiddleOfACall(t *testing.T) {
	r := newRig(t)
	call := r.call(r.platform.AddPerson("Adele Vance"))
	var to tape
	recording := r.record(&to, statefulclient.TraceOptions{})
	r.platform.Call(call.ID()).SetState(resources.CallStateHold)
	require.NoError(t, call.WaitFor(r.context(), resources.CallStateHold))
	r.platform.Call(call.ID()).End(200, 5001, "")
	ended(r.context(), t, call)
	require.NoError(t, recording.Close())
	require.Equal(t, 1, strings.Count(to.String(), `"digest"`), "ends alone have one")
	result := to.replay(t)
	require.Len(t, result.Calls, 1)
	require.False(t, result.Calls[0].Begins)
	require.True(t, result.Calls[0].Whole)
	require.Contains(t, to.String(), `"kind":"present"`)
	require.Equal(t, []resources.CallState{resources.CallStateHold, resources.CallStateTerminated}, result.Calls[0].States())
	requireSame(t, call, result.Calls[0])

	other := r.call(r.platform.AddPerson("Alex Wilber")) // which nobody records
	require.NotContains(t, to.String(), other.ID())
}

// A writer that is stuck holds up no call. The trace says how much is missing, and
// each call goes on in it from how it stands.
func TestStuckWriterHoldsUpNoCall(t *testing.T) {
	r := newRig(t)
	var to tape
	recording := r.record(&to, statefulclient.TraceOptions{Buffer: 4, EachState: true})
	call := r.call(r.platform.AddPerson("Adele Vance"))
	release := to.hold()
	for range 20 {
		held := r.platform.Call(call.ID())
		held.SetState(resources.CallStateHold)
		require.NoError(t, call.WaitFor(r.context(), resources.CallStateHold))
		held.SetState(resources.CallStateEstablished)
		require.NoError(t, call.WaitFor(r.context(), resources.CallStateEstablished))
	}
	require.Greater(t, recording.Missing(), uint64(30))
	release()
	for n := 0; n < 100 && !strings.Contains(to.String(), `"kind":"missing"`); n++ {
		held := r.platform.Call(call.ID())
		held.SetState(resources.CallStateHold)
		require.NoError(t, call.WaitFor(r.context(), resources.CallStateHold))
		held.SetState(resources.CallStateEstablished)
		require.NoError(t, call.WaitFor(r.context(), resources.CallStateEstablished))
	}
	r.platform.Call(call.ID()).End(200, 5001, "")
	ended(r.context(), t, call)
	require.NoError(t, recording.Close())
	result := to.replay(t)
	require.Equal(t, recording.Missing(), result.Missing)
	require.Positive(t, result.MissingAt)
	require.Len(t, result.Calls, 1)
	require.False(t, result.Calls[0].Whole)
	requireSame(t, call, result.Calls[0])
}

// A reply to what was asked while lines were left out brings along what it was
// asked at.
func TestReplyToWhatWasAskedWhileLinesWereMissing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, rigOptions{platform: func(o *simulator.Options) { o.InMemory = true }})
		var to tape
		recording := r.record(&to, statefulclient.TraceOptions{Buffer: 2, EachState: true})
		call := r.call(r.platform.AddPerson("Adele Vance"))
		held := r.platform.Call(call.ID())
		release := to.hold()
		for range 4 {
			held.SetState(resources.CallStateHold)
			held.SetState(resources.CallStateEstablished)
			synctest.Wait()
		}
		r.platform.SlowReplies(3 * time.Second)
		go func() { _ = call.Refresh(call.Context()) }() // the replay shows what came of it
		passTime(time.Second)
		held.SetState(resources.CallStateHold)
		held.SetState(resources.CallStateEstablished)
		synctest.Wait()
		release()
		synctest.Wait()
		held.SetState(resources.CallStateHold)
		passTime(time.Minute)
		held.End(200, 5001, "")
		passTime(time.Minute)
		require.NoError(t, recording.Close())
		require.Equal(t, 1, strings.Count(to.String(), `"sinceState"`))
		result := to.replay(t)
		require.Positive(t, result.Missing)
		requireSame(t, call, result.Calls[0])
		r.client.Close()
	})
}

// Lines that are missing at the end are told, too.
func TestWhatIsMissingAtTheEndIsTold(t *testing.T) {
	r := newRig(t)
	var to tape
	release := to.hold()
	recording := r.record(&to, statefulclient.TraceOptions{Buffer: 1})
	call := r.call(r.platform.AddPerson("Adele Vance"))
	release()
	require.NoError(t, recording.Close())
	require.Positive(t, recording.Missing())
	result := to.replay(t)
	require.Equal(t, recording.Missing(), result.Missing)
	require.NotNil(t, call)
}

func TestWriterThatFailsEndsTheRecordingAlone(t *testing.T) {
	r := newRig(t)
	var to tape
	recording := r.record(&to, statefulclient.TraceOptions{})
	full := errors.New("no space left")
	to.fail(full)
	call := r.call(r.platform.AddPerson("Adele Vance"))
	require.Eventually(t, func() bool { return recording.Err() != nil }, 10*time.Second, time.Millisecond)
	require.ErrorIs(t, recording.Close(), full)
	require.ErrorIs(t, recording.Close(), full)
	require.Equal(t, resources.CallStateEstablished, call.State())

	var next tape
	again := r.record(&next, statefulclient.TraceOptions{})
	r.platform.Call(call.ID()).End(200, 5001, "")
	ended(r.context(), t, call)
	require.NoError(t, again.Close())
	require.Len(t, next.replay(t).Calls, 1)
}

func TestOneRecordingAtATime(t *testing.T) {
	r := newRig(t)
	var to, other tape
	recording := r.record(&to, statefulclient.TraceOptions{})
	_, err := r.client.RecordTrace(&other, statefulclient.TraceOptions{})
	require.ErrorIs(t, err, statefulclient.ErrTraceRecording)
	require.Empty(t, other.String())
	require.NoError(t, recording.Close())
	require.NoError(t, r.record(&other, statefulclient.TraceOptions{}).Close())
	require.Equal(t, 1, strings.Count(other.String(), "\n"))
	r.client.Close()
	_, err = r.client.RecordTrace(&other, statefulclient.TraceOptions{})
	require.ErrorIs(t, err, statefulclient.ErrClosed)
}

// What reaches no call is in the trace, and changes nothing.
func TestWhatReachesNoCallIsRecorded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, rigOptions{platform: func(o *simulator.Options) { o.InMemory = true }, limits: statefulclient.Limits{ParkFor: time.Second, Parked: 1}})
		r.platform.FailNext(simulator.Failure{Times: 1000, Status: 500})
		var to tape
		recording := r.record(&to, statefulclient.TraceOptions{})
		twice := delivery(t, incoming("c1"))
		twice.MessageID = "m-1"
		require.NoError(t, r.client.Deliver(twice))
		require.NoError(t, r.client.Deliver(twice))
		require.NoError(t, r.client.Deliver(delivery(t, updated("c1", `{"state":"terminated"}`))))
		synctest.Wait()
		require.NoError(t, r.client.Deliver(delivery(t, updated("c1", `{"state":"established"}`))))
		require.NoError(t, r.client.Deliver(delivery(t, updated("c2", `{"state":"established"}`))))
		require.Error(t, r.client.Deliver(delivery(t, updated("c3", `{"state":"established"}`))))
		passTime(3 * time.Second)
		require.NoError(t, recording.Close())
		result := to.replay(t)
		require.Len(t, result.Calls, 1)
		var kinds []trace.Kind
		for step, err := range trace.Steps(strings.NewReader(to.String())) {
			require.NoError(t, err)
			kinds = append(kinds, step.Entry.Kind)
		}
		for _, kind := range []trace.Kind{trace.KindRedelivered, trace.KindLate, trace.KindParked, trace.KindBusy, trace.KindUnmatched} {
			require.Contains(t, kinds, kind)
		}
		r.client.Close()
	})
}

// No token comes near a trace: neither the bot's own, nor the platform's, nor one in
// what the platform sends.
func TestNoTokenGetsIntoATrace(t *testing.T) {
	r := newRig(t)
	var to tape
	recording := r.record(&to, statefulclient.TraceOptions{EachState: true})
	call := r.call(r.platform.AddPerson("Adele Vance"))
	operation, err := call.RecordResponse(r.context(), statefulclient.RecordOptions{})
	require.NoError(t, err)
	recorded, err := operation.Wait(r.context())
	require.NoError(t, err)
	require.NotEmpty(t, recorded.RecordingAccessToken)
	r.platform.Call(call.ID()).End(200, 5001, "")
	ended(r.context(), t, call)
	require.NoError(t, recording.Close())
	to.replay(t)
	text := to.String()
	for _, secret := range []string{r.bot.Secret, "Bearer", "eyJ", recorded.RecordingAccessToken} {
		require.NotContains(t, text, secret)
	}
	require.Contains(t, text, `"recordingAccessToken":"secret-`)
	require.Contains(t, text, `"message":"`)
	require.Contains(t, text, `"scenario":"`)
}

// Calls that another process goes on with are in its trace from how they were
// restored.
func TestRestoredCallsReplay(t *testing.T) {
	calls := store.NewMemory()
	r := newRig(t, rigOptions{build: func(b *statefulclient.StatefulClientBuilder) { b.SetStore(calls) }})
	meeting := r.platform.AddMeeting(simulator.Meeting{})
	r.platform.AddPerson("Adele Vance").Join(meeting)
	id := r.join(meeting).ID()
	require.NoError(t, r.client.Flush(r.context()))
	r.client.Close()
	late := r.platform.AddPerson("Alex Wilber")
	late.Join(meeting)

	r.client = r.another(rigOptions{build: func(b *statefulclient.StatefulClientBuilder) { b.SetStore(calls) }})
	r.takenBy(r.client.Handler())
	var to tape
	recording := r.record(&to, statefulclient.TraceOptions{EachState: true})
	restored, err := r.client.Rehydrate(r.context())
	require.NoError(t, err)
	require.Len(t, restored, 1)
	late.Mute()
	meeting.End()
	ended(r.context(), t, restored[0])
	require.NoError(t, recording.Close())
	result := to.replay(t)
	require.Len(t, result.Calls, 1)
	require.Equal(t, id, result.Calls[0].ID)
	require.Contains(t, to.String(), `"kind":"restored"`)
	require.Contains(t, to.String(), `"cause":"restore"`)
	requireSame(t, restored[0], result.Calls[0])
}

// In a fleet each member's trace has its part of a call's life, and what the queue
// delivers again changes nothing.
func TestFleetReplays(t *testing.T) {
	f := newFleet(t)
	var one, two tape
	first, err := f.one.client.RecordTrace(&one, statefulclient.TraceOptions{EachState: true})
	require.NoError(t, err)
	second, err := f.two.client.RecordTrace(&two, statefulclient.TraceOptions{EachState: true})
	require.NoError(t, err)
	call := f.rings("c1")
	f.again()
	f.ownedByNobody()
	require.NoError(t, f.one.client.Calls().Release(f.rig.context(), call))
	f.queue.tell(updated("c1", `{"state":"hold"}`), updated("c1", `{"state":"established"}`))
	f.ownedBy(f.rig, f.two)
	f.again()
	f.queue.tell(updated("c1", `{"state":"terminated"}`))
	f.queued(0)
	f.settledAt(f.two)
	require.NoError(t, first.Close())
	require.NoError(t, second.Close())
	begun, goneOn := one.replay(t), two.replay(t)
	require.Equal(t, []resources.CallState{ringing, establishing, established}, begun.Calls[0].States())
	require.Equal(t, []resources.CallState{held, established, over}, goneOn.Calls[0].States())
	require.Contains(t, two.String(), `"kind":"restored"`)
	requireSame(t, call, begun.Calls[0])
}

func TestRecordingCanBeClosedInAHandler(t *testing.T) {
	r := newRig(t)
	var to tape
	recording := r.record(&to, statefulclient.TraceOptions{})
	closed := newInbox[error]()
	statefulclient.On(r.client.Calls(), func(ctx context.Context, e statefulclient.StateChanged) {
		if e.New == resources.CallStateEstablished {
			closed.put(ctx, recording.Close())
		}
	})
	r.call(r.platform.AddPerson("Adele Vance"))
	require.NoError(t, closed.next(r))
	states := to.replay(t).Calls[0].States()
	require.True(t, slices.Contains(states, resources.CallStateEstablished), "the trace is written before handlers are told")
}
