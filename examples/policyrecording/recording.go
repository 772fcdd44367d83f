package main

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

const capacity = 2 // people who are recorded in one call

var errNotByPolicy = errors.New("somebody called who is not to be recorded")

// introduce tells whom an invitation is about, and what the policy says of them.
func (r *recorder) introduce(call *resources.Call) {
	name, id := "somebody", ""
	if call.Source != nil {
		name = call.Source.Identity.DisplayName()
	}
	if call.IncomingContext != nil {
		id = call.IncomingContext.ObservedParticipantID
	}
	r.names.Store(id, name)
	r.Tell(name, "is to be recorded, as participant %.8s", id)
	if data, ok := call.BotData(); ok {
		r.Tell("policy", "%.8s for %v, in %s; others record %d", data.PolicyIdentifier, data.InviteReasons, data.MediaHostedRegion, len(data.OtherRecorders))
		if data.User != nil {
			r.Tell("policy", "%s is the %s, in %s", name, data.User.ParticipationMethod, data.User.ClientLocation)
		}
	}
}

// answer takes a call, for which the platform grants recorders five seconds.
func (r *recorder) answer(ctx context.Context, e statefulclient.IncomingCall) (*session, error) {
	begun := time.Now()
	deadline, _ := ctx.Deadline()
	if !e.Recording {
		return nil, errors.Join(errNotByPolicy, e.Call.Reject(ctx, resources.RejectReasonForbidden))
	}
	r.introduce(e.Call.Resource())
	session := &session{client: r.media, address: r.stack + "/" + rand.Text()}
	if err := e.Call.Answer(ctx, statefulclient.AnswerOptions{MediaSession: session, ParticipantCapacity: capacity}); err != nil {
		return nil, err
	}
	r.Tell("Recorder", "has answered call %.8s in %v, %v before the context's deadline", e.Call.ID(),
		time.Since(begun).Round(time.Millisecond), time.Until(deadline).Round(time.Millisecond))
	return session, nil
}

// attend stays in a call until it ends, or work is over.
func (r *recorder) attend(ctx context.Context, call *statefulclient.Call, session *session, over <-chan struct{}) {
	err := errors.Join(r.record(ctx, call, session, over), call.Hangup(ctx), call.WaitFor(ctx, resources.CallStateTerminated))
	if err != nil {
		r.failures.Add(1)
		r.Tell("Recorder", "has failed in call %.8s: %v", call.ID(), err)
	}
	reason, _ := call.End()
	r.Tell("call", "%.8s ended: %s", call.ID(), reason)
}

// record keeps what is said. Nothing is kept that people have not been told of.
func (r *recorder) record(ctx context.Context, call *statefulclient.Call, session *session, over <-chan struct{}) error {
	if err := call.WaitFor(ctx, resources.CallStateEstablished); err != nil {
		return err
	}
	if err := r.announce(ctx, call, resources.RecordingStatusRecording); err != nil {
		return err
	}
	if err := session.keep(ctx); err != nil {
		return errors.Join(err, r.announce(ctx, call, resources.RecordingStatusFailed))
	}
	r.Tell("Recorder", "keeps what is said in call %.8s, one of %d in the meeting", call.ID(), len(call.Conversation()))
	select {
	case <-call.Context().Done():
		return nil
	case <-over:
		return errors.Join(session.Close(), r.announce(ctx, call, resources.RecordingStatusNotRecording))
	case <-ctx.Done():
		return ctx.Err()
	}
}

// announce tells everybody in the call whether it is recorded.
func (r *recorder) announce(ctx context.Context, call *statefulclient.Call, status resources.RecordingStatus) error {
	if err := call.UpdateRecordingStatus(ctx, status); err != nil {
		return err
	}
	r.Tell("Recorder", "has announced for call %.8s: %s", call.ID(), status)
	return nil
}
