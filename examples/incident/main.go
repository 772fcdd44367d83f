// Incident creates a meeting about an incident and joins it, calls the
// responders one after the other, asks each to press 1 to join or 2 for not
// now, brings those who accept into the meeting, plays a prompt there and
// leaves.
//
//	go run ./examples/incident        on the simulator
//	go run ./examples/incident -graph -tenant … -notification-url https://… -organizer <user id> -responders <user id>,<user id> -question https://…/question.wav -briefing https://…/briefing.wav
package main

import (
	"context"
	"flag"
	"time"

	"github.com/graphcalls/graphcalls-go/examples/internal/stage"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// dispatcher is the bot: what it plays, and to the people of which tenant.
type dispatcher struct {
	*stage.Stage
	tenant             string
	question, briefing *resources.MediaPrompt
}

func main() {
	settings := stage.Flags()
	organizer := flag.String("organizer", "", "with -graph: the id of the user whose meeting it is")
	responders := flag.String("responders", "", "with -graph: the ids of the users to call, with commas between them")
	question := flag.String("question", "https://bot.contoso.com/question.wav", "what to ask a responder; wav, one channel, 16 bit, 16 kHz")
	briefing := flag.String("briefing", "https://bot.contoso.com/briefing.wav", "what to play into the meeting")
	flag.Parse()

	stage.Run(10*time.Minute, func(ctx context.Context) error {
		s, err := settings.Open("Dispatcher")
		if err != nil {
			return err
		}
		defer s.Close()
		d := &dispatcher{s, settings.Tenant, resources.NewMediaPrompt(*question), resources.NewMediaPrompt(*briefing)}
		if settings.Graph {
			return d.dispatch(ctx, *organizer, stage.Users(*responders))
		}
		return d.rehearse(ctx)
	})
}

// dispatch handles an incident.
func (d *dispatcher) dispatch(ctx context.Context, organizer string, responders []resources.IdentitySet) error {
	meeting, err := d.open(ctx, organizer)
	if err != nil {
		return err
	}
	d.TellRoster(meeting)
	for _, responder := range responders {
		if err := d.page(ctx, meeting, responder); err != nil {
			return err
		}
	}
	briefing, err := meeting.PlayPrompt(ctx, d.briefing)
	if err != nil {
		return err
	}
	d.Tell("Dispatcher", "plays the briefing")
	if _, err := briefing.Wait(ctx); err != nil {
		return err
	}
	d.Tell("Dispatcher", "leaves")
	return hangUp(ctx, meeting)
}

// open creates the meeting and joins it.
func (d *dispatcher) open(ctx context.Context, organizer string) (*statefulclient.Call, error) {
	made, err := d.Client.OnlineMeetings().Create(ctx, d.tenant, organizer, resources.OnlineMeeting{Subject: "Incident"})
	if err != nil {
		return nil, err
	}
	coordinates, err := statefulclient.Coordinates(made, d.tenant)
	if err != nil {
		return nil, err
	}
	d.Tell("Dispatcher", "joins the meeting %s", made.Subject)
	call, err := d.Client.Calls().Join(ctx, coordinates)
	if err != nil {
		return nil, err
	}
	return call, call.WaitForJoinState(ctx, statefulclient.JoinStateIn)
}
