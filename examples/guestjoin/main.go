// Guestjoin joins a meeting as a guest, waits in the lobby until it is let in,
// follows who is in the meeting, and leaves.
//
//	go run ./examples/guestjoin          on the simulator
//	go run ./examples/guestjoin -deny    the same, but it is turned away, and fails
//	go run ./examples/guestjoin -graph -tenant … -notification-url https://… -join-url https://teams.microsoft.com/l/meetup-join/…
package main

import (
	"context"
	"errors"
	"flag"
	"slices"
	"time"

	"github.com/graphcalls/graphcalls-go/examples/internal/stage"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

func main() {
	settings := stage.Flags()
	joinURL := flag.String("join-url", "", "with -graph: the meeting's join URL")
	name := flag.String("name", "Scribe", "the guest's name")
	stay := flag.Duration("stay", time.Minute, "with -graph: how long to stay")
	deny := flag.Bool("deny", false, "on the simulator: turn the guest away")
	flag.Parse()

	stage.Run(*stay+10*time.Minute, func(ctx context.Context) error {
		s, err := settings.Open("Scribe")
		if err != nil {
			return err
		}
		defer s.Close()
		if !settings.Graph {
			adele := s.Platform.AddPerson("Adele Vance")
			weekly := s.Platform.AddMeeting(simulator.Meeting{Subject: "Weekly", Organizer: adele})
			adele.Join(weekly)
			go receive(ctx, s, weekly, *deny)
			*joinURL, *stay = weekly.JoinURL(), time.Second
		}
		meeting, err := statefulclient.ParseJoinURL(*joinURL)
		if err != nil {
			return err
		}
		meeting.GuestName = *name
		return visit(ctx, s, meeting, *stay)
	})
}

// receive is what people of the simulator's do about a guest.
func receive(ctx context.Context, s *stage.Stage, weekly *simulator.Meeting, deny bool) {
	waits := func(p resources.Participant) bool { return p.IsInLobby }
	if s.Platform.WaitUntil(ctx, func() bool { return slices.ContainsFunc(weekly.Participants(), waits) }) != nil {
		return
	}
	s.Pause(ctx)
	if deny {
		weekly.DenyFromLobby(s.Bot)
		return
	}
	weekly.AdmitFromLobby(s.Bot)
	alex := s.Platform.AddPerson("Alex Wilber")
	for _, act := range []func(){func() { alex.Join(weekly) }, alex.Mute, alex.Leave} {
		s.Pause(ctx)
		act()
	}
}

// visit joins the meeting, stays for a while, and leaves.
func visit(ctx context.Context, s *stage.Stage, meeting statefulclient.JoinMeeting, stay time.Duration) error {
	s.Tell(meeting.GuestName, "asks to join as a guest")
	call, err := s.Client.Calls().Join(ctx, meeting)
	if err != nil {
		return err
	}
	statefulclient.On(call, func(_ context.Context, e statefulclient.LobbyChanged) {
		s.Tell(meeting.GuestName, "join state: %s", call.JoinState())
	})
	s.TellRoster(call)
	if err := call.WaitForJoinState(ctx, statefulclient.JoinStateIn); err != nil {
		if reason, ended := call.End(); ended {
			s.Tell(meeting.GuestName, "was not let in: %s (%s)", reason, reason.Hint())
		}
		return err
	}
	select {
	case <-time.After(stay):
	case <-ctx.Done():
		return ctx.Err()
	case <-call.Context().Done(): // the meeting is over, or the guest was removed
		return context.Cause(call.Context())
	}
	s.Tell(meeting.GuestName, "leaves")
	if err := errors.Join(call.Hangup(ctx), call.WaitFor(ctx, resources.CallStateTerminated)); err != nil {
		return err
	}
	s.Tell(meeting.GuestName, "join state: %s", call.JoinState())
	return nil
}
