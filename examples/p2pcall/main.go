// P2pcall calls one person, and answers when one calls.
//
//	go run ./examples/p2pcall                  on the simulator
//	go run ./examples/p2pcall -graph -tenant … -notification-url https://… -call <user id> -prompt https://…/hello.wav
//	go run ./examples/p2pcall -graph -tenant … -notification-url https://… -answer -prompt https://…/hello.wav
//	go run ./examples/p2pcall -callsim         on a running callsim, Adele Vance
//	go run ./examples/p2pcall -callsim -answer on a running callsim, whoever calls from its page
package main

import (
	"context"
	"errors"
	"flag"
	"os"
	"time"

	"github.com/graphcalls/graphcalls-go/examples/internal/stage"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// greeter is the bot: it plays one prompt to whoever it is connected to.
type greeter struct {
	*stage.Stage
	prompt string
}

func main() {
	settings := stage.Flags()
	user := flag.String("call", os.Getenv("CALLSIM_PERSON_ID"), "with -graph: the id of the user to call")
	answer := flag.Bool("answer", false, "with -graph: wait for a call instead")
	prompt := flag.String("prompt", "https://bot.contoso.com/hello.wav", "what to play; wav, one channel, 16 bit, 16 kHz")
	flag.Parse()

	stage.Run(5*time.Minute, func(ctx context.Context) error {
		s, err := settings.Open("Greeter")
		if err != nil {
			return err
		}
		defer s.Close()
		g := &greeter{s, *prompt}
		statefulclient.On(s.Client.Calls(), func(_ context.Context, e statefulclient.StateChanged) {
			s.Tell("call", "%s", e.New)
		})
		answered := g.answer()
		switch {
		case settings.Graph && *answer:
			return g.greetNext(ctx, answered)
		case settings.Graph:
			return g.call(ctx, *user, settings.Tenant)
		}
		adele, alex := s.Platform.AddPerson("Adele Vance"), s.Platform.AddPerson("Alex Wilber")
		if err := g.call(ctx, adele.ID, adele.TenantID); err != nil {
			return err
		}
		alex.Call(s.Bot)
		return g.greetNext(ctx, answered)
	})
}

// call calls a user, greets them and hangs up.
func (g *greeter) call(ctx context.Context, userID, tenantID string) error {
	g.Tell("Greeter", "calls a user")
	user := &resources.IdentitySet{User: &resources.Identity{ID: userID}}
	call, err := g.Client.Calls().Add(ctx, resources.Call{
		TenantID: tenantID, Targets: []resources.InvitationParticipantInfo{{Identity: user}},
	})
	if err != nil {
		return err
	}
	if err := call.WaitFor(ctx, resources.CallStateEstablished); err != nil {
		return err
	}
	return g.greet(ctx, call)
}

// answer answers the calls that come in, and returns them.
func (g *greeter) answer() <-chan *statefulclient.Call {
	answered := make(chan *statefulclient.Call, 1)
	g.Client.Calls().OnIncoming(func(ctx context.Context, e statefulclient.IncomingCall) {
		g.Tell(e.Call.CallerName(), "is calling")
		err := e.Call.Answer(ctx, statefulclient.AnswerOptions{})
		if err == nil {
			err = e.Call.WaitFor(ctx, resources.CallStateEstablished)
		}
		if err != nil {
			g.Tell("Greeter", "could not answer: %v", err)
			return
		}
		answered <- e.Call
	})
	return answered
}

// greetNext greets the next caller.
func (g *greeter) greetNext(ctx context.Context, answered <-chan *statefulclient.Call) error {
	select {
	case call := <-answered:
		return g.greet(ctx, call)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// greet plays the prompt to whoever is on the line, and hangs up.
func (g *greeter) greet(ctx context.Context, call *statefulclient.Call) error {
	op, err := call.PlayPrompt(ctx, resources.NewMediaPrompt(g.prompt))
	if err != nil {
		return err
	}
	g.Tell("Greeter", "plays a prompt")
	if _, err := op.Wait(ctx); err != nil {
		return err
	}
	g.Tell("Greeter", "has played it, and hangs up")
	if err := errors.Join(call.Hangup(ctx), call.WaitFor(ctx, resources.CallStateTerminated)); err != nil {
		return err
	}
	reason, _ := call.End()
	g.Tell("call", "ended: %s", reason)
	return nil
}
