package main

import (
	"fmt"
	"slices"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

// course is what a bot was to be told of a call, in order.
type course struct {
	states []resources.CallState
	keys   []int64
}

// courseOf is what the platform reported of a call, and was answered 202.
func courseOf(call *simulator.Call) course {
	var c course
	for _, d := range call.Deliveries() {
		if !d.Accepted() || d.Copy {
			continue
		}
		for _, n := range d.Notifications() {
			reported, ok := n.Data.(*resources.Call)
			if !ok {
				continue
			}
			if reported.State != "" && (len(c.states) == 0 || c.states[len(c.states)-1] != reported.State) {
				c.states = append(c.states, reported.State)
			}
			if reported.ToneInfo != nil {
				c.keys = append(c.keys, reported.ToneInfo.SequenceID)
			}
		}
	}
	return c
}

// judge looks at all that the bot was told of each call, now that all have ended.
func (o *outcome) judge(sc *scene) {
	lines := map[string][]line{}
	for _, l := range sc.witness.lines() {
		if l.Call != "" {
			lines[l.Call] = append(lines[l.Call], l)
		}
	}
	failed := func(process string, at time.Time) bool {
		for _, p := range sc.all() {
			if p.name == process {
				return p.failedBefore(at)
			}
		}
		return false
	}
	for _, call := range sc.platform.Calls() {
		o.calls++
		o.judgeCall(call.ID(), courseOf(call), lines[call.ID()], failed)
	}
	o.judgeTakeOvers(sc.witness.lines())
	for _, what := range []string{"doubled", "late", "overtaken", "tried at another"} {
		o.count(what, sc.balancer.counted(what))
	}
	o.count("notifications", int(sc.platform.Stats().Delivered))
}

// judgeCall compares what was told of one call with its course.
func (o *outcome) judgeCall(callID string, c course, lines []line, failed func(string, time.Time) bool) {
	o.judgeOwners(callID, lines)
	lines = o.unique(callID, lines, failed)
	o.judgeIncoming(callID, lines, failed)
	told, keys := toldOf(lines)
	o.edges += len(told)
	what := fmt.Sprintf("it was %v %v, and told was %v", c.states, c.keys, lines)
	if o.shuffled && shuffled(callID) {
		c, told, keys = certain(c), ends(told), repeated(keys)
	}
	o.judgeEdges(callID, what, c.states, told)
	guessed := slices.ContainsFunc(told, func(l line) bool { return l.New == resources.CallStateTerminated && l.Cause.Inferred() })
	lost, extra := difference(c.keys, keys)
	for _, key := range lost {
		if guessed {
			o.overtaken++
		} else {
			o.lost = append(o.lost, fmt.Sprintf("call %s: key %d was not told; %s", callID, key, what))
		}
	}
	for _, key := range extra {
		o.doubled = append(o.doubled, fmt.Sprintf("call %s: key %d was told too often; %s", callID, key, what))
	}
}

// judgeEdges compares edges with the states that were to be told. What the client
// found out by asking the platform may have overtaken what the platform reports, and
// the states before it are not told then.
func (o *outcome) judgeEdges(callID, what string, states []resources.CallState, told []line) {
	var edges []resources.CallState
	for _, l := range told {
		edges = append(edges, l.New)
	}
	matches := align(states, edges)
	next := 0
	lose := func(until int, excused bool, skipped []resources.CallState) {
		for ; next < until; next++ {
			switch state := states[next]; {
			case excused:
				o.overtaken++
			case !slices.Contains(skipped, state):
				o.lost = append(o.lost, fmt.Sprintf("call %s: %s was not told; %s", callID, state, what))
			}
		}
	}
	for i, match := range matches {
		if match < 0 {
			o.doubled = append(o.doubled, fmt.Sprintf("call %s: %s was told too often; %s", callID, edges[i], what))
			continue
		}
		lose(match, told[i].Cause.Inferred(), told[i].Skipped)
		next++
	}
	lose(len(states), false, nil)
}

// toldOf are the edges and the keys that were told. What a call was when its first
// handler came to know it counts as an edge.
func toldOf(lines []line) (edges []line, keys []int64) {
	for _, l := range lines {
		switch {
		case l.Kind == saysKey:
			keys = append(keys, l.Key)
		case l.Kind == saysState && (!l.Initial || len(edges) == 0):
			edges = append(edges, l)
		}
	}
	return edges, keys
}

// certain is what must be told of a call in whatever order its notifications came:
// that it ended. What a later state has overtaken is late, and so is a key after
// the end.
func certain(c course) course {
	return course{states: slices.DeleteFunc(slices.Clone(c.states), func(s resources.CallState) bool { return s != resources.CallStateTerminated })}
}

func ends(told []line) []line {
	return slices.DeleteFunc(slices.Clone(told), func(l line) bool { return l.New != resources.CallStateTerminated })
}

// repeated are the keys that were told before.
func repeated(keys []int64) []int64 {
	_, extra := difference(slices.Compact(slices.Sorted(slices.Values(keys))), slices.Sorted(slices.Values(keys)))
	return extra
}

// unique leaves out what was told again as the same event, and counts it.
func (o *outcome) unique(callID string, lines []line, failed func(string, time.Time) bool) []line {
	type event struct{ kind, id string }
	first := map[event]line{}
	var unique []line
	for _, l := range lines {
		if l.Kind == saysUnmatched {
			continue
		}
		if l.EventID == "" {
			o.unexplained = append(o.unexplained, fmt.Sprintf("call %s: %s was told without an EventID", callID, l.Kind))
		}
		e := event{l.Kind, l.EventID}
		before, again := first[e]
		if !again {
			first[e] = l
			unique = append(unique, l)
			continue
		}
		o.repeated++
		if before.Process == l.Process || !failed(before.Process, l.At) {
			o.unexplained = append(o.unexplained, fmt.Sprintf("call %s: %s %s (%s) was told to %s and again to %s, though nobody was killed",
				callID, l.Kind, l.New, l.EventID, before.Process, l.Process))
		}
	}
	return unique
}

// judgeOwners looks whether two worked on the call at once. Who takes it over is
// first told that it is there, or comes in; what another is told after that is one
// too many.
func (o *outcome) judgeOwners(callID string, lines []line) {
	owner := ""
	for _, l := range lines {
		switch {
		case l.Kind == saysRemoved, l.Kind == saysUnmatched: // the former owner is told that it has let go
		case owner == "", l.Kind == saysAdded, l.Kind == saysIncoming, l.Initial:
			owner = l.Process
		case owner != l.Process:
			o.atOnce = append(o.atOnce, fmt.Sprintf("call %s: %s was told %s %s at %s, when %s had it",
				callID, l.Process, l.Kind, l.New, l.At.Format(clock), owner))
		}
	}
}

// judgeIncoming looks whether one instance alone was told that the call comes in,
// or the next one because that was killed, or handed the call over while it rang.
func (o *outcome) judgeIncoming(callID string, lines []line, failed func(string, time.Time) bool) {
	var last *line
	for i := range lines {
		l := &lines[i]
		if l.Kind != saysIncoming {
			continue
		}
		if last != nil && (last.Process == l.Process || !l.Initial && !failed(last.Process, l.At)) {
			o.announced = append(o.announced, fmt.Sprintf("call %s came in at %s, and again at %s", callID, last.Process, l.Process))
		}
		last = l
	}
}

// judgeTakeOvers measures from each kill to when each of the partitions was served
// by another. Where one more instance was killed meanwhile, which may have been the
// new owner, it counts from then.
func (o *outcome) judgeTakeOvers(lines []line) {
	for _, k := range o.kills {
		for partition := range k.partitions {
			at := slices.IndexFunc(lines, func(l line) bool {
				return l.Kind == saysOwnership && l.Ownership.Owned && l.Ownership.Partition == partition && l.Process != k.process && l.At.After(k.at)
			})
			if at >= 0 {
				since := k.at
				for _, other := range o.kills {
					if other.at.After(since) && other.at.Before(lines[at].At) {
						since = other.at
					}
				}
				if since != k.at {
					o.interrupted++
				}
				o.takeOvers = append(o.takeOvers, lines[at].At.Sub(since))
				o.takenCalls += lines[at].Ownership.Calls
			} else {
				o.lost = append(o.lost, fmt.Sprintf("partition %d of %s, killed at %s, was never served again", partition, k.process, k.at.Format(clock)))
			}
		}
	}
	slices.Sort(o.takeOvers)
}

// judgeHandOvers measures how long each of the partitions that were handed over had
// no owner.
func (o *outcome) judgeHandOvers(lines []line) {
	owner, free := map[int]string{}, map[int]time.Time{}
	for _, l := range lines {
		partition := l.Ownership.Partition
		switch {
		case l.Kind != saysOwnership:
		case l.Ownership.Owned:
			if since, was := free[partition]; was {
				o.handOvers = append(o.handOvers, l.At.Sub(since))
				delete(free, partition)
			}
			owner[partition] = l.Process
		case owner[partition] == l.Process: // else the next owner has said so first
			free[partition] = l.At
		}
	}
	slices.Sort(o.handOvers)
}

// difference is what is missing of wanted, and what is too much.
func difference[T comparable](wanted, have []T) (missing, extra []T) {
	next := 0
	for i, match := range align(wanted, have) {
		if match < 0 {
			extra = append(extra, have[i])
			continue
		}
		missing = append(missing, wanted[next:match]...)
		next = match + 1
	}
	return append(missing, wanted[next:]...), extra
}

// align says which of wanted each of have is, so that as many as can be are in the
// same order; -1 for none.
func align[T comparable](wanted, have []T) []int {
	longest := make([][]int, len(wanted)+1) // of wanted[i:] and have[j:]
	for i := range longest {
		longest[i] = make([]int, len(have)+1)
	}
	for i, w := range slices.Backward(wanted) {
		for j, h := range slices.Backward(have) {
			longest[i][j] = max(longest[i+1][j], longest[i][j+1])
			if w == h {
				longest[i][j] = longest[i+1][j+1] + 1
			}
		}
	}
	matches := slices.Repeat([]int{-1}, len(have))
	for i, j := 0, 0; i < len(wanted) && j < len(have); {
		switch {
		case wanted[i] == have[j]:
			matches[j] = i
			i, j = i+1, j+1
		case longest[i+1][j] >= longest[i][j+1]:
			i++
		default:
			j++
		}
	}
	return matches
}
