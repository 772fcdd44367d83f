// Joinmeeting joins a meeting, follows who is in it, and hangs up.
//
//	go run ./examples/joinmeeting                                            on the simulator, by its join URL
//	go run ./examples/joinmeeting -coordinates                               by its thread and organizer
//	go run ./examples/joinmeeting -meeting-id 123456789012 -passcode abc123  by what people type in
//	go run ./examples/joinmeeting -graph -tenant … -notification-url https://… -join-url https://teams.microsoft.com/l/meetup-join/…
//	go run ./examples/joinmeeting -graph -tenant … -notification-url https://… -meeting-id … -passcode …
package main

import (
	"context"
	"flag"
	"fmt"
	"time"

	"github.com/graphcalls/graphcalls-go/examples/internal/stage"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

func main() {
	settings := stage.Flags()
	joinURL := flag.String("join-url", "", "with -graph: the meeting's join URL")
	meetingID := flag.String("meeting-id", "", "the id that people type in to join, in place of the URL")
	passcode := flag.String("passcode", "", "the passcode people type in, if the meeting has one")
	coordinates := flag.Bool("coordinates", false, "on the simulator: join by thread and organizer instead")
	stay := flag.Duration("stay", time.Minute, "with -graph: how long to stay")
	flag.Parse()

	stage.Run(*stay+time.Minute, func(ctx context.Context) error {
		s, err := settings.Open("Notetaker")
		if err != nil {
			return err
		}
		defer s.Close()
		if !settings.Graph {
			return rehearse(ctx, s, *meetingID, *passcode, *coordinates)
		}
		meeting, err := choose(*joinURL, *meetingID, *passcode, settings.Tenant)
		if err != nil {
			return err
		}
		return attend(ctx, s, meeting, func(ctx context.Context) {
			select {
			case <-time.After(*stay):
			case <-ctx.Done():
			}
		})
	})
}

// choose says which meeting to join: by its id if there is one, else by its URL.
func choose(joinURL, meetingID, passcode, tenant string) (statefulclient.JoinMeeting, error) {
	if meetingID == "" {
		return statefulclient.ParseJoinURL(joinURL)
	}
	info := &resources.JoinMeetingIDMeetingInfo{JoinMeetingID: meetingID, Passcode: passcode}
	return statefulclient.JoinMeeting{MeetingInfo: info, TenantID: tenant}, nil
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
