package main

import (
	"context"
	"errors"
	"slices"

	"github.com/graphcalls/graphcalls-go/examples/internal/stage"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// rehearse works in a meeting of the simulator's. People come and go who are
// all under one policy.
func rehearse(ctx context.Context, s *stage.Stage) error {
	stack := &standIn{platform: s.Platform, sessions: map[string]bool{}}
	r := &recorder{Stage: s, media: s.Platform.Client(), stack: s.Serve("/sessions/", stack)}
	adele, alex, diego := s.Platform.AddPerson("Adele Vance"), s.Platform.AddPerson("Alex Wilber"), s.Platform.AddPerson("Diego Siciliani")
	s.Platform.Tenant().SetRecordingPolicy(s.Bot, adele, alex, diego)
	weekly := s.Platform.AddMeeting(simulator.Meeting{Subject: "Weekly", Organizer: adele})
	left := make(chan struct{}, 1)
	statefulclient.On(s.Client.Calls(), func(context.Context, statefulclient.ManagedParticipantLeft) { left <- struct{}{} })

	err := r.work(ctx, func() error {
		for _, act := range []struct {
			begin    func()
			recorded [][]*simulator.Person // then, in each call
		}{
			{func() { adele.Join(weekly) }, [][]*simulator.Person{{adele}}},
			{func() { alex.Join(weekly) }, [][]*simulator.Person{{adele, alex}}},
			{func() { diego.Join(weekly) }, [][]*simulator.Person{{adele, alex}, {diego}}},
			{alex.Leave, [][]*simulator.Person{{adele}, {diego}}},
		} {
			act.begin()
			if err := s.Platform.WaitUntil(ctx, func() bool { return records(s.Platform, act.recorded) }); err != nil {
				return err
			}
			s.Pause(ctx)
		}
		select {
		case <-left:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	if err != nil {
		return err
	}
	return check(s.Platform, stack)
}

// records says whether these people are recorded, in as many calls.
func records(platform *simulator.Platform, people [][]*simulator.Person) bool {
	return slices.EqualFunc(platform.Calls(), people, func(call *simulator.Call, people []*simulator.Person) bool {
		facts := call.Facts()
		return facts.RecordingStatus == resources.RecordingStatusRecording &&
			slices.EqualFunc(facts.Observed, people, func(id string, person *simulator.Person) bool { return id == person.ParticipantID() })
	})
}

// check makes sure that the bot left nothing behind.
func check(platform *simulator.Platform, stack *standIn) error {
	for _, call := range platform.Calls() {
		facts := call.Facts()
		if facts.RecordingStatus != resources.RecordingStatusNotRecording || facts.State != resources.CallStateTerminated {
			return errors.New("a call was not said to be recorded no more, or has not ended")
		}
	}
	if stack.open() > 0 {
		return errors.New("the media stack was left with open sessions")
	}
	return nil
}
