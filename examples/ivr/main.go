// Ivr answers a call, asks for a choice, and transfers the caller by the key
// they press.
//
//	go run ./examples/ivr        on the simulator, where the caller presses 2
//	go run ./examples/ivr -graph -tenant … -notification-url https://… -menu https://…/menu.wav -sales <user id> -support <user id>
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

// menu is the bot: what it plays, and who is behind which key.
type menu struct {
	*stage.Stage
	prompt string
	behind map[string]string // user ids, by key
}

func main() {
	settings := stage.Flags()
	prompt := flag.String("menu", "https://bot.contoso.com/menu.wav", "what to play; wav, one channel, 16 bit, 16 kHz")
	sales := flag.String("sales", "", "with -graph: the id of the user behind key 1")
	support := flag.String("support", "", "with -graph: the id of the user behind key 2")
	flag.Parse()

	stage.Run(5*time.Minute, func(ctx context.Context) error {
		s, err := settings.Open("Reception")
		if err != nil {
			return err
		}
		defer s.Close()
		m := &menu{s, *prompt, map[string]string{"1": *sales, "2": *support}}
		if !settings.Graph {
			adele, alex := s.Platform.AddPerson("Adele Vance"), s.Platform.AddPerson("Alex Wilber")
			m.behind = map[string]string{"1": adele.ID, "2": alex.ID}
			defer s.Client.Calls().OnIncoming(func(_ context.Context, e statefulclient.IncomingCall) {
				go press(ctx, s, s.Platform.Call(e.Call.ID()))
			}).Cancel()
			go s.Platform.AddPerson("Diego Siciliani").Call(s.Bot)
		}
		return m.serve(ctx)
	})
}

// press presses 2 once the bot listens for keys.
func press(ctx context.Context, s *stage.Stage, caller *simulator.Call) {
	if caller.WaitListening(ctx) == nil {
		s.Tell("Diego", "presses 2")
		caller.PressKey(resources.Tone2)
	}
}

// serve serves the next caller.
func (m *menu) serve(ctx context.Context) error {
	callers := make(chan statefulclient.IncomingCall, 1)
	defer m.Client.Calls().OnIncoming(func(_ context.Context, e statefulclient.IncomingCall) { callers <- e }).Cancel()
	defer statefulclient.On(m.Client.Calls(), func(_ context.Context, e statefulclient.StateChanged) { m.Tell("call", "%s", e.New) }).Cancel()
	select {
	case e := <-callers:
		return m.attend(ctx, e.Call)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// attend answers a caller, asks for a key and transfers them.
func (m *menu) attend(ctx context.Context, call *statefulclient.Call) error {
	m.Tell(call.CallerName(), "is calling")
	if err := call.Answer(ctx, statefulclient.AnswerOptions{}); err != nil {
		return err
	}
	if err := call.WaitFor(ctx, resources.CallStateEstablished); err != nil {
		return err
	}
	key, err := m.ask(ctx, call)
	if errors.Is(err, statefulclient.ErrNoKey) || err == nil && m.behind[key] == "" {
		m.Tell("Reception", "hears no key it knows, and hangs up")
		return errors.Join(call.Hangup(ctx), call.WaitFor(ctx, resources.CallStateTerminated))
	}
	if err != nil {
		return err
	}
	m.Tell("Reception", "transfers the caller by key %s", key)
	transfer, err := call.Transfer(ctx, statefulclient.UserIdentity(m.behind[key]), statefulclient.TransferOptions{})
	if err != nil {
		return err
	}
	if err := transfer.Wait(ctx); err != nil {
		return err
	}
	reason, _ := call.End()
	m.Tell("call", "ended: %s", reason)
	return nil
}

// ask plays the menu and collects one key, which cuts the menu short.
func (m *menu) ask(ctx context.Context, call *statefulclient.Call) (string, error) {
	m.Tell("Reception", "plays the menu")
	return call.Ask(ctx, statefulclient.AskOptions{
		Prompts: []*resources.MediaPrompt{resources.NewMediaPrompt(m.prompt)},
		Collect: statefulclient.CollectOptions{First: 10 * time.Second},
	})
}
