package trace_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/trace"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var reducer = reduce.NewReducer()

// recorded is a call whose trace is written as it goes.
type recorded struct {
	t       testing.TB
	writer  *trace.Writer
	text    bytes.Buffer
	state   *reduce.State
	call    string
	life    uint64
	from    uint64
	present bool // the next line is to be preceded by how the call stands
	begun   bool
	clock   time.Time
}

func newRecorded(t testing.TB, call string) *recorded {
	r := &recorded{t: t, state: reduce.New(call), call: call, life: 1, clock: time.Unix(1_800_000_000, 0)}
	r.writer = trace.NewWriter(&r.text)
	require.NoError(t, r.writer.Begin(r.clock))
	return r
}

// hear has the call work on something.
func (r *recorded) hear(input reduce.Input) reduce.Outcome {
	r.t.Helper()
	r.clock = r.clock.Add(time.Second)
	if r.present {
		r.from = r.state.Revision()
	}
	outcome := reducer.Reduce(r.state, input)
	require.NoError(r.t, r.writer.Heard(&trace.Heard{
		Time: r.clock, Call: r.call, Life: r.life, Begins: !r.begun, Cause: "notification", Message: "m-1", From: r.from,
		Input: input, Before: r.state, After: outcome.State, Verdict: outcome.Verdict, Events: outcome.Events,
		PresentBefore: r.present, DigestOfEveryState: true,
	}))
	r.begun, r.present = true, false
	r.state = outcome.State
	return outcome
}

// notify has it hear the items of a POST.
func (r *recorded) notify(items ...string) {
	r.t.Helper()
	for _, item := range items {
		r.hear(notification(r.t, item))
	}
}

func notification(t testing.TB, item string) reduce.Input {
	batch, err := resources.DecodeNotifications([]byte(`{"value":[` + item + `]}`))
	require.NoError(t, err)
	path, ok := batch.Value[0].Path()
	require.True(t, ok)
	return reduce.Notified{Path: path, Notification: &batch.Value[0]}
}

// requireReplayed plays it again.
func (r *recorded) requireReplayed() *trace.Result {
	r.t.Helper()
	result, err := trace.Replay(bytes.NewReader(r.text.Bytes()))
	require.NoError(r.t, err)
	require.Nil(r.t, result.Difference, "%v", result.Difference)
	want, err := r.state.Snapshot()
	require.NoError(r.t, err)
	got, err := result.Calls[len(result.Calls)-1].Snapshot()
	require.NoError(r.t, err)
	if !strings.Contains(r.text.String(), "secret-") {
		require.Equal(r.t, string(want), string(got))
	}
	return result
}

// requireSanitized sanitizes it and plays that.
func (r *recorded) requireSanitized() (string, *trace.Result) {
	r.t.Helper()
	var clean bytes.Buffer
	require.NoError(r.t, trace.Sanitize(&clean, bytes.NewReader(r.text.Bytes())))
	text := clean.String()
	result, err := trace.Replay(&clean)
	require.NoError(r.t, err)
	require.Nil(r.t, result.Difference, "%v", result.Difference)
	return text, result
}
