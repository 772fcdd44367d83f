package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

// patience is how long the lives of calls wait for what may never come.
const patience = 3 * time.Second

// life is what happens to one call, as people and the platform will have it, and
// as the bot is asked to. What fails on the way is part of it.
type life struct {
	platform *simulator.Platform
	self     *simulator.Bot
	owner    *owner
	dice     *dice
	number   int
	// hurry ends when the storm does: what has not happened by then is left out.
	hurry context.Context //nolint:containedctx // a signal to all lives
	stays bool            // the call outlives the storm

	tenant  *simulator.Tenant
	people  []*simulator.Person
	meeting *simulator.Meeting
	marks   int
}

// live lives a call of a kind that the dice decide.
func (l *life) live(ctx context.Context) {
	l.tenant = l.platform.Tenant()
	l.stays = l.dice.percent(20)
	var call *simulator.Call
	kind := l.dice.n(100)
	switch {
	case kind < 30:
		call = l.placed(ctx)
	case kind < 55:
		call = l.incoming()
	case kind < 75:
		call = l.joined(ctx)
	case kind < 90:
		call = l.group(ctx)
	default:
		call = l.recorded()
	}
	if call == nil {
		return
	}
	soon, cancel := context.WithTimeout(ctx, patience)
	err := call.WaitForState(soon, resources.CallStateEstablished)
	cancel()
	if err == nil {
		for range 1 + l.dice.n(8) {
			l.happen(ctx, call)
			pause(l.hurry, l.dice.between(20*time.Millisecond, 600*time.Millisecond))
		}
	}
	if !l.stays {
		l.end(ctx, call)
	}
}

func (l *life) person(name string) *simulator.Person {
	p := l.tenant.AddPerson(fmt.Sprint(name, " ", l.number, ".", len(l.people)))
	l.people = append(l.people, p)
	return p
}

// ask asks the bot for something, which may be dead, and does not mind.
func (l *life) ask(ctx context.Context, c command) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	_, _ = l.owner.ask(ctx, c) // the platform tells what came of it
}

// placed is a call to somebody who answers, later, or not.
func (l *life) placed(ctx context.Context) *simulator.Call {
	callee := l.person("Callee")
	reaction := []simulator.Reaction{
		simulator.AnswersAtOnce, simulator.AnswersAtOnce, simulator.LetsRing, simulator.LetsRing, simulator.Declines, simulator.Unreachable,
	}[l.dice.n(6)]
	callee.WhenCalled(reaction)
	call := l.place(ctx, callee.ID)
	if call != nil && reaction == simulator.LetsRing {
		pause(l.hurry, l.dice.between(0, time.Second))
		callee.PickUp()
	}
	return call
}

func (l *life) group(ctx context.Context) *simulator.Call {
	var targets []string
	for range 2 + l.dice.n(3) {
		targets = append(targets, l.person("Member").ID)
	}
	return l.place(ctx, targets...)
}

func (l *life) place(ctx context.Context, targets ...string) *simulator.Call {
	l.ask(ctx, command{Do: doPlace, Tenant: l.tenant.ID, Targets: targets, Delta: l.dice.percent(50)})
	return l.find(func(f simulator.Facts) bool {
		request := f.Request
		return request != nil && len(request.Targets) > 0 && request.Targets[0].Identity.User != nil &&
			request.Targets[0].Identity.User.ID == targets[0]
	})
}

func (l *life) incoming() *simulator.Call {
	name := "Caller"
	if l.dice.percent(10) {
		name = unwanted
	}
	calling := l.person(name).Call(l.self)
	if l.dice.percent(10) {
		pause(l.hurry, l.dice.between(0, 100*time.Millisecond))
		calling.Hangup()
	}
	return calling.Call
}

func (l *life) joined(ctx context.Context) *simulator.Call {
	l.meeting = l.platform.AddMeeting(simulator.Meeting{})
	for range l.dice.n(12) {
		l.person("Attendee").Join(l.meeting)
	}
	l.ask(ctx, command{Do: doJoin, JoinURL: l.meeting.JoinURL(), Delta: l.dice.percent(50)})
	return l.find(func(f simulator.Facts) bool {
		return f.Request != nil && f.Request.ChatInfo != nil && f.Request.ChatInfo.ThreadID == l.meeting.ThreadID
	})
}

// recorded is a meeting in an organization that has the bot record one of those
// who come.
func (l *life) recorded() *simulator.Call {
	l.tenant = l.platform.AddTenant()
	l.meeting = l.platform.AddMeeting(simulator.Meeting{Organizer: l.person("Organizer")})
	watched := l.person("Watched")
	l.tenant.SetRecordingPolicy(l.self, watched)
	watched.Join(l.meeting)
	return l.find(func(f simulator.Facts) bool {
		return f.Request == nil && slices.ContainsFunc(f.Roster, func(p resources.Participant) bool { return p.ID == watched.ParticipantID() })
	})
}

// find returns the newest call that is as wanted.
func (l *life) find(wanted func(simulator.Facts) bool) *simulator.Call {
	for _, call := range slices.Backward(l.platform.Calls()) {
		if wanted(call.Facts()) {
			return call
		}
	}
	return nil
}

// happen is one thing that happens in a call.
func (l *life) happen(ctx context.Context, call *simulator.Call) {
	switch l.dice.n(12) {
	case 0:
		call.PressKey([]resources.Tone{resources.Tone1, resources.Tone2, resources.Tone3}[l.dice.n(3)])
	case 1:
		call.SetMediaActive(l.dice.percent(50))
	case 2:
		call.SetState(resources.CallStateHold)
		pause(l.hurry, l.dice.between(0, 200*time.Millisecond))
		call.SetState(resources.CallStateEstablished)
	case 3, 4, 5:
		l.operate(ctx, call)
	default:
		l.churn(ctx, call)
	}
}

// operate has the bot do something that ends some time after.
func (l *life) operate(ctx context.Context, call *simulator.Call) {
	call.SpeaksFor(time.Second)
	l.marks++
	what := []string{doPrompt, doPrompt, doTones, doRecord, doMute}[l.dice.n(5)]
	mark := "mark " + strconv.Itoa(l.number) + "." + strconv.Itoa(l.marks)
	l.ask(ctx, command{Do: what, Call: call.ID(), Mark: mark})
}

// churn is people coming, going and being muted.
func (l *life) churn(ctx context.Context, call *simulator.Call) {
	if len(l.people) == 0 {
		return
	}
	one := l.people[l.dice.n(len(l.people))]
	switch l.dice.n(5) {
	case 0, 1:
		one.Mute()
	case 2:
		one.Unmute()
	case 3:
		if l.meeting != nil {
			l.person("Late").Join(l.meeting)
		} else {
			l.ask(ctx, command{Do: doInvite, Call: call.ID(), Targets: []string{l.person("Guest").ID}})
		}
	case 4:
		if l.meeting != nil {
			one.Leave()
		}
	}
}

// end ends the call in one of the ways there are.
func (l *life) end(ctx context.Context, call *simulator.Call) {
	switch l.dice.n(6) {
	case 0:
		for _, p := range l.people {
			p.Leave()
		}
	case 1, 2:
		l.ask(ctx, command{Do: doHangup, Call: call.ID()})
	case 3:
		call.Vanish()
	case 4:
		if l.meeting != nil {
			l.meeting.End()
		} else {
			l.ask(ctx, command{Do: doTransfer, Call: call.ID(), Targets: []string{l.person("Target").ID}})
		}
	}
	select {
	case <-call.Done():
	case <-time.After(200 * time.Millisecond):
		call.End(200, 5001, "The conversation has ended.")
	}
}
