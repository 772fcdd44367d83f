package main

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

// How long a process must live on for what it took to be safe: the client tells
// what it commits without waiting for the disk, and looks up a call it knows
// nothing of when Limits.ParkFor, a second, has passed, or half as much again.
const (
	toSave   = time.Second
	toLookUp = 2500 * time.Millisecond
)

// truth is what the platform and the pipe to the bot's processes tell of what
// was to be told.
type truth struct {
	scene     *scene
	lives     []*process
	lines     map[string][]told // of each call
	exchanges map[string][]simulator.Exchange
	unmatched map[string]bool
}

func newTruth(scene *scene) *truth {
	t := &truth{scene: scene, lives: scene.owner.lives(), lines: map[string][]told{}, exchanges: map[string][]simulator.Exchange{}, unmatched: map[string]bool{}}
	for _, l := range scene.owner.lines() {
		if l.Kind == saysUnmatched {
			t.unmatched[l.Call] = true
		} else {
			t.lines[l.Call] = append(t.lines[l.Call], l)
		}
	}
	for _, e := range scene.platform.Exchanges() {
		id := cmp.Or(e.CallID, callIn(e.URL)) // a request that was refused is about no call
		t.exchanges[id] = append(t.exchanges[id], e)
	}
	return t
}

func callIn(url string) string {
	_, rest, _ := strings.Cut(url, "/communications/calls/")
	id, _, _ := strings.Cut(rest, "/")
	return id
}

// owed reports whether the bot must be told of a call from beginning to end. It
// must unless nothing of the call ever reached a process of the bot that lived on
// long enough: nothing its handlers were told and no reply to a request about the
// call, with time to save it; no notification, with time to look the call up. A
// process that is killed may take with it what reached it in that time, and if
// nothing is heard of the call afterwards, nobody can know of it.
func (t *truth) owed(callID string) bool {
	for _, e := range t.exchanges[callID] {
		grace := toSave
		if e.ToBot {
			grace = toLookUp
		}
		if e.Status >= 200 && e.Status < 300 && t.survived(e.At.Add(e.Took), grace) {
			return true
		}
	}
	return t.toldAndSurvived(callID)
}

func (t *truth) toldAndSurvived(callID string) bool {
	return slices.ContainsFunc(t.lines[callID], func(l told) bool { return t.survived(l.at, toSave) })
}

func (t *truth) toldOfOperation(callID, operationID string) bool {
	return slices.ContainsFunc(t.exchanges[callID], func(e simulator.Exchange) bool {
		return e.ToBot && e.Status >= 200 && e.Status < 300 && t.survived(e.At.Add(e.Took), toSave) &&
			bytes.Contains(e.RequestBody, []byte("/operations/"+operationID))
	})
}

// leftOver reports whether all that reached processes that lived on came too
// late for them to know what it was about, and went to OnUnmatched: the call was
// over when the client, for want of the reply that names it, looked it up; or it
// was never answered, so that nothing in the address shows whose it was.
func (t *truth) leftOver(callID string) bool {
	over := slices.ContainsFunc(t.exchanges[callID], func(e simulator.Exchange) bool {
		return !e.ToBot && e.Method == http.MethodGet && e.Status == http.StatusNotFound
	})
	routed := slices.ContainsFunc(t.exchanges[callID], func(e simulator.Exchange) bool {
		return e.ToBot && strings.Contains(e.URL, "route=")
	})
	return t.unmatched[callID] && !t.toldAndSurvived(callID) && (over || !routed)
}

// survived reports whether the process of a moment lived on for so long.
func (t *truth) survived(at time.Time, grace time.Duration) bool {
	for _, p := range t.lives {
		if p.began.Before(at) && (p.ended.IsZero() || p.ended.Sub(at) >= grace) {
			return true
		}
	}
	return false
}

// wasEstablished reports whether a call ever was, as far as the platform had
// anything to say of that.
func wasEstablished(call *simulator.Call) bool {
	for _, d := range call.Deliveries() {
		for _, n := range d.Notifications() {
			if simulator.InState(resources.CallStateEstablished)(&n) {
				return true
			}
		}
	}
	return call.State() == resources.CallStateEstablished
}

// differ notes how what a client holds differs from the platform.
func (o *outcome) differ(scene *scene, d *dump) {
	o.wrongStates, o.wrongRosters, o.pending = nil, nil, nil
	t := newTruth(scene)
	for _, call := range scene.platform.Calls() {
		facts := call.Facts()
		held, known := d.Calls[call.ID()]
		alive := facts.State != resources.CallStateTerminated
		switch {
		case alive && !known && t.owed(call.ID()):
			o.wrongStates = append(o.wrongStates, fmt.Sprintf("call %s is %s, and the bot has none", call.ID(), facts.State))
		case known && held.State != facts.State:
			o.wrongStates = append(o.wrongStates, fmt.Sprintf("call %s is %s, and for the bot %s", call.ID(), facts.State, held.State))
		case alive && known:
			o.differTold(t, call.ID(), facts.State)
			o.differRoster(call.ID(), facts.Roster, held)
			o.differPending(t, call, held)
		}
	}
}

// differTold looks at what the handlers of the process there is were told last.
func (o *outcome) differTold(t *truth, callID string, state resources.CallState) {
	var last resources.CallState
	for _, l := range t.lines[callID] {
		if l.Kind == saysState && l.generation == len(t.lives) {
			last = l.New
		}
	}
	if last != state {
		o.wrongStates = append(o.wrongStates, fmt.Sprintf("call %s is %s, and its handlers were told %q last", callID, state, last))
	}
}

// differRoster compares ids and muting. Of a call of two, whose roster the
// platform does not tell, there is nothing to compare; a bot that is hidden sees
// itself all the same.
func (o *outcome) differRoster(callID string, people resources.Participants, held callDump) {
	if len(held.Roster) == 0 && len(people) <= 2 {
		return
	}
	want, have := map[string]bool{}, maps.Clone(held.Roster)
	for i := range people {
		want[people[i].ID] = people[i].IsMuted
	}
	if _, shown := want[held.Me]; !shown {
		delete(have, held.Me)
	}
	if !maps.Equal(want, have) {
		o.wrongRosters = append(o.wrongRosters, fmt.Sprintf("call %s has %v, and for the bot (trust %d) %v", callID, want, held.Trust, held.Roster))
	}
}

// differPending looks for operations that ended on the platform. Where the record
// has no id to ask for, for the process was killed before that was saved, it takes
// the notification to know, and a process that lived on after it.
func (o *outcome) differPending(t *truth, call *simulator.Call, held callDump) {
	for _, pending := range held.Pending {
		for _, d := range call.Deliveries() {
			for _, n := range d.Notifications() {
				data, ok := n.Data.(resources.OperationData)
				if !ok || !data.Operation.Common().Status.Ended() {
					continue
				}
				common := data.Operation.Common()
				if pending.ID != "" && pending.ID == common.ID || pending.ClientContext == common.ClientContext && t.toldOfOperation(call.ID(), common.ID) {
					o.pending = append(o.pending, fmt.Sprintf("operation %s (%s) of call %s has ended, and is pending", common.ID, pending.ClientContext, call.ID()))
				}
			}
		}
	}
}
