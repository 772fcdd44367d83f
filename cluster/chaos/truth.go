package main

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

// differ says how what the instances hold differs from the platform.
func (sc *scene) differ(ctx context.Context) error {
	holders := map[string][]string{}
	held := map[string]callDump{}
	for _, p := range sc.living() {
		a, err := p.ask(ctx, command{Do: doDump})
		if err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		for id, call := range a.Dump.Calls {
			holders[id] = append(holders[id], p.name)
			held[id] = call
		}
	}
	last := map[string]resources.CallState{}
	for _, l := range sc.witness.lines() {
		if l.Kind == saysState {
			last[l.Call] = l.New
		}
	}
	var differences []error
	for _, call := range sc.platform.Calls() {
		differences = append(differences, compare(call, holders[call.ID()], held[call.ID()], last[call.ID()]))
	}
	return errors.Join(differences...)
}

func compare(call *simulator.Call, holders []string, held callDump, last resources.CallState) error {
	facts := call.Facts()
	alive := facts.State != resources.CallStateTerminated
	switch {
	case len(holders) > 1:
		return fmt.Errorf("call %s is at %v", call.ID(), holders)
	case alive && len(holders) == 0:
		return fmt.Errorf("call %s is %s, and nobody has it", call.ID(), facts.State)
	case len(holders) > 0 && held.State != facts.State:
		return fmt.Errorf("call %s is %s, and for %s %s", call.ID(), facts.State, holders[0], held.State)
	case last != facts.State:
		return fmt.Errorf("call %s is %s, and its handlers were told %q last", call.ID(), facts.State, last)
	case alive:
		return compareRoster(call.ID(), facts.Roster, held)
	}
	return nil
}

// compareRoster compares ids and muting. Of a call of two, whose roster the
// platform does not tell, there is nothing to compare; a bot that is hidden sees
// itself all the same.
func compareRoster(callID string, people resources.Participants, held callDump) error {
	if len(held.Roster) == 0 && len(people) <= 2 {
		return nil
	}
	want, have := map[string]bool{}, maps.Clone(held.Roster)
	for i := range people {
		want[people[i].ID] = people[i].IsMuted
	}
	if _, shown := want[held.Me]; !shown {
		delete(have, held.Me)
	}
	if !maps.Equal(want, have) {
		return fmt.Errorf("call %s has %v, and for the bot %v", callID, want, held.Roster)
	}
	return nil
}
