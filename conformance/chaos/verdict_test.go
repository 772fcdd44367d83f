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
	terminated  = resources.CallStateTerminated
)

// past is a truth of two processes, the first of which was killed.
func past(lines ...told) *truth {
	began := time.Now().Add(-time.Minute)
	first := &process{generation: 1, began: began, ended: began.Add(20 * time.Second), killed: true}
	second := &process{generation: 2, began: began.Add(21 * time.Second)}
	for i := range lines {
		lines[i].Kind = saysState
		if lines[i].at.IsZero() {
			lines[i].at = began.Add(time.Duration(lines[i].generation*22-21) * time.Second)
		}
	}
	return &truth{lives: []*process{first, second}, lines: map[string][]told{"c": lines}}
}

func edge(generation int, from, to resources.CallState, cause statefulclient.Cause) told {
	return told{line: line{Old: from, New: to, Cause: cause}, generation: generation}
}

func TestEndsAreJudged(t *testing.T) {
	byNotification, byRestore := statefulclient.CauseNotification, statefulclient.CauseRestore
	begun := edge(1, "", established, byNotification)
	for name, c := range map[string]struct {
		truth                            *truth
		lost, doubled, forgotten, retold int
	}{
		"once":             {truth: past(begun, edge(1, established, terminated, byNotification))},
		"twice":            {truth: past(begun, edge(1, established, terminated, byNotification), edge(1, established, terminated, byNotification)), doubled: 1},
		"again, marked":    {truth: past(begun, edge(1, established, terminated, byNotification), edge(2, established, terminated, byRestore)), retold: 1},
		"again, unmarked":  {truth: past(begun, edge(1, established, terminated, byNotification), edge(2, established, terminated, byNotification)), doubled: 1},
		"twice, as marked": {truth: past(edge(2, established, terminated, byNotification), edge(2, established, terminated, byRestore)), doubled: 1},
		"never":            {truth: past(begun), lost: 1},
		"never heard of":   {truth: past(), forgotten: 1},
		"just before the kill": {truth: past(told{
			line: line{New: incoming}, generation: 1, at: time.Now().Add(-40500 * time.Millisecond),
		}), forgotten: 1},
	} {
		var o outcome
		o.judgeEnd(c.truth, "c", true)
		require.Len(t, o.lost, c.lost, name)
		require.Len(t, o.doubled, c.doubled, name)
		require.Equal(t, c.forgotten, o.forgotten, name)
		require.Equal(t, c.retold, o.retold, name)
	}
}

func TestEdgesAreJudged(t *testing.T) {
	for name, c := range map[string]struct {
		edges         []told
		lost, doubled int
	}{
		"forward":   {edges: []told{edge(1, "", incoming, ""), edge(1, incoming, established, ""), edge(1, established, hold, ""), edge(1, hold, established, ""), edge(1, established, terminated, "")}},
		"backwards": {edges: []told{edge(1, established, incoming, "")}, doubled: 1},
		"twice":     {edges: []told{edge(1, "", incoming, ""), edge(1, incoming, incoming, "")}, doubled: 1},
		"a gap":     {edges: []told{edge(1, "", incoming, ""), edge(1, established, hold, "")}, lost: 1},
		"initial":   {edges: []told{edge(1, "", incoming, ""), {line: line{New: established, Initial: true}}}, doubled: 1},
	} {
		var o outcome
		o.judgeEdges("c", c.edges)
		require.Len(t, o.lost, c.lost, name)
		require.Len(t, o.doubled, c.doubled, name)
	}
}

func TestRostersAreJudged(t *testing.T) {
	people := resources.Participants{{ID: "a"}, {ID: "b", IsMuted: true}, {ID: "c"}}
	for name, c := range map[string]struct {
		held  callDump
		wrong int
	}{
		"the same":       {held: callDump{Roster: map[string]bool{"a": false, "b": true, "c": false}}},
		"hidden itself":  {held: callDump{Roster: map[string]bool{"a": false, "b": true, "c": false, "me": true}, Me: "me"}},
		"one too many":   {held: callDump{Roster: map[string]bool{"a": false, "b": true, "c": false, "d": true}, Me: "me"}, wrong: 1},
		"one missing":    {held: callDump{Roster: map[string]bool{"a": false, "b": true}}, wrong: 1},
		"muting":         {held: callDump{Roster: map[string]bool{"a": false, "b": false, "c": false}}, wrong: 1},
		"nobody at all":  {held: callDump{}, wrong: 1},
		"itself missing": {held: callDump{Roster: map[string]bool{"a": false, "b": true}, Me: "c"}, wrong: 1},
	} {
		var o outcome
		o.differRoster("c", people, c.held)
		require.Len(t, o.wrongRosters, c.wrong, name)
	}
	var o outcome
	o.differRoster("c", people[:2], callDump{})
	require.Empty(t, o.wrongRosters, "a call of two")
}
