package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/graphcalls/graphcalls-go/examples/internal/stage"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// show is what people do all the time, each on a goroutine of their own.
type show struct {
	*stage.Stage
	pace   time.Duration
	people sync.WaitGroup
}

func newShow(s *stage.Stage, pace time.Duration) *show { return &show{Stage: s, pace: pace} }

// play begins what goes on until ctx ends; wait is for its end.
func (s *show) play(ctx context.Context) {
	reception{client: s.Client}.open()
	for _, name := range []string{"Adele Vance", "Alex Wilber", "Diego Siciliani", "Grady Archie", "Henrietta Mueller", "Isaiah Langer"} {
		s.people.Go(func() { s.caller(ctx, s.Platform.AddPerson(name)) })
	}
	for _, name := range []string{"Johanna Lorenz", "Joni Sherman"} {
		s.people.Go(func() { s.called(ctx, s.Platform.AddPerson(name)) })
	}
	for i, subject := range []string{"Weekly", "Launch", "Retrospective"} {
		s.people.Go(func() { s.meeting(ctx, subject, 3+i*4) })
	}
	s.people.Go(func() { s.phone(ctx, s.Platform.AddPhone("+14255550123")) })
	s.people.Go(func() { s.misfortune(ctx) })
}

func (s *show) wait() { s.people.Wait() }

// rest is for about the pace, so many times; it reports false when all is over.
func (s *show) rest(ctx context.Context, times float64) bool {
	return pause(ctx, time.Duration(float64(s.pace)*times*(.5+float64(upTo(1000))/1000)))
}

// upTo is any number from 0 to below n.
func upTo(n int) int { return rand.IntN(n) } //nolint:gosec // nothing is secret about what people do

// caller calls the bot, presses keys, and hangs up.
func (s *show) caller(ctx context.Context, person *simulator.Person) {
	keys := []resources.Tone{resources.Tone1, resources.Tone2, resources.Tone5, resources.Tone8, resources.ToneStar, resources.TonePound}
	for s.rest(ctx, 3) {
		call := person.Call(s.Bot)
		for range 4 + upTo(12) {
			if !s.rest(ctx, 2) || call.State() == resources.CallStateTerminated {
				break
			}
			call.PressKey(keys[upTo(len(keys))])
		}
		person.Leave()
	}
}

// phone is somebody with a telephone, who is put on hold now and then.
func (s *show) phone(ctx context.Context, person *simulator.Person) {
	for s.rest(ctx, 2) {
		call := person.Call(s.Bot)
		for range 5 {
			if !s.rest(ctx, 4) || call.State() == resources.CallStateTerminated {
				break
			}
			call.SetState(resources.CallStateHold)
			if !s.rest(ctx, 3) || call.State() == resources.CallStateTerminated {
				break
			}
			call.SetState(resources.CallStateEstablished)
		}
		person.Leave()
	}
}

// called is somebody the bot calls, and who does not always answer.
func (s *show) called(ctx context.Context, person *simulator.Person) {
	reactions := []simulator.Reaction{simulator.AnswersAtOnce, simulator.AnswersAtOnce, simulator.Declines, simulator.Unreachable, simulator.LetsRing}
	for s.rest(ctx, 4) {
		person.WhenCalled(reactions[upTo(len(reactions))])
		call, err := s.Client.Calls().Add(ctx, statefulclient.CallTo(s.Platform.Tenant().ID, stage.Actor(person)))
		if err != nil {
			continue // there is no call that could show it, but what belongs to none does
		}
		s.rest(ctx, 3)
		person.PickUp()
		s.rest(ctx, 10)
		_ = call.Hangup(context.WithoutCancel(ctx))
	}
}

// meeting is one that the bot is in, where people come and go.
func (s *show) meeting(ctx context.Context, subject string, size int) {
	meeting := s.Platform.AddMeeting(simulator.Meeting{Subject: subject, Lobby: simulator.LobbyForAll})
	var people []*simulator.Person
	for i := range size {
		people = append(people, s.Platform.AddPerson(fmt.Sprintf("%s %d", subject, i+1)))
		people[i].Join(meeting)
	}
	for s.rest(ctx, 2) {
		join, err := statefulclient.ParseJoinURL(meeting.JoinURL())
		if err != nil {
			return
		}
		call, err := s.Client.Calls().Join(ctx, join)
		if err != nil {
			continue
		}
		s.rest(ctx, 3)
		meeting.AdmitFromLobby(s.Bot)
		for range 60 {
			if !s.rest(ctx, 1) || call.State() == resources.CallStateTerminated {
				break
			}
			stir(meeting, people[upTo(len(people))])
		}
		_ = call.Hangup(context.WithoutCancel(ctx))
	}
}

func stir(meeting *simulator.Meeting, person *simulator.Person) {
	if person.ParticipantID() == "" {
		person.Join(meeting)
		return
	}
	acts := []func(){person.Mute, person.Unmute, person.Mute, person.Unmute, person.Hold, person.Resume, person.Leave, func() { person.ShareContent(meeting) }, person.StopSharing}
	acts[upTo(len(acts))]()
}

// misfortune has something go wrong every so often.
func (s *show) misfortune(ctx context.Context) {
	for turn := 0; s.rest(ctx, 4); turn++ {
		call := s.anyCall()
		if call == nil {
			continue
		}
		switch turn % 6 {
		case 0:
			call.DuplicateAsNew(1)
		case 1:
			call.Scramble(uint64(upTo(1 << 30)))
		case 2:
			call.DelayUpTo(800*time.Millisecond, uint64(upTo(1<<30)))
		case 3:
			s.Platform.FailNext(simulator.Failure{Path: "/playPrompt", Status: http.StatusServiceUnavailable, Header: http.Header{"Retry-After": {"1"}}})
		case 4:
			s.Platform.FailNext(simulator.Failure{Path: "/playPrompt", Status: http.StatusInternalServerError})
			call.Duplicate(1)
		default:
			call.End(500, 1003, "Internal server error. DiagCode: 500#1203002.@")
		}
		if s.rest(ctx, 4) {
			call.Heal()
		}
	}
}

// anyCall is one that is established, or nil.
func (s *show) anyCall() *simulator.Call {
	var live []*simulator.Call
	for _, call := range s.Platform.Calls() {
		if call.State() == resources.CallStateEstablished {
			live = append(live, call)
		}
	}
	if len(live) == 0 {
		return nil
	}
	return live[upTo(len(live))]
}
