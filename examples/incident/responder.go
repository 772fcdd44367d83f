package main

import (
	"context"
	"errors"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/transport"
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
	case isOver(err):
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

// ask plays the question and collects a key, which may be pressed before the
// question is over.
func (d *dispatcher) ask(ctx context.Context, call *statefulclient.Call) (string, error) {
	if err := call.WaitFor(ctx, resources.CallStateEstablished); err != nil {
		return "", err
	}
	if _, err := call.PlayPrompt(ctx, d.question); err != nil {
		return "", err
	}
	return call.CollectDigits(ctx, statefulclient.CollectOptions{First: 15 * time.Second})
}

// bring moves a responder from the call they are in over to the meeting, without
// calling them again.
func (d *dispatcher) bring(ctx context.Context, meeting *statefulclient.Call, responder resources.IdentitySet, from *statefulclient.Call) error {
	invitation, err := meeting.Participants().Invite(ctx, resources.InvitationParticipantInfo{
		Identity: &responder, ReplacesCallID: from.ID(),
	})
	if err != nil {
		return err
	}
	_, err = invitation.Wait(ctx)
	if failed, isFailure := errors.AsType[*statefulclient.OperationError](err); isFailure {
		d.Tell(responder.DisplayName(), "does not arrive: %v", failed)
		return nil
	}
	return err
}

// isOver says whether something failed because the call is over: the client knew
// already, or learnt it from the platform.
func isOver(err error) bool {
	_, ended := errors.AsType[*statefulclient.EndedError](err)
	return ended || errors.Is(err, transport.ErrCallNotFound)
}

// hangUp hangs up, unless the call is over already.
func hangUp(ctx context.Context, call *statefulclient.Call) error {
	return errors.Join(call.Hangup(ctx), call.WaitFor(ctx, resources.CallStateTerminated))
}
