// Onlinemeeting creates a meeting, finds it again by its join URL and by the id
// that room devices dial, and joins it by the coordinates found.
//
//	go run ./examples/onlinemeeting        on the simulator
//	go run ./examples/onlinemeeting -graph -tenant … -notification-url https://… -organizer <user id>
//	go run ./examples/onlinemeeting -graph -tenant … -notification-url https://… -organizer <user id> -external-id order-4711
//
// The second makes a meeting each time, the third only the first time.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"time"

	"github.com/graphcalls/graphcalls-go/examples/internal/stage"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// secretary is the bot, and whose meetings it sees to.
type secretary struct {
	*stage.Stage
	tenant, organizer string
}

func main() {
	settings := stage.Flags()
	organizer := flag.String("organizer", "", "with -graph: the id of the user whose meeting it is")
	externalID := flag.String("external-id", "", "with -graph: what the meeting is known by to the bot")
	flag.Parse()

	stage.Run(2*time.Minute, func(ctx context.Context) error {
		s, err := settings.Open("Secretary")
		if err != nil {
			return err
		}
		defer s.Close()
		if settings.Graph {
			return (&secretary{s, settings.Tenant, *organizer}).arrange(ctx, *externalID)
		}
		adele := s.Platform.AddPerson("Adele Vance")
		b := &secretary{s, adele.TenantID, adele.ID}
		return errors.Join(b.arrange(ctx, ""), b.arrange(ctx, "order-4711"), b.arrange(ctx, "order-4711"))
	})
}

// arrange sees to it that there is a meeting, finds it and joins it.
func (b *secretary) arrange(ctx context.Context, externalID string) error {
	made, err := b.create(ctx, externalID)
	if err != nil {
		return err
	}
	b.Tell(made.Subject, "was created at %s", made.CreationDateTime.Local().Format("15:04:05.000"))
	found, err := b.find(ctx, made)
	if err != nil {
		return err
	}
	if found.JoinWebURL != made.JoinWebURL {
		return fmt.Errorf("found %s instead of %s", found.JoinWebURL, made.JoinWebURL)
	}
	return b.join(ctx, found)
}

// create makes a meeting. With an external id it makes one for everybody who
// asks by that id, in all the programs and at all the times they do.
func (b *secretary) create(ctx context.Context, externalID string) (*resources.OnlineMeeting, error) {
	starts := time.Now().Add(time.Hour).Truncate(time.Hour)
	if externalID == "" {
		return b.Client.OnlineMeetings().Create(ctx, b.tenant, b.organizer, resources.OnlineMeeting{
			Subject: "Welcome", StartDateTime: starts, EndDateTime: starts.Add(time.Hour),
		})
	}
	return b.Client.OnlineMeetings().CreateOrGet(ctx, b.tenant, b.organizer, resources.CreateOrGetOnlineMeeting{
		ExternalID: externalID, Subject: "Your order", StartDateTime: starts, EndDateTime: starts.Add(time.Hour),
	})
}

// find looks the meeting up as somebody would who has only its link or its id
// for room devices, which not all tenants' meetings have.
func (b *secretary) find(ctx context.Context, made *resources.OnlineMeeting) (*resources.OnlineMeeting, error) {
	found, err := b.Client.OnlineMeetings().GetByJoinURL(ctx, b.tenant, b.organizer, made.JoinWebURL)
	if err != nil {
		return nil, err
	}
	b.Tell("Secretary", "finds %q by its join URL", found.Subject)
	if found.VideoTeleconferenceID == "" {
		return found, nil
	}
	found, err = b.Client.OnlineMeetings().GetByVideoTeleconferenceID(ctx, b.tenant, found.VideoTeleconferenceID)
	if err != nil {
		return nil, err
	}
	b.Tell("Secretary", "finds %q by the id that room devices dial", found.Subject)
	return found, nil
}

// join looks into the meeting, and leaves.
func (b *secretary) join(ctx context.Context, meeting *resources.OnlineMeeting) error {
	coordinates, err := statefulclient.Coordinates(meeting, b.tenant)
	if err != nil {
		return err
	}
	call, err := b.Client.Calls().Join(ctx, coordinates)
	if err != nil {
		return err
	}
	if err := call.WaitFor(ctx, resources.CallStateEstablished); err != nil {
		return err
	}
	b.Tell("Secretary", "is in the meeting, and leaves")
	return errors.Join(call.Hangup(ctx), call.WaitFor(ctx, resources.CallStateTerminated))
}
