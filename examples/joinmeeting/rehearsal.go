package main

import (
	"context"

	"github.com/graphcalls/graphcalls-go/examples/internal/stage"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// rehearse attends a meeting of the simulator's, in which people come and go.
func rehearse(ctx context.Context, s *stage.Stage, meetingID, passcode string, coordinates bool) error {
	adele, alex := s.Platform.AddPerson("Adele Vance"), s.Platform.AddPerson("Alex Wilber")
	weekly := s.Platform.AddMeeting(simulator.Meeting{
		Subject: "Weekly", Organizer: adele, JoinMeetingID: meetingID, Passcode: passcode, NoPasscode: passcode == "",
	})
	adele.Join(weekly)
	meeting, err := choose(weekly.JoinURL(), meetingID, passcode, adele.TenantID)
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
