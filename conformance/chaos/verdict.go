package main

import (
	"fmt"

	"github.com/graphcalls/graphcalls-go/fsm"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// judge looks at all that the bot was told of each call, now that all have ended.
func (o *outcome) judge(scene *scene) {
	t := newTruth(scene)
	o.kills = 0
	for _, p := range t.lives {
		if p.killed {
			o.kills++
		} else if p.problems.Len() > 0 {
			o.crashes = append(o.crashes, fmt.Sprintf("process %d: %s", p.generation, p.problems))
		}
	}
	for _, l := range t.lines[""] {
		if l.Damaged {
			o.crashes = append(o.crashes, fmt.Sprintf("process %d: %s", l.generation, l.Err))
		}
	}
	for _, call := range scene.platform.Calls() {
		o.calls++
		o.judgeEnd(t, call.ID(), wasEstablished(call))
		byGeneration := map[int][]told{}
		for _, l := range t.lines[call.ID()] {
			if l.Kind == saysState {
				byGeneration[l.generation] = append(byGeneration[l.generation], l)
			}
		}
		for _, lines := range byGeneration {
			o.judgeEdges(call.ID(), lines)
		}
	}
}

// judgeEnd looks whether the end was told, and how often.
func (o *outcome) judgeEnd(t *truth, callID string, established bool) {
	lines := t.lines[callID]
	var first *told
	for i := range lines {
		l := &lines[i]
		if l.Kind != saysState || l.New != resources.CallStateTerminated {
			continue
		}
		switch {
		case first == nil:
		case l.generation > first.generation && l.Cause == statefulclient.CauseRestore:
			o.retold++
		default:
			o.doubled = append(o.doubled, fmt.Sprintf("call %s: its end was told to process %d (%s), and again to process %d (%s)",
				callID, first.generation, first.Cause, l.generation, l.Cause))
		}
		first = l
	}
	switch {
	case first != nil, len(lines) == 0 && !established:
	case !t.owed(callID):
		o.forgotten++
	case t.leftOver(callID):
		o.unmatched++
	case len(lines) == 0:
		o.lost = append(o.lost, fmt.Sprintf("call %s was established, and the bot never heard of it", callID))
	default:
		last := lines[len(lines)-1]
		o.lost = append(o.lost, fmt.Sprintf("call %s: its end was not told; the last was %s %s to process %d of %d", callID, last.Kind, last.New, last.generation, len(t.lives)))
	}
}

// judgeEdges looks at the edges that one process was told of a call.
func (o *outcome) judgeEdges(callID string, lines []told) {
	reached := map[resources.CallState]bool{}
	for i, l := range lines {
		switch {
		case l.Initial && i > 0, !l.Initial && fsm.Band(l.New) < fsm.Band(l.Old):
			o.doubled = append(o.doubled, fmt.Sprintf("call %s: process %d was told %s after %s", callID, l.generation, l.New, l.Old))
		case reached[l.New] && fsm.Band(l.New) != fsm.Band(resources.CallStateEstablished):
			if l.New != resources.CallStateTerminated { // judgeEnd has that
				o.doubled = append(o.doubled, fmt.Sprintf("call %s: process %d was told %s twice", callID, l.generation, l.New))
			}
		case i > 0 && l.Old != lines[i-1].New:
			o.lost = append(o.lost, fmt.Sprintf("call %s: process %d was told %s after %s, but not what was between", callID, l.generation, l.New, lines[i-1].New))
		}
		reached[l.New] = true
	}
}
