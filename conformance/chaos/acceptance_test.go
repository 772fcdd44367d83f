package main

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// The process is killed during an established call with twenty participants and
// a prompt that plays, and started again.
func TestAcceptanceKilledProcessGoesOn(t *testing.T) { newTakeover(t).survive("chaos") }

// Another instance takes over with the same store; the platform still sends what
// it has to say to the address that the killed one gave out.
func TestAcceptanceAnotherInstanceGoesOn(t *testing.T) { newTakeover(t).survive("another") }

// takeover is a meeting whose bot is killed.
type takeover struct {
	*scene

	t       *testing.T
	ctx     context.Context
	meeting *simulator.Meeting
	people  []*simulator.Person
	callID  string
}

const promptMark = "the prompt"

func newTakeover(t *testing.T) *takeover {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	s, err := newScene(1, func(o *simulator.Options) { o.PromptDuration = time.Hour })
	require.NoError(t, err)
	t.Cleanup(s.close)
	s.owner.settings.Calm = true
	require.NoError(t, s.owner.start(ctx))
	k := &takeover{scene: s, t: t, ctx: ctx, meeting: s.platform.AddMeeting(simulator.Meeting{})}
	for n := range 20 {
		k.join(fmt.Sprint("Person ", n))
	}
	return k
}

func (k *takeover) join(name string) string {
	person := k.platform.AddPerson(name)
	person.Join(k.meeting)
	k.people = append(k.people, person)
	return person.ParticipantID()
}

func (k *takeover) ask(c command) line {
	k.t.Helper()
	answer, err := k.owner.ask(k.ctx, c)
	require.NoError(k.t, err)
	return answer
}

// until looks at the call, as the bot has it, until it is as wanted.
func (k *takeover) until(wanted func(callDump, statefulclient.Stats) bool) callDump {
	k.t.Helper()
	var call callDump
	require.NoError(k.t, poll(k.ctx, func() (bool, error) {
		d := k.ask(command{Do: doDump}).Dump
		call = d.Calls[k.callID]
		return wanted(call, d.Stats), nil
	}))
	return call
}

func (k *takeover) survive(instance string) {
	t := k.t
	k.callID = k.ask(command{Do: doJoin, JoinURL: k.meeting.JoinURL()}).Call
	k.until(func(c callDump, _ statefulclient.Stats) bool { return len(c.Roster) == 21 })
	k.ask(command{Do: doPrompt, Call: k.callID, Mark: promptMark})
	before := k.until(func(c callDump, s statefulclient.Stats) bool {
		return len(c.Pending) == 1 && c.Pending[0].ID != "" && s.Unsaved == 0
	})
	k.owner.kill()

	k.platform.DropEvery(func(*resources.Notification) bool { return true }) // as if the bot were away for long
	left := k.people[0].ParticipantID()
	k.people[0].Leave()
	k.people[1].Mute()
	late := k.join("Late Comer")
	require.NoError(t, k.platform.WaitIdle(k.ctx))
	k.platform.Heal()
	k.owner.settings.InstanceID = instance
	require.NoError(t, k.owner.start(k.ctx))

	after := k.until(func(c callDump, s statefulclient.Stats) bool { return s.HandlerBacklog+s.InboxBacklog+s.InDoubt == 0 })
	require.Equal(t, resources.CallStateEstablished, after.State)
	require.Equal(t, before.Pending, after.Pending)
	require.Equal(t, k.roster(), after.Roster)
	k.requireNetDifference(before.Roster, []string{late}, []string{k.people[1].ParticipantID()}, []string{left})

	k.ask(command{Do: doResume, Call: k.callID, Mark: promptMark})
	k.ask(command{Do: doCancel, Call: k.callID})
	resumed, err := k.owner.until(k.ctx, 0, func(l told) bool { return l.Kind == saysResumed })
	require.NoError(t, err)
	require.Equal(t, before.Pending[0].ID, resumed.Operation)
	require.NotEmpty(t, resumed.Err, "it was cancelled")
	k.finish()
}

// roster is the meeting's, as the platform has it.
func (k *takeover) roster() map[string]bool {
	people := map[string]bool{}
	for _, p := range k.meeting.Participants() {
		people[p.ID] = p.IsMuted
	}
	return people
}

// requireNetDifference looks at what the second process was told: the call as it
// was, and what is different, each once. A handler that subscribed to the roster
// when that was settled is told it as it is.
func (k *takeover) requireNetDifference(before map[string]bool, joined, changed, left []string) {
	k.t.Helper()
	var states, rosters []told
	for _, l := range k.owner.lines() {
		switch {
		case l.generation != 2 || l.Call != k.callID:
		case l.Kind == saysState:
			states = append(states, l)
		case l.Kind == saysRoster:
			rosters = append(rosters, l)
		default:
			require.Equal(k.t, saysAdded, l.Kind)
			require.True(k.t, l.Initial)
		}
	}
	require.Len(k.t, states, 1)
	require.True(k.t, states[0].Initial)
	require.Equal(k.t, resources.CallStateEstablished, states[0].New)
	require.True(k.t, rosters[0].Initial)
	require.Len(k.t, rosters[0].Added, len(before))
	if _, known := before[joined[0]]; !known && len(rosters) == 1 {
		require.Contains(k.t, rosters[0].Added, joined[0])
		return
	}
	require.Len(k.t, rosters, 2)
	require.Equal(k.t, statefulclient.CauseRestore, rosters[1].Cause)
	require.Equal(k.t, joined, rosters[1].Added)
	require.Equal(k.t, changed, rosters[1].Updated)
	require.Equal(k.t, left, rosters[1].Removed)
}

// finish goes on with the call to its end: notifications come in, and nothing is
// left.
func (k *takeover) finish() {
	t := k.t
	joined := k.join("Latest Comer")
	_, err := k.owner.until(k.ctx, 0, func(l told) bool {
		return l.Kind == saysRoster && l.generation == 2 && len(l.Added) == 1 && l.Added[0] == joined && l.Cause == statefulclient.CauseNotification
	})
	require.NoError(t, err)
	k.meeting.End()
	_, err = k.owner.until(k.ctx, 0, func(l told) bool { return l.Kind == saysRemoved })
	require.NoError(t, err)
	k.until(func(_ callDump, s statefulclient.Stats) bool { return s.Calls+s.Unsaved+s.Goroutines == 0 })
	leaks, err := k.owner.end(k.ctx)
	require.NoError(t, err)
	require.Empty(t, leaks)
	records, err := k.records(k.ctx)
	require.NoError(t, err)
	require.Zero(t, records)
	counts := map[string]int{}
	for _, l := range k.owner.lines() {
		counts[l.Kind+" "+string(l.New)]++
		if l.Kind == saysOperation && l.Mark == promptMark {
			counts["prompt"]++
		}
	}
	require.Equal(t, 1, counts["state terminated"])
	require.Equal(t, 1, counts["prompt"])
}
