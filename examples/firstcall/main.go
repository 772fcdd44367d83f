// Firstcall is the first thing to run in a new tenant: it goes from the bot's
// credentials to a call that has ended, one step after the other, and where one
// fails it says what to do.
//
//	go run ./examples/firstcall        on the simulator
//	go run ./examples/firstcall -graph -tenant … -notification-url https://… -call <user id>
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

// newcomer is the bot.
type newcomer struct {
	client *statefulclient.Client
	tell   func(who, format string, args ...any)
}

func main() {
	settings := stage.Flags()
	user := flag.String("call", "", "with -graph: the id of the user to call, who should pick up")
	flag.Parse()

	stage.Run(3*time.Minute, func(ctx context.Context) error {
		s, err := settings.Open("Newcomer")
		if err != nil {
			return err
		}
		defer s.Close()
		n := &newcomer{s.Client, s.Tell}
		if settings.Graph {
			return n.firstCall(ctx, statefulclient.CallTo(settings.Tenant, statefulclient.UserIdentity(*user)))
		}
		adele := s.Platform.AddPerson("Adele Vance")
		return n.firstCall(ctx, statefulclient.CallTo(adele.TenantID, statefulclient.UserIdentity(adele.ID)))
	})
}

// firstCall goes through all there is to go wrong.
func (n *newcomer) firstCall(ctx context.Context, person resources.Call) error {
	if err := n.client.Warm(ctx); err != nil {
		return fmt.Errorf("credentials, keys, or the way to Graph: %w", err)
	}
	n.tell("ok", "the credentials are good, and Graph is reached")
	if err := n.client.SelfTest(ctx); err != nil {
		return fmt.Errorf("the notification URL: %w", err)
	}
	n.tell("ok", "the notification URL leads to this process")
	call, err := n.client.Calls().Add(ctx, person)
	if err != nil {
		return fmt.Errorf("permissions and consent: %w", err)
	}
	n.tell("ok", "the bot may call; pick up")
	if err := errors.Join(n.attend(ctx, call), call.Hangup(ctx)); err != nil {
		return err
	}
	if err := call.WaitFor(ctx, resources.CallStateTerminated); err != nil {
		return err
	}
	n.tell("ok", "the bot has hung up")
	return n.heard()
}

// attend waits until the call is established.
func (n *newcomer) attend(ctx context.Context, call *statefulclient.Call) error {
	err := call.WaitFor(ctx, resources.CallStateEstablished)
	if ended, isEnd := errors.AsType[*statefulclient.EndedError](err); isEnd {
		return fmt.Errorf("the call: %w: %s", err, ended.Reason.Hint())
	}
	if err != nil {
		return fmt.Errorf("the call: %w", err)
	}
	n.tell("ok", "the call is established")
	return nil
}

// heard makes sure that the platform's notifications came in: without them a
// call is known only as far as the client asked.
func (n *newcomer) heard() error {
	stats := n.client.Stats()
	if stats.Webhook.Accepted == 0 {
		return fmt.Errorf("no notification came in, and these were refused: %v; who reaches this process from elsewhere may be stopped by a firewall, "+
			"or by a proxy that changes the path, the query or the Authorization header", stats.Webhook.Refused)
	}
	n.tell("ok", "%d notifications came in", stats.Webhook.Accepted)
	return nil
}
