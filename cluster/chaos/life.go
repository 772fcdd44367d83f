package main

import (
	"context"
	"fmt"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

// patience is how long the lives of calls wait for what may never come.
const patience = 20 * time.Second

// life is one call after another, as people and the platform will have them, and
// as the bot is asked to.
type life struct {
	*scene

	dice   *dice
	number int
	gate   *gate
	// hurry ends when the act does: calls are left as they are then.
	hurry context.Context //nolint:containedctx // a signal to all lives

	people  []*simulator.Person
	meeting *simulator.Meeting
}

// live lives calls until the act ends.
func (l *life) live(ctx context.Context) {
	for l.hurry.Err() == nil {
		l.people, l.meeting = nil, nil
		call := l.begin(ctx)
		if call == nil {
			pause(l.hurry, 100*time.Millisecond) // nobody could be asked
			continue
		}
		soon, cancel := context.WithTimeout(l.hurry, patience)
		err := call.WaitForState(soon, resources.CallStateEstablished)
		cancel()
		if err != nil && l.hurry.Err() == nil {
			l.drop(call, "was not answered: "+err.Error())
		}
		if err == nil && l.happenings(call) {
			l.end(ctx, call)
		}
	}
}

func (l *life) begin(ctx context.Context) *simulator.Call {
	switch kind := l.dice.n(100); {
	case kind < 50:
		return l.person("Caller").Call(l.self).Call
	case kind < 75:
		callee := l.person("Callee")
		if l.dice.percent(50) {
			callee.WhenCalled(simulator.LetsRing)
			defer callee.PickUp()
		}
		return l.ask(ctx, command{Do: doPlace, Tenant: callee.TenantID, Target: callee.ID})
	default:
		l.meeting = l.platform.AddMeeting(simulator.Meeting{})
		for range l.dice.n(4) {
			l.person("Attendee").Join(l.meeting)
		}
		return l.ask(ctx, command{Do: doJoin, JoinURL: l.meeting.JoinURL()})
	}
}

func (l *life) person(name string) *simulator.Person {
	p := l.platform.AddPerson(fmt.Sprint(name, " ", l.number, ".", len(l.people)))
	l.people = append(l.people, p)
	return p
}

// ask asks any instance for something, which may be dead, and does not mind. It
// returns the call that is there then.
func (l *life) ask(ctx context.Context, c command) *simulator.Call {
	p := l.somebody(l.dice)
	if p == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	a, err := p.ask(ctx, c)
	if err != nil {
		return nil
	}
	return l.platform.Call(a.Call)
}

// happenings are some things that happen in a call; false if the act ended first, or
// the call.
func (l *life) happenings(call *simulator.Call) bool {
	for range 2 + l.dice.n(6) {
		if !pause(l.hurry, l.dice.between(500*time.Millisecond, 2500*time.Millisecond)) || !l.gate.pass(l.hurry) {
			return false
		}
		l.happen(call)
		l.gate.leave()
		if call.State() == resources.CallStateTerminated {
			l.drop(call, "ended, and nobody had ended it")
			return false
		}
	}
	return true
}

func (l *life) happen(call *simulator.Call) {
	switch l.dice.n(6) {
	case 0, 1:
		call.PressKey([]resources.Tone{resources.Tone1, resources.Tone2, resources.Tone3}[l.dice.n(3)])
	case 2, 3:
		call.SetState(resources.CallStateHold)
		pause(l.hurry, l.dice.between(0, 200*time.Millisecond))
		call.SetState(resources.CallStateEstablished)
	default:
		l.churn()
	}
}

// churn is people coming, going and being muted.
func (l *life) churn() {
	if len(l.people) == 0 {
		return
	}
	one := l.people[l.dice.n(len(l.people))]
	switch l.dice.n(4) {
	case 0:
		one.Mute()
	case 1:
		one.Unmute()
	case 2:
		if l.meeting != nil {
			l.person("Late").Join(l.meeting)
		}
	case 3:
		if l.meeting != nil {
			one.Leave()
		}
	}
}

// end ends the call in one of the ways there are.
func (l *life) end(ctx context.Context, call *simulator.Call) {
	if !l.gate.pass(l.hurry) {
		return
	}
	defer l.gate.leave()
	switch l.dice.n(3) {
	case 0:
		l.ask(ctx, command{Do: doHangup, Call: call.ID()})
	case 1:
		for _, p := range l.people {
			p.Leave()
		}
	}
	select {
	case <-call.Done():
	case <-time.After(200 * time.Millisecond):
		call.End(200, 5001, "The conversation has ended.")
	}
}
