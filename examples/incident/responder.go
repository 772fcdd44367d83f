package main

import (
	"context"
	"errors"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// page calls a responder, and brings them into the meeting if they accept. That
// they do not is no error.
func (d *dispatcher) page(ctx context.Context, meeting *statefulclient.Call, responder resources.IdentitySet) error {
	d.Tell("Dispatcher", "calls %s", responder.DisplayName())
	call, err := d.Client.Calls().Add(ctx, statefulclient.CallTo(d.tenant, responder))
	if err != nil {
		return err
	}
	key, err := d.ask(ctx, call)
	switch {
	case errors.Is(err, statefulclient.ErrCallEnded):
		err = call.WaitFor(ctx, resources.CallStateTerminated)
		reason, _ := call.End()
		d.Tell(responder.DisplayName(), "cannot be asked (%s): %s", reason.Class(), reason)
		return err
	case errors.Is(err, statefulclient.ErrNoKey):
		d.Tell(responder.DisplayName(), "presses no key")
		return hangUp(ctx, call)
	case err != nil:
		return errors.Join(err, hangUp(ctx, call))
	}
	d.Tell(responder.DisplayName(), "presses %s", key)
	if key == "1" {
		err = d.bring(ctx, meeting, responder, call)
	}
	return errors.Join(err, hangUp(ctx, call))
}

// ask plays the question and collects a key, which cuts the question short.
func (d *dispatcher) ask(ctx context.Context, call *statefulclient.Call) (string, error) {
	if err := call.WaitFor(ctx, resources.CallStateEstablished); err != nil {
		return "", err
	}
	return call.Ask(ctx, statefulclient.AskOptions{
		Prompts: []*resources.MediaPrompt{d.question}, Collect: statefulclient.CollectOptions{First: 15 * time.Second},
	})
}

// bring moves a responder from the call they are in over to the meeting, without
// calling them again.
func (d *dispatcher) bring(ctx context.Context, meeting *statefulclient.Call, responder resources.IdentitySet, from *statefulclient.Call) error {
	invitation := statefulclient.Invitation(responder)
	invitation.ReplacesCallID = from.ID()
	arriving, err := meeting.Participants().Invite(ctx, invitation)
	if err != nil {
		return err
	}
	_, err = arriving.Wait(ctx)
	if failed, isFailure := errors.AsType[*statefulclient.OperationError](err); isFailure {
		d.Tell(responder.DisplayName(), "does not arrive (%s): %s", failed.Class(), failed.Hint())
		return nil
	}
	return err
}

// hangUp hangs up, unless the call is over already.
func hangUp(ctx context.Context, call *statefulclient.Call) error {
	return errors.Join(call.Hangup(ctx), call.WaitFor(ctx, resources.CallStateTerminated))
}
