package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

const (
	incoming    = resources.CallStateIncoming
	established = resources.CallStateEstablished
	hold        = resources.CallStateHold
	terminating = resources.CallStateTerminating
	terminated  = resources.CallStateTerminated
)

// script makes lines one second apart: each process is told what follows it.
type script struct {
	at    time.Time
	lines []line
}

func (s *script) tell(process, kind, event string, change func(*line)) *script {
	s.at = s.at.Add(time.Second)
	l := line{Process: process, Kind: kind, EventID: event, At: s.at}
	if change != nil {
		change(&l)
	}
	s.lines = append(s.lines, l)
	return s
}

func (s *script) edge(process, event string, state resources.CallState) *script {
	return s.tell(process, saysState, event, func(l *line) { l.New = state })
}

func (s *script) guess(process, event string, state resources.CallState) *script {
	return s.tell(process, saysState, event, func(l *line) { l.New, l.Cause = state, statefulclient.CauseResync })
}

func (s *script) present(process, event string, state resources.CallState) *script {
	return s.tell(process, saysState, event, func(l *line) { l.New, l.Initial = state, true })
}

func (s *script) added(process, event string) *script { return s.tell(process, saysAdded, event, nil) }

func (s *script) key(process, event string, key int64) *script {
	return s.tell(process, saysKey, event, func(l *line) { l.Key = key })
}

// A was killed after five seconds.
func killed(process string, at time.Time) bool {
	return process == "a" && at.After(time.Time{}.Add(5*time.Second))
}

func begun() *script {
	return new(script).tell("a", saysIncoming, "1/2", nil).added("a", "1/3").edge("a", "1/1", incoming).edge("a", "2/1", established)
}

func TestCallsAreJudged(t *testing.T) {
	whole := course{[]resources.CallState{incoming, established, hold, established, terminated}, []int64{1}}
	right := func(s *script) *script {
		return s.edge("a", "3/1", hold).edge("a", "4/1", established).key("a", "5/1", 1).edge("a", "6/1", terminated)
	}
	for name, c := range map[string]struct {
		lines                                                          *script
		course                                                         course
		lost, doubled, unexplained, atOnce, announced, repeated, found int
	}{
		"as it was": {lines: right(begun()), course: whole},
		"an edge lost": {
			lines: begun().edge("a", "4/1", hold).key("a", "5/1", 1).edge("a", "6/1", terminated), course: whole, lost: 1,
		},
		"a key lost": {
			lines: begun().edge("a", "3/1", hold).edge("a", "4/1", established).edge("a", "6/1", terminated), course: whole, lost: 1,
		},
		"the end lost": {
			lines: begun().edge("a", "3/1", hold).edge("a", "4/1", established).key("a", "5/1", 1), course: whole, lost: 1,
		},
		"taken over": {
			lines: begun().edge("a", "3/1", hold).added("b", "b1").present("b", "b2", hold).edge("b", "4/1", established).
				key("b", "5/1", 1).edge("b", "6/1", terminated), course: whole,
		},
		"told again after a kill": {
			lines: begun().edge("a", "3/1", hold).added("b", "b1").present("b", "b2", established).edge("b", "3/1", hold).
				edge("b", "4/1", established).key("b", "5/1", 1).edge("b", "6/1", terminated), course: whole, repeated: 1,
		},
		"told again to the same": {
			lines: right(begun()).edge("a", "6/1", terminated), course: whole, repeated: 1, unexplained: 1,
		},
		"told again as something else": {
			lines: right(begun()).edge("a", "7/1", terminated), course: whole, doubled: 1,
		},
		"told without a name": {
			lines: begun().edge("a", "", terminated), course: course{states: []resources.CallState{incoming, established, terminated}}, unexplained: 1,
		},
		"told by who had lost it": {
			lines: begun().edge("a", "3/1", hold).added("b", "b1").present("b", "b2", hold).edge("a", "4/1", established).
				key("b", "5/1", 1).edge("b", "6/1", terminated), course: whole, atOnce: 1,
		},
		"announced twice": {
			lines:  begun().tell("a", saysIncoming, "9/1", nil).edge("a", "6/1", terminated),
			course: course{states: []resources.CallState{incoming, established, terminated}}, announced: 1,
		},
		"found out by asking": {
			lines: begun().guess("a", "a/1", terminated), course: course{states: []resources.CallState{incoming, established, terminating, terminated}, keys: []int64{1}}, found: 2,
		},
	} {
		var o outcome
		o.judgeCall("c", c.course, c.lines.lines, killed)
		require.Len(t, o.lost, c.lost, "%s: lost", name)
		require.Len(t, o.doubled, c.doubled, "%s: doubled", name)
		require.Len(t, o.unexplained, c.unexplained, "%s: unexplained", name)
		require.Len(t, o.atOnce, c.atOnce, "%s: at once", name)
		require.Len(t, o.announced, c.announced, "%s: announced", name)
		require.Equal(t, c.repeated, o.repeated, "%s: repeated", name)
		require.Equal(t, c.found, o.overtaken, "%s: found out", name)
		require.Equal(t, c.lost+c.doubled+c.unexplained+c.atOnce+c.announced > 0, o.failed(), name)
	}
}

func TestTakeOversAreMeasured(t *testing.T) {
	serves := func(partition int) func(*line) {
		return func(l *line) { l.Ownership.Owned, l.Ownership.Partition, l.Ownership.Calls = true, partition, 7 }
	}
	s := new(script).tell("a", saysOwnership, "", serves(1)).tell("a", saysOwnership, "", serves(2)).tell("b", saysOwnership, "", serves(1))
	o := outcome{kills: []kill{{process: "a", at: time.Time{}.Add(2 * time.Second), partitions: map[int]bool{1: true, 2: true}}}}
	o.judgeTakeOvers(s.lines)
	require.Equal(t, []time.Duration{time.Second}, o.takeOvers)
	require.Equal(t, 7, o.takenCalls)
	require.Len(t, o.lost, 1, "partition 2 is nobody's")
	o.takeOvers, o.kills[0].partitions = nil, map[int]bool{1: true}
	o.kills = append(o.kills, kill{process: "c", at: time.Time{}.Add(2500 * time.Millisecond)})
	o.judgeTakeOvers(s.lines)
	require.Equal(t, []time.Duration{500 * time.Millisecond}, o.takeOvers)
	require.Equal(t, 1, o.interrupted)
	o = outcome{takeOvers: []time.Duration{time.Second, slowest + 1}}
	require.True(t, o.slow())
}

func TestHandOversAreMeasured(t *testing.T) {
	owns := func(partition int, is bool) func(*line) {
		return func(l *line) { l.Ownership.Owned, l.Ownership.Partition = is, partition }
	}
	s := new(script).tell("a", saysOwnership, "", owns(1, true)).tell("a", saysOwnership, "", owns(2, true)).
		tell("a", saysOwnership, "", owns(1, false)).tell("b", saysOwnership, "", owns(2, true)).
		tell("a", saysOwnership, "", owns(2, false)).tell("b", saysOwnership, "", owns(1, true)).
		tell("c", saysOwnership, "", owns(2, true))
	var o outcome
	o.judgeHandOvers(s.lines)
	require.Equal(t, []time.Duration{3 * time.Second}, o.handOvers, "partition 2 was told of late, and never without an owner")
}

func TestADroppedCallFails(t *testing.T) {
	require.True(t, (&outcome{dropped: []string{"call c ended, and nobody had ended it"}}).failed())
}

func TestRostersAreCompared(t *testing.T) {
	people := resources.Participants{{ID: "a"}, {ID: "b", IsMuted: true}, {ID: "c"}}
	for name, c := range map[string]struct {
		held  callDump
		wrong bool
	}{
		"the same":      {held: callDump{Roster: map[string]bool{"a": false, "b": true, "c": false}}},
		"hidden itself": {held: callDump{Roster: map[string]bool{"a": false, "b": true, "c": false, "me": true}, Me: "me"}},
		"one missing":   {held: callDump{Roster: map[string]bool{"a": false, "b": true}}, wrong: true},
		"muting":        {held: callDump{Roster: map[string]bool{"a": false, "b": false, "c": false}}, wrong: true},
		"nobody at all": {wrong: true},
	} {
		require.Equal(t, c.wrong, compareRoster("c", people, c.held) != nil, name)
	}
	require.NoError(t, compareRoster("c", people[:2], callDump{}), "a call of two")
}

func TestMovedRecordsAreFound(t *testing.T) {
	before := map[string]uint64{"1.a": 5, "2.b": 6, "3.c": 7}
	after := map[string]uint64{"1.a": 5, "2.b": 9, "3.c": 8}
	require.Len(t, moved(before, after, nil), 2)
	require.Len(t, moved(before, after, map[int]bool{3: true}), 1)
}
