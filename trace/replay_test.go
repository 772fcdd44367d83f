package trace_test

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/trace"
)

const (
	ringing     = `{"changeType":"created","resourceUrl":"/communications/calls/c1","resourceData":{"@odata.type":"#microsoft.graph.call","state":"incoming"}}`
	established = `{"changeType":"updated","resourceUrl":"/communications/calls/c1","resourceData":{"@odata.type":"#microsoft.graph.call","state":"established"}}`
	people      = `{"changeType":"updated","resourceUrl":"/communications/calls/c1/participants","resourceData":[{"@odata.type":"#microsoft.graph.participant","id":"p1"},{"@odata.type":"#microsoft.graph.participant","id":"p2"}]}`
	over        = `{"changeType":"deleted","resourceUrl":"/communications/calls/c1","resourceData":{"@odata.type":"#microsoft.graph.call","state":"terminated","resultInfo":{"code":200,"subcode":5001}}}`
)

func TestReplayTellsWhatWasHeard(t *testing.T) {
	r := newRecorded(t, "c1")
	r.notify(ringing, established, people, over)
	result := r.requireReplayed()
	require.Equal(t, 5, result.Lines)
	require.Len(t, result.Calls, 1)
	call := result.Calls[0]
	require.True(t, call.Begins)
	require.True(t, call.Whole)
	require.Equal(t, []resources.CallState{"incoming", "established", "terminated"}, call.States())
	require.Equal(t, []string{"establishing"}, call.Edges()[1].Skipped)
	require.Equal(t, &trace.ResultCode{Code: 200, Subcode: 5001}, call.Edges()[2].Result)
	require.Len(t, call.Participants(), 2)
	cause, ended := call.Ended()
	require.True(t, ended)
	require.Equal(t, "reported", cause)
}

// Whatever differs from what was recorded is found.
func TestReplayFindsDifferences(t *testing.T) {
	for what, change := range map[string]func(e *trace.Entry){
		"verdict":      func(e *trace.Entry) { e.Verdict = "stale" },
		"events":       func(e *trace.Entry) { e.Events = nil },
		"participants": func(e *trace.Entry) { e.Participants++ },
		"revision":     func(e *trace.Entry) { e.Revision++ },
		"state":        func(e *trace.Entry) { e.Digest = strings.Repeat("0", 24) },
	} {
		r := newRecorded(t, "c1")
		r.notify(ringing, people, over)
		result, err := trace.Replay(changed(t, &r.text, 4, change))
		require.NoError(t, err)
		require.NotNil(t, result.Difference, what)
		require.Equal(t, what, result.Difference.What)
		require.Equal(t, 4, result.Difference.Line)
		require.Contains(t, result.Difference.String(), "c1")
	}
}

// changed is a trace with one line changed.
func changed(t *testing.T, text *bytes.Buffer, line int, change func(e *trace.Entry)) *bytes.Buffer {
	t.Helper()
	out := new(bytes.Buffer)
	reader := trace.NewReader(bytes.NewReader(text.Bytes()))
	for range bytes.Count(text.Bytes(), []byte("\n")) {
		e, err := reader.Next()
		require.NoError(t, err)
		if reader.Line() == line {
			change(e)
		}
		require.NoError(t, json.NewEncoder(out).Encode(e))
	}
	return out
}

// What is missing is said, and the call is exact again from where it goes on.
func TestReplayGoesOnAfterWhatIsMissing(t *testing.T) {
	r := newRecorded(t, "c1")
	r.notify(ringing)
	r.state = reducer.Reduce(r.state, notification(t, established)).State
	require.NoError(t, r.writer.Write(&trace.Entry{Kind: trace.KindMissing, Missing: 1}))
	r.present = true
	r.notify(people, over)
	result := r.requireReplayed()
	require.EqualValues(t, 1, result.Missing)
	require.Equal(t, 3, result.MissingAt)
	require.Len(t, result.Calls, 1)
	require.False(t, result.Calls[0].Whole)
	require.Equal(t, []resources.CallState{"incoming", "terminated"}, result.Calls[0].States())
	r.requireSanitized()
}

// A request that was sent before the recording began brings along what it was sent
// at.
func TestReplyToWhatWasAskedBefore(t *testing.T) {
	for _, moved := range []bool{false, true} {
		r := newRecorded(t, "c1")
		r.state = reducer.Reduce(r.state, notification(t, ringing)).State
		since := r.state
		r.state = reducer.Reduce(r.state, notification(t, people)).State
		if moved {
			r.state = reducer.Reduce(r.state, notification(t, established)).State
		}
		r.begun, r.present = true, true
		described := decode[resources.Call](t, `{"id":"c1","state":"established","subject":"Weekly"}`)
		listed := decode[resources.ParticipantsReply](t, `{"value":[{"id":"p1"}]}`).Value
		r.hear(reduce.Fetched{Since: since, Call: described, Listed: true, People: listed})
		require.Contains(t, r.text.String(), `"sinceState"`)
		require.Equal(t, !moved, strings.Contains(r.text.String(), `"sameCall":true`))
		r.requireReplayed()
		r.requireSanitized()
	}
}

// Each recording in a file has its own calls, and a call that ended may come again.
func TestSeveralRecordingsInOneFile(t *testing.T) {
	one, two := newRecorded(t, "c1"), newRecorded(t, "c1")
	one.notify(ringing, over)
	two.notify(ringing)
	result, err := trace.Replay(bytes.NewReader(append(one.text.Bytes(), two.text.Bytes()...)))
	require.NoError(t, err)
	require.Nil(t, result.Difference)
	require.Len(t, result.Find("c1"), 2)
}

// What is wrong with a line is told with its number.
func TestLinesThatCannotBePlayed(t *testing.T) {
	head := `{"kind":"trace","version":1}` + "\n"
	for text, reason := range map[string]error{
		`{"kind":"asked"}`: trace.ErrMalformed,
		`nothing`:          trace.ErrMalformed,
		head + `{"kind":"asked","call":"c","life":1}` + "\n":                                                                             trace.ErrMalformed,
		head + `{"kind":"unheardOf","call":"c","life":1}` + "\n":                                                                         trace.ErrMalformed,
		head + `{"call":"c"}` + "\n":                                                                                                     trace.ErrMalformed,
		head + `{"kind":"notification","begins":true,"call":"c","life":1}` + "\n":                                                        trace.ErrMalformed,
		head + `{"kind":"granted","begins":true,"call":"c","life":1,"data":{}}` + "\n":                                                   trace.ErrMalformed,
		head + `{"kind":"fetched","begins":true,"call":"c","life":1,"since":3}` + "\n":                                                   trace.ErrMalformed,
		head + `{"kind":"present","call":"c","life":1,"state":{"version":1}}` + "\n":                                                     trace.ErrMalformed,
		head + `{"kind":"asked","begins":true,"call":"c","life":1}` + "\n" + `{"kind":"asked","begins":true,"call":"c","life":1}` + "\n": trace.ErrMalformed,
		`{"kind":"trace","version":2}` + "\n":                                                                                            trace.ErrNewer,
	} {
		if !strings.HasSuffix(text, "\n") {
			text += "\n"
		}
		_, err := trace.Replay(strings.NewReader(text))
		require.ErrorIs(t, err, reason, text)
		var line *trace.LineError
		require.ErrorAs(t, err, &line)
		require.Equal(t, strings.Count(text, "\n"), line.Line, text)
		require.Contains(t, err.Error(), "line ")
		require.Error(t, trace.Sanitize(&bytes.Buffer{}, strings.NewReader(text)))
	}
}

func TestTraceOfAKilledProcessIsPlayedToItsLastWholeLine(t *testing.T) {
	r := newRecorded(t, "c1")
	r.notify(ringing, established)
	whole := r.text.Bytes()
	for cut := 1; cut < 200; cut += 7 {
		result, err := trace.Replay(bytes.NewReader(whole[:len(whole)-1-cut]))
		require.NoError(t, err)
		require.True(t, result.Truncated)
		require.Equal(t, 2, result.Lines)
		require.NoError(t, trace.Sanitize(&bytes.Buffer{}, bytes.NewReader(whole[:len(whole)-1-cut])))
	}
	result, err := trace.Replay(bytes.NewReader(append([]byte("\n"), whole[:len(whole)-1]...))) // the end of the line alone
	require.NoError(t, err)
	require.False(t, result.Truncated)
	require.Equal(t, 3, result.Lines)
}

// The table in the docs has each property of a line, and each kind.
func TestFormatIsDocumented(t *testing.T) {
	text, err := os.ReadFile("../docs/traces.md")
	require.NoError(t, err)
	example, err := os.ReadFile("example_test.go")
	require.NoError(t, err)
	_, code, _ := strings.Cut(string(text), "```go\nfunc Test")
	code, _, _ = strings.Cut(code, "```")
	require.Contains(t, string(example), "func Test"+code)
	documented := map[string]bool{}
	for row := range strings.Lines(string(text)) {
		if cells := strings.Split(row, "|"); len(cells) > 3 {
			for name := range strings.FieldsSeq(strings.NewReplacer("`", " ", ",", " ").Replace(cells[1])) {
				documented[name] = true
			}
		}
	}
	for _, of := range []reflect.Type{reflect.TypeFor[trace.Entry](), reflect.TypeFor[trace.Event](), reflect.TypeFor[trace.ResultCode]()} {
		for field := range of.Fields() {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			require.True(t, documented[name], "%s.%s is not in docs/traces.md", of, name)
			delete(documented, "")
		}
	}
	for _, kind := range []trace.Kind{
		trace.KindTrace, trace.KindNotification, trace.KindReply, trace.KindFetched, trace.KindAsked, trace.KindGranted, trace.KindRefused,
		trace.KindWaited, trace.KindGone, trace.KindGrouped, trace.KindUngrouped, trace.KindGroupsListed, trace.KindPresent,
		trace.KindRestored, trace.KindParked, trace.KindLate, trace.KindUnmatched, trace.KindRedelivered, trace.KindBusy, trace.KindMissing,
	} {
		require.True(t, documented[string(kind)], "%s is not in docs/traces.md", kind)
	}
}

func FuzzReader(f *testing.F) {
	r := newRecorded(f, "c1")
	r.notify(ringing, established, people)
	r.present = true
	r.notify(over)
	f.Add(r.text.Bytes())
	f.Add([]byte(`{"kind":"trace","version":1}` + "\n" + `{"kind":"notification","call":"c","life":1,"begins":true,"data":{"resourceUrl":"/communications/calls/c/operations/a%2","resourceData":[]}}`))
	f.Add([]byte(`{"kind":"trace","version":1}` + "\n" + `{"kind":"late","call":"c","digest":"d","events":[{"kind":"tone","to":"tone7"}],"data":[{}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		result, err := trace.Replay(bytes.NewReader(text))
		if err != nil {
			var line *trace.LineError
			require.ErrorAs(t, err, &line)
		}
		require.NotNil(t, result)
		var clean bytes.Buffer
		if trace.Sanitize(&clean, bytes.NewReader(text)) == nil {
			again, err := trace.Replay(&clean)
			require.NoError(t, err)
			require.Len(t, again.Calls, len(result.Calls))
		}
	})
}

// The reply to what was asked before a call's end comes after it, and changes
// nothing.
func TestReplyAfterTheEnd(t *testing.T) {
	r := newRecorded(t, "c1")
	r.notify(ringing)
	since := r.state
	r.notify(established, over)
	require.Equal(t, reduce.Late, r.hear(reduce.Fetched{Since: since, Call: since.Call}).Verdict)
	r.requireReplayed()
	r.requireSanitized()
}
