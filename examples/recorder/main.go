// Recorder answers a call, records what the caller says to a question, and
// plays it back to them.
//
//	go run ./examples/recorder        on the simulator, where the caller speaks for eight seconds
//	go run ./examples/recorder -graph -tenant … -notification-url https://… -question https://…/question.wav -recording-host …
package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"time"

	"github.com/graphcalls/graphcalls-go/examples/internal/stage"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// recorder is the bot.
type recorder struct {
	*stage.Stage
	question string
}

func main() {
	settings := stage.Flags()
	question := flag.String("question", "https://bot.contoso.com/question.wav", "what to ask; wav, one channel, 16 bit, 16 kHz")
	flag.Func("recording-host", "with -graph: a domain recordings are fetched from; may be repeated", func(host string) error {
		settings.Limits.RecordingHosts = append(settings.Limits.RecordingHosts, host)
		return nil
	})
	flag.Parse()

	stage.Run(5*time.Minute, func(ctx context.Context) error {
		s, err := settings.Open("Recorder")
		if err != nil {
			return err
		}
		defer s.Close()
		r := &recorder{s, *question}
		if settings.Graph {
			return r.serve(ctx)
		}
		return r.rehearse(ctx)
	})
}

// serve serves the next caller.
func (r *recorder) serve(ctx context.Context) error {
	callers := make(chan *statefulclient.Call, 1)
	defer r.Client.Calls().OnIncoming(func(_ context.Context, e statefulclient.IncomingCall) { callers <- e.Call }).Cancel()
	select {
	case call := <-callers:
		return r.attend(ctx, call)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// attend answers a caller, lets them hear what they said, and hangs up.
func (r *recorder) attend(ctx context.Context, call *statefulclient.Call) error {
	r.Tell(call.CallerName(), "is calling")
	if err := call.Answer(ctx, statefulclient.AnswerOptions{}); err != nil {
		return err
	}
	if err := call.WaitFor(ctx, resources.CallStateEstablished); err != nil {
		return err
	}
	err := errors.Join(r.echo(ctx, call), call.Hangup(ctx), call.WaitFor(ctx, resources.CallStateTerminated))
	reason, _ := call.End()
	r.Tell("call", "ended: %s", reason)
	return err
}

// echo records an answer and plays it back.
func (r *recorder) echo(ctx context.Context, call *statefulclient.Call) error {
	recording, err := call.RecordResponse(ctx, statefulclient.RecordOptions{
		Prompt: resources.NewMediaPrompt(r.question), MaxDuration: time.Minute, StopTones: []string{"#"},
	})
	if err != nil {
		return err
	}
	r.Tell("Recorder", "plays its question, and records the answer")
	recorded, err := recording.Wait(ctx)
	if err != nil {
		return err
	}
	r.Tell("call", "recorded: %s", recorded.CompletionReason)
	var file bytes.Buffer
	size, err := r.Client.DownloadRecording(ctx, recorded, &file)
	if err != nil {
		return err
	}
	answer := sound(file.Bytes())
	r.Tell("Recorder", "has downloaded %d bytes, %v of sound", size, answer.length())
	// The platform fetches prompts without a word about who it is, so the
	// address must be one that nobody can guess.
	address := r.Serve("/answers/"+rand.Text()+".wav", answer)
	playing, err := call.PlayPrompt(ctx, resources.NewMediaPrompt(address))
	if err != nil {
		return err
	}
	r.Tell("Recorder", "plays it back, from %s", address)
	if _, err := playing.Wait(ctx); err != nil {
		return err
	}
	r.Tell("Recorder", "has played it, and hangs up")
	return nil
}
