package reduce_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/graphcalls/graphcalls-go/fsm"
	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/resources"
)

var reducer = reduce.NewReducer()

// callTrace is an outgoing call's six notifications, shaped as captured ones:
// one transition, many updates, a roster at the end.
func callTrace(t require.TestingT) []reduce.Input {
	return trace(t,
		`{"changeType":"updated","resourceUrl":"/communications/calls/c1","resourceData":{"state":"establishing","subject":"old","id":"c1"}}`,
		`{"changeType":"updated","resourceUrl":"/communications/calls/c1","resourceData":{"state":"established","subject":"new","tenantId":"t"}}`,
		`{"changeType":"updated","resourceUrl":"/communications/calls/c1","resourceData":{"state":"established","mediaState":{"audio":"active"}}}`,
		`{"changeType":"updated","resourceUrl":"/communications/calls/c1","resourceData":{"state":"established","chatInfo":{"threadId":"19:x"},"replacesContext":null}}`,
		`{"changeType":"updated","resourceUrl":"/communications/calls/c1","resourceData":{"state":"established","meetingInfo":{"@odata.type":"#microsoft.graph.tokenMeetingInfo","token":"j"}}}`,
		`{"changeType":"updated","resourceUrl":"/communications/calls/c1/participants","resourceData":[{"id":"me"},{"id":"a","isMuted":false}]}`,
	)
}

// orderedTrace is the same for a meeting whose roster has numbers, with an end.
func orderedTrace(t require.TestingT) []reduce.Input {
	return trace(t,
		`{"changeType":"updated","resourceUrl":"/communications/calls/c1","resourceData":{"state":"establishing","subject":"old"}}`,
		`{"changeType":"updated","resourceUrl":"/communications/calls/c1","resourceData":{"state":"established","subject":"new"}}`,
		`{"changeType":"updated","resourceUrl":"/communications/calls/c1/participants","resourceData":[{"sequenceNumber":1,"participants":[{"id":"me"},{"id":"a"}]}]}`,
		`{"changeType":"updated","resourceUrl":"/communications/calls/c1/participants","resourceData":[{"sequenceNumber":2,"participants":[{"id":"b"},{"id":"a","isMuted":true}]}]}`,
		`{"changeType":"updated","resourceUrl":"/communications/calls/c1/participants","resourceData":[{"sequenceNumber":3,"participants":[{"id":"b","removedState":{"reason":"left"}}]}]}`,
		`{"changeType":"updated","resourceUrl":"/communications/calls/c1","resourceData":{"state":"terminating"}}`,
	)
}

func trace(t require.TestingT, items ...string) []reduce.Input {
	batch, err := resources.DecodeNotifications([]byte(`{"value":[` + strings.Join(items, ",") + `]}`))
	require.NoError(t, err)
	var inputs []reduce.Input
	for i := range batch.Value {
		path, _ := batch.Value[i].Path()
		inputs = append(inputs, reduce.Notified{Path: path, Notification: &batch.Value[i]})
	}
	return inputs
}

// repeatingTrace says the same facts again in later states, and others in
// between.
func repeatingTrace(t require.TestingT) []reduce.Input {
	return trace(t,
		`{"changeType":"updated","resourceUrl":"/communications/calls/c1","resourceData":{"state":"establishing","subject":"a","future":1}}`,
		`{"changeType":"updated","resourceUrl":"/communications/calls/c1","resourceData":{"state":"ringing","subject":"b","future":2}}`,
		`{"changeType":"updated","resourceUrl":"/communications/calls/c1","resourceData":{"state":"established"}}`,
		`{"changeType":"updated","resourceUrl":"/communications/calls/c1","resourceData":{"state":"established","subject":"a","future":1}}`,
		`{"changeType":"updated","resourceUrl":"/communications/calls/c1","resourceData":{"state":"terminating"}}`,
		`{"changeType":"updated","resourceUrl":"/communications/calls/c1","resourceData":{"state":"incoming","subject":"a","tenantId":"t"}}`,
	)
}

// outcomeOf plays inputs and returns all that can be seen afterwards, having
// checked what must hold on the way.
func outcomeOf(t require.TestingT, inputs []reduce.Input) string {
	state := reduce.New("c1")
	reached := map[resources.CallState]int{}
	for _, input := range inputs {
		outcome := reducer.Reduce(state, input)
		state = outcome.State
		for _, event := range outcome.Events {
			if edge, ok := event.(reduce.StateChanged); ok {
				require.GreaterOrEqual(t, fsm.Band(edge.New), fsm.Band(edge.Old), "an edge went backwards")
				reached[edge.New]++
			}
		}
	}
	for to, times := range reached {
		require.Equal(t, 1, times, "%s was reached %d times", to, times)
	}
	require.Equal(t, 1, reached[state.Call.State], "the last state was not told")
	return view(t, state)
}

func view(t require.TestingT, state *reduce.State) string {
	text, err := resources.Encode(state.Call)
	require.NoError(t, err)
	var people []string
	for person := range state.Roster.All() {
		text, err := resources.Encode(person.Resource())
		require.NoError(t, err)
		people = append(people, string(text))
	}
	slices.Sort(people)
	return fmt.Sprintln(string(text), people, state.Roster.Sequence, state.InLobby())
}

func TestEveryOrderAndDoublingEndsTheSame(t *testing.T) {
	for name, trace := range map[string][]reduce.Input{"call": callTrace(t), "meeting": orderedTrace(t), "repeating": repeatingTrace(t)} {
		t.Run(name, func(t *testing.T) {
			want := outcomeOf(t, trace)
			for order := range permutations(len(trace)) {
				var once, twice []reduce.Input
				for _, i := range order {
					once = append(once, trace[i])
					twice = append(twice, trace[i], trace[i])
				}
				require.Equal(t, want, outcomeOf(t, once), "%v", order)
				require.Equal(t, want, outcomeOf(t, twice), "%v doubled", order)
				require.Equal(t, want, outcomeOf(t, append(once, trace...)), "%v, then in order", order)
			}
		})
	}
}

func TestAnyInterleavingOfDoubledItemsEndsTheSame(t *testing.T) {
	for name, trace := range map[string][]reduce.Input{"call": callTrace(t), "meeting": orderedTrace(t), "repeating": repeatingTrace(t)} {
		t.Run(name, func(t *testing.T) {
			want := outcomeOf(t, trace)
			rapid.Check(t, func(t *rapid.T) {
				require.Equal(t, want, outcomeOf(t, rapid.Permutation(append(trace, trace...)).Draw(t, "arrival")))
			})
		})
	}
}

// With an end among them what comes after it is too late to be known, but the
// end is told, once and as the last.
func TestEndIsToldOnceInEveryOrder(t *testing.T) {
	ended := append(callTrace(t), trace(t, `{"changeType":"deleted","resourceUrl":"/communications/calls/c1","resourceData":{"state":"terminated"}}`)...)
	rapid.Check(t, func(t *rapid.T) {
		arrival := rapid.Permutation(append(ended, ended...)).Draw(t, "arrival")
		require.Contains(t, outcomeOf(t, arrival), `"state":"terminated"`)
	})
}

func TestSnapshotsStayAsTheyWere(t *testing.T) {
	trace := append(callTrace(t), orderedTrace(t)...)
	rapid.Check(t, func(t *rapid.T) {
		state := reduce.New("c1")
		var snapshots []*reduce.State
		var views []string
		for _, input := range rapid.Permutation(trace).Draw(t, "arrival") {
			state = reducer.Reduce(state, input).State
			snapshots, views = append(snapshots, state), append(views, view(t, state))
		}
		for i := range snapshots {
			require.Equal(t, views[i], view(t, snapshots[i]))
		}
	})
}

// permutations yields every order of n things.
func permutations(n int) func(func([]int) bool) {
	return func(yield func([]int) bool) {
		order := make([]int, n)
		for i := range order {
			order[i] = i
		}
		permute(order, 0, yield)
	}
}

func permute(order []int, at int, yield func([]int) bool) bool {
	if at == len(order) {
		return yield(order)
	}
	for i := at; i < len(order); i++ {
		order[at], order[i] = order[i], order[at]
		if !permute(order, at+1, yield) {
			return false
		}
		order[at], order[i] = order[i], order[at]
	}
	return true
}
