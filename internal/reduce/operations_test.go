package reduce_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/resources"
)

// What was asked for is not missing from an older state, and what has ended since
// is left to end there.
func TestOlderStateWithTheOperationsOfANewerOne(t *testing.T) {
	after := func(state *reduce.State, inputs ...reduce.Input) *reduce.State {
		for _, input := range inputs {
			state = reducer.Reduce(state, input).State
		}
		return state
	}
	played := func(id, mark string) resources.Operation {
		return &resources.CommsOperation{ID: id, ClientContext: mark, Status: resources.OperationStatusRunning}
	}
	ended := func(id string) reduce.Input {
		return deliver(t, `{"value":[{"changeType":"deleted","resourceUrl":"/communications/calls/c1/operations/`+id+`","resourceData":{"status":"completed"}}]}`)[0]
	}
	told := after(reduce.New("c1"), reduce.Asked{ClientContext: "a"}, reduce.Asked{ClientContext: "b"},
		reduce.Granted{ClientContext: "b", Operation: played("B", "b")}, ended("B"))
	require.Same(t, told, told.WithOperationsOf(told))
	before := snapshot(t, told)
	newest := after(told,
		reduce.Granted{ClientContext: "a", Operation: played("A", "a")}, ended("A"), ended("stranger"),
		reduce.Asked{ClientContext: "c"}, reduce.Granted{ClientContext: "c", Operation: played("C", "c")}, ended("C"),
		reduce.Asked{ClientContext: "d"},
		reduce.Asked{ClientContext: "e"}, reduce.Refused{ClientContext: "e"})
	merged := told.WithOperationsOf(newest)
	require.Equal(t, []reduce.PendingOperation{{ClientContext: "a", ID: "A"}, {ClientContext: "c", ID: "C"}, {ClientContext: "d"}}, merged.PendingOperations())
	require.Equal(t, before, snapshot(t, told), "no state ever changes")
	require.Equal(t, reduce.Applied, reducer.Reduce(merged, ended("A")).Verdict)
	require.Equal(t, reduce.Unchanged, reducer.Reduce(merged, ended("B")).Verdict, "it was told to have ended")
	require.Same(t, merged, merged.WithOperationsOf(newest))
}
