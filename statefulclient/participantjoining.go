package statefulclient

import (
	"context"
	"errors"
	"fmt"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/transport"
)

// ParticipantJoining says that one more person of a recording policy is about
// to join a conversation that the bot records already.
type ParticipantJoining struct {
	// Call is the bot's, which was answered with a ParticipantCapacity.
	Call *Call
	// Joining is the incoming call it would have been without that capacity;
	// nil if the platform did not say.
	Joining *resources.Call
}

// ManagedParticipantLeft tells that a person of a recording policy has left the
// conversation.
type ManagedParticipantLeft struct {
	Call          *Call
	ParticipantID string
	// Result is why, as far as the platform said.
	Result *resources.ResultInfo
}

func (ManagedParticipantLeft) kind() kind { return kindManagedLeft }

// JoiningDecision says what is to become of a participant who joins. It runs
// while the platform waits for the reply, so it must be quick: ctx ends when
// the platform stops waiting.
type JoiningDecision func(ctx context.Context, e ParticipantJoining) resources.ParticipantJoiningResponse

var errUndecided = errors.New("statefulclient: the decision on a joining participant failed")

// DecideJoining sets who decides on participants that join a conversation the
// bot records by policy. Without a decision, or for a nil answer, they are
// accepted: that is what ParticipantCapacity was given for. A decision that
// panics is answered with 500, and reported as a handler's panic is.
//
// It mirrors the .NET SDK's ParticipantJoiningHandler.
func (c *Calls) DecideJoining(decide JoiningDecision) { c.decision.Store(&decide) }

// joining decides on the participants a delivery says are joining. The platform
// sends such a notification by itself, since the reply is about one.
func (c *Calls) joining(ctx context.Context, d transport.Delivery) (resources.ParticipantJoiningResponse, error) {
	var answer resources.ParticipantJoiningResponse
	for i := range d.Notifications.Value {
		n := &d.Notifications.Value[i]
		data, ok := n.Data.(*resources.ParticipantJoiningNotification)
		if !ok {
			continue
		}
		path, _ := n.Path()
		call, known := c.Get(path.CallID)
		if !known {
			continue // it will be told as unmatched
		}
		decided, err := c.decide(ctx, ParticipantJoining{call, data.Call})
		if err != nil {
			return nil, err
		}
		answer = decided
	}
	return answer, nil
}

func (c *Calls) decide(ctx context.Context, e ParticipantJoining) (answer resources.ParticipantJoiningResponse, err error) {
	accepted := &resources.AcceptJoinResponse{}
	decide := c.decision.Load()
	if decide == nil || *decide == nil {
		return accepted, nil
	}
	ctx, cancel := context.WithTimeout(context.WithValue(ctx, handlerKey{}, c.client), c.client.limits.AnswerRecordingWithin)
	defer cancel()
	c.client.runHandler(ctx, e.Call, kindJoining, func(ctx context.Context) bool {
		answer, err = c.askDecision(ctx, *decide, e)
		return err != nil
	})
	if err == nil && answer == nil {
		answer = accepted
	}
	return answer, err
}

func (c *Calls) askDecision(ctx context.Context, decide JoiningDecision, e ParticipantJoining) (answer resources.ParticipantJoiningResponse, err error) {
	defer func() {
		if problem := recover(); problem != nil {
			c.client.handlerPanicked(e.Call, kindJoining, problem)
			answer, err = nil, fmt.Errorf("%w: it panicked", errUndecided)
		}
	}()
	return decide(ctx, e), nil
}
