package reduce_test

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/internal/order"
	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/internal/roster"
	"github.com/graphcalls/graphcalls-go/resources"
)

// What one order of arrival leads to, another keeps in the same form, but for
// the order of properties without a field, which is that of their arrival.
func TestEqualStatesHaveEqualSnapshots(t *testing.T) {
	for name, trace := range map[string][]reduce.Input{"call": callTrace(t), "meeting": orderedTrace(t), "repeating": repeatingTrace(t)} {
		t.Run(name, func(t *testing.T) {
			want := keptOf(t, trace)
			for order := range permutations(len(trace)) {
				var arrival []reduce.Input
				for _, i := range order {
					arrival = append(arrival, trace[i])
				}
				require.Equal(t, want, keptOf(t, arrival), "%v", order)
			}
		})
	}
}

func keptOf(t require.TestingT, inputs []reduce.Input) string {
	state := reduce.New("c1")
	for _, input := range inputs {
		state = reducer.Reduce(state, input).State
	}
	return snapshot(t, state)
}

// The format as it was first written is read for ever.
func TestSnapshotsOfTheFirstFormatAreRead(t *testing.T) {
	file := filepath.Join("testdata", "snapshots", "1.json")
	kept, err := os.ReadFile(file)
	require.NoError(t, err)
	state, err := reduce.Restore(kept)
	require.NoError(t, err)
	require.JSONEq(t, string(kept), snapshot(t, state), "was anything lost?")
	require.Equal(t, "Weekly", state.Call.Subject)
	require.Equal(t, roster.Delta, state.Roster.Trust)
	require.Equal(t, 3, state.Roster.Len())
	require.Equal(t, []reduce.Gap{reduce.GapRoster, reduce.GapTones}, state.Gaps())
	require.Equal(t, []reduce.PendingOperation{{ClientContext: "m1", ID: "O-1"}, {ClientContext: "m2"}}, state.PendingOperations())

	late := reducer.Reduce(state, trace(t, `{"changeType":"updated","resourceUrl":"/communications/calls/c1","resourceData":{"state":"establishing","subject":"Older","future":1,"tenantId":"t","source":null}}`)[0])
	require.Equal(t, reduce.Stale, late.Verdict)
	require.Equal(t, "Weekly", late.State.Call.Subject)
	require.Equal(t, "t", late.State.Call.TenantID)
	future, _ := late.State.Call.Property("future")
	require.JSONEq(t, "2", string(future))

	ended, err := reduce.Restore([]byte(`{"version":1,"call":{"id":"c1","state":"terminated"},"end":{"cause":"reported","result":{"code":487},"reason":"CallTerminated"}}`))
	require.NoError(t, err)
	require.Equal(t, reduce.CauseReported, ended.End.Cause)
	require.EqualValues(t, 487, ended.End.Result.Code)
	require.Equal(t, "CallTerminated", ended.End.Reason)
}

// Whoever adds to what is remembered adds it to the snapshot, and here.
func TestSnapshotsHaveAllThatIsRemembered(t *testing.T) {
	state := reflect.TypeFor[reduce.State]()
	require.Equal(t, "Call Roster Sessions Groups End etag stamps tones operations endedSessions revision resting", fieldNames(state),
		"but for revision, which counts anew, and resting, which is the Call again")
	require.Equal(t, "some first last missing earlier waiting", fieldNames(field(t, state, "tones")))
	require.Equal(t, "clientContext id asked ended", fieldNames(field(t, state, "operations").Elem()))
	require.Equal(t, "Cause Result Reason", fieldNames(reflect.TypeFor[reduce.End]()))
	require.Equal(t, "Trust Sequence people waiting", fieldNames(reflect.TypeFor[roster.Roster]()))
	require.Equal(t, "groups names", fieldNames(reflect.TypeFor[order.Stamps]()))
}

func fieldNames(of reflect.Type) string {
	var names []string
	for i := range of.NumField() {
		names = append(names, of.Field(i).Name)
	}
	return strings.Join(names, " ")
}

func field(t *testing.T, of reflect.Type, name string) reflect.Type {
	t.Helper()
	f, ok := of.FieldByName(name)
	require.True(t, ok)
	return f.Type
}

func TestClearedFactsStayCleared(t *testing.T) {
	state := reduce.New("c1")
	for _, input := range trace(t,
		`{"changeType":"updated","resourceUrl":"/communications/calls/c1","resourceData":{"state":"established","subject":"s","mediaState":{"audio":"active"},"tenantId":"t"}}`,
		`{"changeType":"updated","resourceUrl":"/communications/calls/c1","resourceData":{"state":"established","subject":null,"mediaState":null,"tenantId":""}}`,
	) {
		state = reducer.Reduce(state, input).State
	}
	state = restarted(t, state)
	text := encode(t, state.Call)
	require.Contains(t, text, `"subject":null`)
	require.Contains(t, text, `"mediaState":null`)
	require.Contains(t, text, `"tenantId":""`)

	late := reducer.Reduce(state, trace(t, `{"changeType":"updated","resourceUrl":"/communications/calls/c1","resourceData":{"state":"establishing","subject":"s"}}`)[0])
	require.Equal(t, reduce.Stale, late.Verdict)
	require.Empty(t, late.State.Call.Subject)
}

func TestSnapshotsOfOthersAreRefusedOrReadAsFarAsTheyGo(t *testing.T) {
	_, err := reduce.Restore([]byte(`{"version":2,"call":"elsewhere"}`))
	require.ErrorIs(t, err, reduce.ErrNewerSnapshot)
	require.ErrorContains(t, err, "its format is 2, this one reads up to 1")

	state, err := reduce.Restore([]byte(`{"version":1,"mood":"good","call":{"id":"c1","state":"established","mood":1},
		"stamps":[{"state":"established","fields":["subject","mood"],"mood":2},{"state":"warp","fields":["tenantId"]}],
		"roster":{"trust":"blind","mood":3,"people":[{"id":"a"}]}}`))
	require.NoError(t, err)
	require.Equal(t, roster.Stale, state.Roster.Trust)
	require.NotContains(t, snapshot(t, state), `"mood":2`)
	require.Contains(t, snapshot(t, state), `"undeclared":["mood"]`)

	for _, malformed := range []string{
		``, `{`, `[]`, `null`, `"x"`, `{}`, `{"call":{}}`, `{"version":1}`, `{"version":1,"call":null}`, `{"version":1,"call":5}`,
		`{"version":0,"call":{}}`, `{"version":"one","call":{}}`, `{"version":1,"call":{}} {}`,
		`{"version":1,"call":{},"etag":5}`, `{"version":1,"call":{},"roster":[]}`, `{"version":1,"call":{},"stamps":[null]}`,
		`{"version":1,"call":{},"stamps":[{"version":"x"}]}`, `{"version":1,"call":{},"stamps":[{"version":"-1"}]}`, `{"version":1,"call":{},"stamps":[{"fields":"subject"}]}`,
		`{"version":1,"call":{},"roster":{"people":[null]}}`, `{"version":1,"call":{},"roster":{"people":{}}}`, `{"version":1,"call":{},"roster":{"others":[{"key":"k"}]}}`,
		`{"version":1,"call":{},"roster":{"others":[{"key":7,"participant":{}}]}}`, `{"version":1,"call":{},"roster":{"sequence":"many"}}`,
		`{"version":1,"call":{},"tones":{"first":{}}}`, `{"version":1,"call":{},"tones":{"waiting":[null]}}`,
		`{"version":1,"call":{},"operations":[{"ended":5}]}`, `{"version":1,"call":{},"operations":[{"asked":"perhaps"}]}`,
		`{"version":1,"call":{},"sessions":[null]}`, `{"version":1,"call":{},"groups":[7]}`, `{"version":1,"call":{},"end":{"cause":1}}`,
	} {
		_, err := reduce.Restore([]byte(malformed))
		require.ErrorIs(t, err, resources.ErrMalformed, malformed)
	}
}

func TestPendingOperations(t *testing.T) {
	state := reduce.New("c1")
	for _, input := range []reduce.Input{
		reduce.Asked{ClientContext: "m1"}, reduce.Asked{ClientContext: "m2"}, reduce.Asked{ClientContext: "m3"}, reduce.Asked{ClientContext: "m4"},
		reduce.Granted{ClientContext: "m2", Operation: &resources.CommsOperation{ID: "0FA3D8A0-0000-4000-8000-0123456789AB"}},
		reduce.Granted{ClientContext: "m3", Operation: &resources.CommsOperation{ID: "o3", Status: resources.OperationStatusCompleted}},
		reduce.Refused{ClientContext: "m4"},
		deliver(t, `{"value":[{"changeType":"deleted","resourceUrl":"/communications/calls/c1/operations/of-another","resourceData":{"status":"completed"}}]}`)[0],
	} {
		state = restarted(t, reducer.Reduce(state, input).State)
	}
	require.Equal(t, []reduce.PendingOperation{{ClientContext: "m1"}, {ClientContext: "m2", ID: "0FA3D8A0-0000-4000-8000-0123456789AB"}}, state.PendingOperations())

	outcome := reducer.Reduce(state, deliver(t, `{"value":[{"changeType":"deleted","resourceUrl":"/communications/calls/c1/operations/0fa3d8a00000400080000123456789ab","resourceData":{"status":"completed"}}]}`)[0])
	require.Equal(t, "m2", outcome.Events[0].(reduce.OperationEnded).ClientContext)
	require.Equal(t, []reduce.PendingOperation{{ClientContext: "m1"}}, outcome.State.PendingOperations())
}

// FuzzRestore holds what is promised of any text: it is refused, or makes a
// state that can be kept, and go on.
func FuzzRestore(f *testing.F) {
	for _, trace := range [][]reduce.Input{callTrace(f), orderedTrace(f), repeatingTrace(f), busyTrace(f), append(busyTrace(f), endings(f)...)} {
		state := reduce.New("c1")
		for i, input := range trace {
			state = reducer.Reduce(state, input).State
			if i%4 == 0 || i == len(trace)-1 {
				f.Add([]byte(snapshot(f, state)))
			}
		}
	}
	f.Add([]byte(`{"version":1,"call":{"subject":5,"subject":"x"},"tones":{"last":9223372036854775807}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		state, err := reduce.Restore(data)
		if err != nil {
			return
		}
		restarted(t, state)
		for _, input := range slices.Concat(busyTrace(t), orderedTrace(t), endings(t)) {
			state = reducer.Reduce(state, input).State
		}
		restarted(t, state)
	})
}
