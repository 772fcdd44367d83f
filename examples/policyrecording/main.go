// Policyrecording is a bot that a recording policy calls into meetings. It
// answers with media of its own, says that it records before it keeps anything,
// takes a second person of the policy into the call it has, and says so when it
// stops.
//
//	go run ./examples/policyrecording        on the simulator, where three people of one policy meet
//	go run ./examples/policyrecording -graph -tenant … -notification-url https://… -stack http://…
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/graphcalls/graphcalls-go/examples/internal/stage"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// recorder is the bot.
type recorder struct {
	*stage.Stage
	media *http.Client // to reach the media stack with
	stack string       // where it is
	names sync.Map     // of people, by participant id
	calls sync.WaitGroup

	failures atomic.Int32
}

func main() {
	settings := stage.Flags()
	stack := flag.String("stack", "", "with -graph: the address of the media stack's process; session.go says what it is asked")
	stay := flag.Duration("stay", time.Minute, "with -graph: how long to work")
	flag.Parse()

	stage.Run(*stay+time.Minute, func(ctx context.Context) error {
		s, err := settings.Open("Recorder")
		if err != nil {
			return err
		}
		defer s.Close()
		if !settings.Graph {
			return rehearse(ctx, s)
		}
		r := &recorder{Stage: s, media: http.DefaultClient, stack: *stack}
		return r.work(ctx, func() error {
			select {
			case <-time.After(*stay):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	})
}

// work records whom the policy names, until meanwhile returns.
func (r *recorder) work(ctx context.Context, meanwhile func() error) error {
	r.Client.Calls().DecideJoining(r.decide)
	statefulclient.On(r.Client.Calls(), r.left)
	over := make(chan struct{})
	incoming := r.Client.Calls().OnIncoming(func(answering context.Context, e statefulclient.IncomingCall) {
		session, err := r.answer(answering, e)
		if err != nil {
			r.Tell("Recorder", "cannot answer: %v", err)
			return
		}
		r.calls.Go(func() { r.attend(ctx, e.Call, session, over) }) // the handler's context lasts until the deadline
	})
	err := meanwhile()
	incoming.Cancel()
	close(over)
	r.calls.Wait()
	if count := r.failures.Load(); count > 0 {
		err = errors.Join(err, fmt.Errorf("%d calls failed", count))
	}
	return err
}

// decide takes one more person of the policy into a call. The platform waits
// for the answer, and asks only while the call has room.
func (r *recorder) decide(_ context.Context, e statefulclient.ParticipantJoining) resources.ParticipantJoiningResponse {
	if e.Joining != nil {
		r.introduce(e.Joining)
	}
	r.Tell("Recorder", "takes them into call %.8s", e.Call.ID())
	return &resources.AcceptJoinResponse{}
}

// left tells who has left; the call goes on for the others.
func (r *recorder) left(_ context.Context, e statefulclient.ManagedParticipantLeft) {
	name, known := r.names.LoadAndDelete(e.ParticipantID)
	if !known {
		name = e.ParticipantID
	}
	r.Tell(fmt.Sprint(name), "has left; call %.8s goes on", e.Call.ID())
}
