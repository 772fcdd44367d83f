// Reminder calls somebody, plays a prompt when they pick up, and hangs up. If
// they cannot be reached it tells why, and tries once more.
//
//	go run ./examples/reminder                         on the simulator
//	go run ./examples/reminder -phone +14255550123     the same, to a telephone
//	go run ./examples/reminder -graph -tenant … -notification-url https://… -prompt https://…/reminder.wav -call <user id>
//	go run ./examples/reminder -graph -tenant … -notification-url https://… -prompt https://…/reminder.wav -phone +14255550123 -from <application instance id>
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
	user := flag.String("call", "", "with -graph: the id of the user to call")
	phone := flag.String("phone", "", "the number of a telephone to call instead")
	instance := flag.String("from", "", "with -graph and -phone: the bot's application instance, which a number is assigned to")
	prompt := flag.String("prompt", "https://bot.contoso.com/reminder.wav", "what to play; wav, one channel, 16 bit, 16 kHz")
	flag.Parse()

	stage.Run(5*time.Minute, func(ctx context.Context) error {
		s, err := settings.Open("Reminder")
		if err != nil {
			return err
		}
		defer s.Close()
		tenant, whom, pause := settings.Tenant, statefulclient.UserIdentity(*user), 30*time.Second
		if !settings.Graph {
			adele := s.Platform.AddPerson("Adele Vance")
			if *phone != "" {
				adele = s.Platform.AddPhone(*phone)
			}
			adele.WhenCalled(simulator.LetsRing)
			go hesitate(ctx, s, adele)
			tenant, whom, pause, *instance = s.Platform.Tenant().ID, stage.Actor(adele), 250*time.Millisecond, s.Bot.InstanceID
		}
		call := statefulclient.CallTo(tenant, whom)
		if *phone != "" {
			call = statefulclient.CallToPhone(tenant, *phone, *instance)
		}
		statefulclient.On(s.Client.Calls(), func(_ context.Context, e statefulclient.StateChanged) {
			s.Tell("call", "%s", e.New)
		})
		return remind(ctx, s, call, resources.NewMediaPrompt(*prompt), pause)
	})
}

// hesitate has somebody of the simulator's pick up the second call only.
func hesitate(ctx context.Context, s *stage.Stage, person *simulator.Person) {
	rings := func() bool { return person.Rings() > 0 }
	if s.Platform.WaitUntil(ctx, rings) != nil {
		return
	}
	s.Pause(ctx)
	s.Platform.Calls()[0].End(480, 10076, "Callee couldn't be reached.") // it has rung for a minute
	if s.Platform.WaitUntil(ctx, rings) == nil {
		s.Pause(ctx)
		person.PickUp()
	}
}

// remind plays the prompt to whom it reaches, and tries twice to reach them.
func remind(ctx context.Context, s *stage.Stage, to resources.Call, prompt *resources.MediaPrompt, pause time.Duration) error {
	call, err := reach(ctx, s, to)
	if ended, isEnd := errors.AsType[*statefulclient.EndedError](err); isEnd {
		s.Tell("Reminder", "reaches nobody (%s): %s", ended.Reason.Class(), ended.Reason.Hint())
		if ended.Reason.Class() != statefulclient.EndClassUnreachable {
			return err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return ctx.Err()
		}
		call, err = reach(ctx, s, to)
	}
	if err != nil {
		return err
	}
	op, err := call.PlayPrompt(ctx, prompt)
	if err != nil {
		return err
	}
	s.Tell("Reminder", "plays the reminder")
	if _, err := op.Wait(ctx); err != nil { // they hung up, for one
		return err
	}
	s.Tell("Reminder", "hangs up")
	return errors.Join(call.Hangup(ctx), call.WaitFor(ctx, resources.CallStateTerminated))
}

// reach calls somebody; when nobody picks up, the error is an EndedError.
func reach(ctx context.Context, s *stage.Stage, to resources.Call) (*statefulclient.Call, error) {
	s.Tell("Reminder", "calls %s", to.Targets[0].Identity.DisplayName())
	call, err := s.Client.Calls().Add(ctx, to)
	if err != nil {
		return nil, err
	}
	return call, call.WaitFor(ctx, resources.CallStateEstablished)
}
