package reduce_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/internal/roster"
	"github.com/graphcalls/graphcalls-go/resources"
)

// restarted is a state as another process finds it.
func restarted(t require.TestingT, state *reduce.State) *reduce.State {
	kept := snapshot(t, state)
	restored, err := reduce.Restore([]byte(kept))
	require.NoError(t, err)
	require.Equal(t, kept, snapshot(t, restored))
	require.Equal(t, everything(t, state), everything(t, restored))
	return restored
}

func snapshot(t require.TestingT, state *reduce.State) string {
	text, err := state.Snapshot()
	require.NoError(t, err)
	return string(text)
}

// everything is all that can be seen of a state.
func everything(t require.TestingT, state *reduce.State) string {
	var members []string
	for key, session := range state.Sessions.All() {
		members = append(members, "session "+key+" "+encode(t, session))
	}
	for key, group := range state.Groups.All() {
		members = append(members, "group "+key+" "+encode(t, group))
	}
	for change := range roster.Changes(roster.Roster{}, state.Roster) {
		members = append(members, "participant "+change.Key)
	}
	slices.Sort(members)
	end := ""
	if state.End != nil {
		end = fmt.Sprint(state.End.Cause, result(state.End.Result), state.End.Reason)
	}
	return fmt.Sprintln(view(t, state), said(state.Call), state.Roster.Trust, members, state.PendingOperations(), state.Gaps(), end)
}

func said(call *resources.Call) []string {
	return resources.FieldNames[resources.Call](resources.FieldsOf(call))
}

func encode(t require.TestingT, resource any) string {
	text, err := resources.Encode(resource)
	require.NoError(t, err)
	return string(text)
}

// told is all that comes of one input.
func told(t require.TestingT, before *reduce.State, outcome reduce.Outcome) string {
	var out strings.Builder
	describe(&out, before, outcome)
	for _, event := range outcome.Events {
		switch e := event.(type) {
		case reduce.Pressed:
			fmt.Fprintln(&out, encode(t, e.Tone))
		case reduce.OperationEnded:
			fmt.Fprintf(&out, "%T %s %v\n", e.Operation, encode(t, e.Operation), e.Repeated)
		}
	}
	return out.String()
}

// The whole specification holds for a bot that is started anew before each
// thing it hears. Requests do not outlive it, so no more where one is under way.
func TestScriptsHoldAcrossRestarts(t *testing.T) {
	datadriven.Walk(t, "testdata/scripts", func(t *testing.T, path string) {
		player := &player{t: t, reducer: reducer, state: reduce.New("c1"), marks: map[string]*reduce.State{}}
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			if len(player.marks) == 0 {
				player.state = restarted(t, player.state)
			}
			return player.play(t, d)
		})
	})
}

// busyTrace has what the other traces lack: keys, operations, sharing, groups,
// versions, people without ids, values of shapes nobody expects.
func busyTrace(t require.TestingT) []reduce.Input {
	inputs := trace(t,
		`{"changeType":"updated","resourceUrl":"/communications/calls/c1","resourceData":{"@odata.etag":"W/\"7\"","state":"established","subject":["no","text"],"future":{"deep":[1.50,"\u00e9"]}}}`,
		`{"changeType":"updated","resourceUrl":"/communications/calls/c1","resourceData":{"@odata.etag":"W/\"18446744073709551615\"","state":"hold","subject":null,"chatInfo":{"threadId":"19:x","unheardOf":null},"future":null}}`,
		`{"changeType":"updated","resourceUrl":"/communications/calls/c1","resourceData":{"@odata.etag":"W/\"abc\"","state":"transferring","myParticipantId":"me","tenantId":"","resultInfo":{"code":200}}}`,
		`{"changeType":"updated","resourceUrl":"/communications/calls/c1","resourceData":{"state":"established","resultInfo":{"code":"500","subcode":7},"mediaState":null,"targets":[]}}`,
		`{"changeType":"updated","resourceUrl":"/communications/calls/c1","resourceData":{"state":"established","toneInfo":{"sequenceId":1,"tone":"tone1","loud":true}}}`,
		`{"changeType":"updated","resourceUrl":"/communications/calls/c1","resourceData":{"state":"established","toneInfo":{"sequenceId":2,"tone":"pound"}}}`,
		`{"changeType":"updated","resourceUrl":"/communications/calls/c1","resourceData":{"state":"established","toneInfo":{"sequenceId":4,"tone":"star"}}}`,
		`{"changeType":"updated","resourceUrl":"/communications/calls/c1/participants","resourceData":[{"id":"me","isInLobby":true},{"info":{"identity":{"phone":{"id":"+1"}}},"metadata":"m"},{"isMuted":true,"rosterSequenceNumber":3}]}`,
		`{"changeType":"updated","resourceUrl":"/communications/calls/c1/participants","resourceData":[{"sequenceNumber":5,"strange":1,"participants":[{"id":"c","info":{"identity":{"martian":{"id":"m"}}}},{"info":{"identity":{"phone":{"id":"+2"}}}}]}]}`,
		`{"changeType":"updated","resourceUrl":"/communications/calls/c1/participants","resourceData":[{"id":"A8D5C5B0-0000-4000-8000-0123456789AB","isMuted":false,"info":null}]}`,
		`{"changeType":"created","resourceUrl":"/communications/calls/c1/contentsharingsessions/s1"}`,
		`{"changeType":"deleted","resourceUrl":"/communications/calls/c1/contentsharingsessions/s1"}`,
		`{"changeType":"updated","resourceUrl":"/communications/calls/c1/contentsharingsessions","resourceData":[{"@odata.type":"#microsoft.graph.contentSharingSession","id":"0FA3D8A0-0000-4000-8000-0123456789AB","presenterParticipantId":"p","x":1}]}`,
		`{"changeType":"updated","resourceUrl":"/communications/calls/c1/audioRoutingGroups","resourceData":[{"@odata.type":"#microsoft.graph.audioRoutingGroup","id":"G","sources":["a"],"receivers":[]}]}`,
		`{"changeType":"deleted","resourceUrl":"/communications/calls/c1/operations/o1","resourceData":{"@odata.type":"#microsoft.graph.recordOperation","status":"completed","recordingLocation":"https://there","n":1}}`,
		`{"changeType":"deleted","resourceUrl":"/communications/calls/c1/operations/o2","resourceData":{"status":"Failed","clientContext":"m2","resultInfo":{"code":400}}}`,
		`{"changeType":"deleted","resourceUrl":"/communications/calls/c1/operations/o3"}`,
	)
	return append(inputs,
		reduce.Asked{ClientContext: "m1"},
		reduce.Asked{ClientContext: "m2"},
		reduce.Asked{ClientContext: "m3"},
		reduce.Granted{ClientContext: "m1", Operation: &resources.PlayPromptOperation{CommsOperation: resources.CommsOperation{ID: "O1", Status: resources.OperationStatusRunning}}},
		reduce.Granted{ClientContext: "m1", Operation: &resources.CommsOperation{ID: "o1", Status: resources.OperationStatusRunning}},
		reduce.Granted{ClientContext: "m3", Operation: &resources.PlayPromptOperation{CompletionReason: "stopToneDetected", CommsOperation: resources.CommsOperation{ID: "o4", Status: resources.OperationStatusCompleted}}},
		reduce.Refused{ClientContext: "m2"},
		reduce.Waited{For: reduce.GapTones},
		reduce.Waited{For: reduce.GapRoster},
		reduce.Ungrouped{ID: "G"},
		reduce.GroupsListed{Groups: []resources.AudioRoutingGroup{{ID: "H"}}},
	)
}

func endings(t require.TestingT) []reduce.Input {
	return append(trace(t,
		`{"changeType":"deleted","resourceUrl":"/communications/calls/c1","resourceData":{"state":"terminated","resultInfo":{"code":487,"more":1},"terminationReason":"CallTerminated"}}`,
		`{"changeType":"deleted","resourceUrl":"/communications/calls/c1"}`,
	), reduce.Gone{Cause: reduce.CauseLost})
}

// A bot that is started anew, at any moments, tells the same and ends in the
// same state as one that never was.
func TestRestartsAreNotSeen(t *testing.T) {
	for name, trace := range map[string][]reduce.Input{
		"call": callTrace(t), "meeting": orderedTrace(t), "repeating": repeatingTrace(t), "busy": busyTrace(t),
		"all": slices.Concat(callTrace(t), orderedTrace(t), repeatingTrace(t), busyTrace(t)),
	} {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				items := trace
				if rapid.Bool().Draw(t, "doubled") {
					items = slices.Concat(trace, trace)
				}
				arrival := rapid.Permutation(items).Draw(t, "arrival")
				if rapid.Bool().Draw(t, "ends") {
					at := rapid.IntRange(0, len(arrival)).Draw(t, "end")
					arrival = slices.Insert(arrival, at, rapid.SampledFrom(endings(t)).Draw(t, "ending"))
				}
				restart := rapid.IntRange(0, len(arrival)).Draw(t, "restart")
				again := rapid.Bool().Draw(t, "and before each that follows")
				playBoth(t, arrival, func(at int) bool { return at == restart || again && at > restart })
			})
		})
	}
}

func playBoth(t require.TestingT, arrival []reduce.Input, restarts func(at int) bool) {
	never, state := reduce.New("c1"), reduce.New("c1")
	for at, input := range arrival {
		if restarts(at) {
			state = restarted(t, state)
		}
		want, got := reducer.Reduce(never, input), reducer.Reduce(state, input)
		require.Equal(t, told(t, never, want), told(t, state, got))
		never, state = want.State, got.State
	}
	require.Equal(t, everything(t, never), everything(t, state))
	require.Equal(t, snapshot(t, never), snapshot(t, state))
}
