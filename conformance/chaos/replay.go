package main

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"slices"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/trace"
)

// judgeReplays plays the trace of each process again, and its sanitized copy.
func (o *outcome) judgeReplays(scene *scene) {
	for _, p := range scene.owner.lives() {
		if p.trace == "" {
			continue
		}
		recorded, err := os.ReadFile(p.trace)
		if err != nil {
			o.replayedOtherwise(p, "", err.Error())
			continue
		}
		result, err := trace.Replay(bytes.NewReader(recorded))
		o.played += result.Lines
		switch {
		case err != nil:
			o.replayedOtherwise(p, "", err.Error())
		case result.Difference != nil:
			o.replayedOtherwise(p, result.Difference.Call, result.Difference.String())
		case result.Missing > 0:
			o.replayedOtherwise(p, "", fmt.Sprint(result.Missing, " lines are missing"))
		default:
			o.compareTold(p, result, scene.owner.lines())
			o.judgeSanitized(p, result, recorded)
		}
	}
}

func (o *outcome) replayedOtherwise(p *process, callID, how string) {
	o.replayed = append(o.replayed, fmt.Sprintf("call %s: replay of process %d: %s", callID, p.generation, how))
}

// compareTold compares with what the bot's handlers were told, and with what the
// client held when it told that a call had ended.
func (o *outcome) compareTold(p *process, result *trace.Result, lines []told) {
	edges := map[string][]resources.CallState{}
	for _, l := range lines {
		switch {
		case l.generation != p.generation:
		case l.Kind == saysState && !l.Initial:
			edges[l.Call] = append(edges[l.Call], l.New)
		case l.Kind == saysRemoved && l.Held != nil:
			o.compareHeld(p, result.Find(l.Call), l)
		}
	}
	played := map[string][]resources.CallState{}
	for _, call := range result.Calls {
		played[call.ID] = append(played[call.ID], call.States()...)
	}
	for _, id := range slices.Sorted(maps.Keys(edges)) {
		if !agree(edges[id], played[id], p.killed) {
			o.replayedOtherwise(p, id, fmt.Sprintf("%v, and told were %v", played[id], edges[id]))
		}
		delete(played, id)
	}
	for id, states := range played {
		if len(states) > 0 && !p.killed {
			o.replayedOtherwise(p, id, fmt.Sprintf("%v, and nothing was told", states))
		}
	}
}

// agree reports whether two lists are the same or, where the process was killed,
// one begins with the other.
func agree(one, other []resources.CallState, killed bool) bool {
	if killed {
		shorter := min(len(one), len(other))
		one, other = one[:shorter], other[:shorter]
	}
	return slices.Equal(one, other)
}

func (o *outcome) compareHeld(p *process, lives []*trace.Call, l told) {
	if len(lives) == 0 {
		if !p.killed {
			o.replayedOtherwise(p, l.Call, "it is not in the trace")
		}
		return
	}
	last := lives[len(lives)-1]
	if _, ended := last.Ended(); !ended && p.killed {
		return
	}
	roster := map[string]bool{}
	for _, person := range last.Participants() {
		roster[person.ID] = person.IsMuted
	}
	if last.Resource().State != l.Held.State || last.Resource().MyParticipantID != l.Held.Me || !maps.Equal(roster, l.Held.Roster) {
		o.replayedOtherwise(p, l.Call, fmt.Sprintf("%s with %v, and the client had it %s with %v", last.Resource().State, roster, l.Held.State, l.Held.Roster))
	}
}

// judgeSanitized looks whether a trace tells the same without personal data.
func (o *outcome) judgeSanitized(p *process, plain *trace.Result, recorded []byte) {
	var clean bytes.Buffer
	err := trace.Sanitize(&clean, bytes.NewReader(recorded))
	var result *trace.Result
	if err == nil {
		result, err = trace.Replay(&clean)
	}
	switch {
	case err != nil:
		o.replayedOtherwise(p, "", "sanitized: "+err.Error())
	case result.Difference != nil:
		o.replayedOtherwise(p, "", "sanitized: "+result.Difference.String())
	case result.Lines != plain.Lines || !slices.EqualFunc(result.Calls, plain.Calls, func(a, b *trace.Call) bool { return slices.Equal(a.States(), b.States()) }):
		o.replayedOtherwise(p, "", "sanitized, it tells something else")
	}
}
