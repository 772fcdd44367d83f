// Joinmeeting joins a meeting, follows who is in it, and hangs up.
//
//	go run ./examples/joinmeeting                  on the simulator
//	go run ./examples/joinmeeting -coordinates     the same, by coordinates
//	go run ./examples/joinmeeting -graph -tenant … -notification-url https://… -join-url https://teams.microsoft.com/l/meetup-join/…
package main

import (
	"context"
	"flag"
	"fmt"
	"time"

	"github.com/graphcalls/graphcalls-go/examples/internal/stage"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

func main() {
	settings := stage.Flags()
	joinURL := flag.String("join-url", "", "with -graph: the meeting's join URL")
	stay := flag.Duration("stay", time.Minute, "with -graph: how long to stay")
	coordinates := flag.Bool("coordinates", false, "on the simulator: join by thread and organizer, not by URL")
	flag.Parse()

	stage.Run(*stay+time.Minute, func(ctx context.Context) error {
		s, err := settings.Open("Notetaker")
		if err != nil {
			return err
		}
		defer s.Close()
		if settings.Graph {
			meeting, err := statefulclient.ParseJoinURL(*joinURL)
			if err != nil {
				return err
			}
			return attend(ctx, s, meeting, func(ctx context.Context) {
				select {
				case <-time.After(*stay):
				case <-ctx.Done():
				}
			})
		}
		return rehearse(ctx, s, *coordinates)
	})
}

// rehearse attends a meeting of the simulator's, in which people come and go.
func rehearse(ctx context.Context, s *stage.Stage, coordinates bool) error {
	adele, alex := s.Platform.AddPerson("Adele Vance"), s.Platform.AddPerson("Alex Wilber")
	weekly := s.Platform.AddMeeting(simulator.Meeting{Subject: "Weekly", Organizer: adele})
	adele.Join(weekly)
	meeting, err := statefulclient.ParseJoinURL(weekly.JoinURL())
	if err != nil {
		return err
	}
	if coordinates {
		chat, organizer := weekly.Coordinates()
		meeting = statefulclient.JoinMeeting{ChatInfo: chat, MeetingInfo: organizer, TenantID: adele.TenantID}
	}
	return attend(ctx, s, meeting, func(ctx context.Context) {
		for _, act := range []func(){func() { alex.Join(weekly) }, alex.Mute, alex.Unmute, alex.Leave} {
			s.Pause(ctx)
			act()
		}
		s.Pause(ctx)
	})
}

// attend joins a meeting, tells all that happens until meanwhile returns or the
// call ends, and hangs up.
func attend(ctx context.Context, s *stage.Stage, meeting statefulclient.JoinMeeting, meanwhile func(context.Context)) error {
	statefulclient.On(s.Client.Calls(), func(_ context.Context, e statefulclient.StateChanged) {
		s.Tell("call", "%s", e.New)
	})
	s.Tell("Notetaker", "joins the meeting")
	call, err := s.Client.Calls().Join(ctx, meeting)
	if err != nil {
		return err
	}
	statefulclient.On(call, func(_ context.Context, e statefulclient.LobbyChanged) {
		s.Tell("Notetaker", "waits in the lobby: %v", e.Waiting)
	})
	call.Participants().OnUpdated(func(_ context.Context, e statefulclient.CollectionEvent[*statefulclient.Participant]) {
		for _, p := range e.Added {
			s.Tell(p.DisplayName(), "is in the meeting")
		}
		for _, p := range e.Removed {
			s.Tell(p.DisplayName(), "has left")
		}
	})
	statefulclient.On(call, func(_ context.Context, e statefulclient.ParticipantUpdated) {
		switch {
		case e.New.IsMuted && !e.Old.IsMuted:
			s.Tell(e.Participant.DisplayName(), "muted")
		case e.Old.IsMuted && !e.New.IsMuted:
			s.Tell(e.Participant.DisplayName(), "unmuted")
		}
	})
	if err := call.WaitFor(ctx, resources.CallStateEstablished); err != nil {
		return err
	}
	meanwhile(call.Context())
	s.Tell("Notetaker", "hangs up")
	if err := s.Client.Shutdown(ctx); err != nil { // hangs up, and waits for the end
		return err
	}
	reason, ended := call.End()
	if !ended {
		return fmt.Errorf("call %s has not ended", call.ID())
	}
	s.Tell("call", "ended: %s", reason)
	return nil
}
