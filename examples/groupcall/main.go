// Groupcall calls several people at once, tells who picks up and who does not,
// invites one more, mutes one, removes one, and hangs up.
//
//	go run ./examples/groupcall        on the simulator
//	go run ./examples/groupcall -graph -tenant … -notification-url https://… -call <user id>,<user id> -invite <user id>
package main

import (
	"context"
	"errors"
	"flag"
	"time"

	"github.com/graphcalls/graphcalls-go/examples/internal/stage"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

func main() {
	settings := stage.Flags()
	called := flag.String("call", "", "with -graph: the ids of the users to call, with commas between them")
	latecomer := flag.String("invite", "", "with -graph: the id of the user to invite later")
	flag.Parse()

	stage.Run(5*time.Minute, func(ctx context.Context) error {
		s, err := settings.Open("Host")
		if err != nil {
			return err
		}
		defer s.Close()
		if settings.Graph {
			group := statefulclient.CallTo(settings.Tenant, stage.Users(*called)...)
			return host(ctx, s, group, statefulclient.UserIdentity(*latecomer), 40*time.Second)
		}
		adele, alex := s.Platform.AddPerson("Adele Vance"), s.Platform.AddPerson("Alex Wilber")
		megan, lynne := s.Platform.AddPerson("Megan Bowen"), s.Platform.AddPerson("Lynne Robbins")
		alex.WhenCalled(simulator.LetsRing)
		megan.WhenCalled(simulator.LetsRing)
		go func() {
			if s.Platform.WaitUntil(ctx, func() bool { return alex.Rings() > 0 }) == nil {
				s.Pause(ctx)
				alex.PickUp()
			}
		}()
		group := statefulclient.CallTo(adele.TenantID, stage.Actor(adele), stage.Actor(alex), stage.Actor(megan))
		return host(ctx, s, group, stage.Actor(lynne), time.Second)
	})
}

// host holds the group call.
func host(ctx context.Context, s *stage.Stage, group resources.Call, latecomer resources.IdentitySet, ring time.Duration) error {
	s.Tell("Host", "calls %d people", len(group.Targets))
	call, err := s.Client.Calls().Add(ctx, group)
	if err != nil {
		return err
	}
	s.TellRoster(call)
	if err := call.WaitFor(ctx, resources.CallStateEstablished); err != nil { // nobody picks up
		return err
	}
	came, err := gather(ctx, s, call, ring)
	if err != nil {
		return err
	}
	s.Tell("Host", "invites %s", latecomer.DisplayName())
	invitation, err := call.Participants().Invite(ctx, statefulclient.Invitation(latecomer))
	if err != nil {
		return err
	}
	if _, err := invitation.Wait(ctx); err != nil { // they do not come
		return err
	}
	if err := chair(ctx, s, call, came[0], came[len(came)-1]); err != nil {
		return err
	}
	s.Tell("Host", "hangs up")
	return errors.Join(call.Hangup(ctx), call.WaitFor(ctx, resources.CallStateTerminated))
}

// gather gives the people called time to come, and returns who does. Of the
// others the platform says nothing: they stay out of the roster.
func gather(ctx context.Context, s *stage.Stage, call *statefulclient.Call, ring time.Duration) (came []*statefulclient.Participant, err error) {
	patience, cancel := context.WithTimeout(ctx, ring)
	defer cancel()
	for _, target := range call.Resource().Targets {
		err := call.Participants().WaitFor(patience, func(people *statefulclient.Participants) bool {
			p, there := people.Find(*target.Identity)
			if there {
				came = append(came, p)
			}
			return there
		})
		switch {
		case err == nil:
		case patience.Err() != nil:
			s.Tell(target.Identity.DisplayName(), "does not pick up")
		default:
			return nil, err
		}
	}
	if len(came) == 0 {
		return nil, errors.New("nobody is in the call")
	}
	return came, nil
}

// chair mutes one participant and removes another. Both show in the roster.
func chair(ctx context.Context, s *stage.Stage, call *statefulclient.Call, loud, unwanted *statefulclient.Participant) error {
	s.Tell("Host", "mutes %s", loud.DisplayName())
	if err := loud.Mute(ctx); err != nil {
		return err
	}
	s.Tell("Host", "removes %s", unwanted.DisplayName())
	if err := unwanted.Remove(ctx); err != nil {
		return err
	}
	return call.Participants().WaitFor(ctx, func(people *statefulclient.Participants) bool {
		p, there := people.Get(loud.ID())
		_, stays := people.Get(unwanted.ID())
		return !stays && (!there || p.Resource().IsMuted)
	})
}
