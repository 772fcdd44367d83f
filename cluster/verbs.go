package cluster

import (
	"context"
	"errors"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// Hangup ends the bot's part in the call, as statefulclient.Call.Hangup does. A
// call that has ended meanwhile is no error.
func (f *Foreign) Hangup(ctx context.Context) error {
	err := f.client.verbs.hangup.do(ctx, f, nothing{})
	if errors.Is(err, ErrNoCall) {
		return nil
	}
	return err
}

// Reject refuses an incoming call.
func (f *Foreign) Reject(ctx context.Context, reason resources.RejectReason) error {
	return f.client.verbs.reject.do(ctx, f, reason)
}

// Redirect sends an incoming call on to others.
func (f *Foreign) Redirect(ctx context.Context, options statefulclient.RedirectOptions, targets ...resources.IdentitySet) error {
	return f.client.verbs.redirect.do(ctx, f, redirectRequest{options, wrap(targets)})
}

// Transfer hands the other side over to somebody else. It returns when the platform
// has taken the request; how it came out, the handlers of the owner are told.
func (f *Foreign) Transfer(ctx context.Context, target resources.IdentitySet, replacesCallID string) error {
	return f.client.verbs.transfer.do(ctx, f, transferRequest{wire[resources.IdentitySet]{&target}, replacesCallID})
}

// Mute mutes the bot, in a group call.
func (f *Foreign) Mute(ctx context.Context) error { return f.client.verbs.mute.do(ctx, f, nothing{}) }

// Unmute takes Mute back.
func (f *Foreign) Unmute(ctx context.Context) error {
	return f.client.verbs.unmute.do(ctx, f, nothing{})
}

// PlayPrompt plays sound files into the call, and returns the id of the operation
// when the platform has begun. Its end, the handlers of the owner are told.
func (f *Foreign) PlayPrompt(ctx context.Context, prompts ...*resources.MediaPrompt) (operationID string, err error) {
	var request []wire[resources.MediaPrompt]
	for _, prompt := range prompts {
		request = append(request, wire[resources.MediaPrompt]{prompt})
	}
	return f.client.verbs.play.Run(ctx, f.client, f.ID(), request)
}

// CancelMediaProcessing ends all that plays and is queued.
func (f *Foreign) CancelMediaProcessing(ctx context.Context) error {
	return f.client.verbs.cancelMedia.do(ctx, f, nothing{})
}

// SendDtmfTones presses keys, with a pause between them, and returns the id of the
// operation when the platform has begun.
func (f *Foreign) SendDtmfTones(ctx context.Context, pause time.Duration, tones ...resources.Tone) (operationID string, err error) {
	return f.client.verbs.tones.Run(ctx, f.client, f.ID(), tonesRequest{pause, tones})
}

// InviteParticipants brings people into the call, and returns the id of the
// operation when the platform has begun to ring them.
func (f *Foreign) InviteParticipants(ctx context.Context, people ...resources.InvitationParticipantInfo) (operationID string, err error) {
	return f.client.verbs.invite.Run(ctx, f.client, f.ID(), wrap(people))
}

// RemoveParticipant takes a participant out of the call.
func (f *Foreign) RemoveParticipant(ctx context.Context, participantID string) error {
	return f.client.verbs.remove.do(ctx, f, participantID)
}

// MuteParticipant mutes a participant for everybody.
func (f *Foreign) MuteParticipant(ctx context.Context, participantID string) error {
	return f.client.verbs.muteOne.do(ctx, f, participantID)
}

// nothing is the request of verbs that need none, and the reply of those that
// give none.
type nothing struct{}

// deed is a command that replies nothing.
type deed[Request any] struct{ *Command[Request, nothing] }

func newDeed[Request any](name string, do func(context.Context, *statefulclient.Call, Request) error) deed[Request] {
	return deed[Request]{NewCommand(name, func(ctx context.Context, call *statefulclient.Call, request Request) (nothing, error) {
		return nothing{}, do(ctx, call, request)
	})}
}

func (d deed[Request]) do(ctx context.Context, f *Foreign, request Request) error {
	_, err := d.Run(ctx, f.client, f.ID(), request)
	return err
}

// wire is a resource of the platform's inside a request: package resources alone
// writes and reads those without loss.
type wire[T any] struct{ value *T }

func (w wire[T]) MarshalJSON() ([]byte, error) { return resources.Encode(w.value) }

func (w *wire[T]) UnmarshalJSON(data []byte) (err error) {
	w.value, err = resources.Decode[T](data)
	return err
}

func wrap[T any](values []T) []wire[T] {
	wrapped := make([]wire[T], len(values))
	for i := range values {
		wrapped[i].value = &values[i]
	}
	return wrapped
}

func unwrap[T any](wrapped []wire[T]) []T {
	values := make([]T, len(wrapped))
	for i := range wrapped {
		values[i] = *wrapped[i].value
	}
	return values
}

type redirectRequest struct {
	Options statefulclient.RedirectOptions
	Targets []wire[resources.IdentitySet]
}

type transferRequest struct {
	Target         wire[resources.IdentitySet]
	ReplacesCallID string
}

type tonesRequest struct {
	Pause time.Duration
	Tones []resources.Tone
}

// verbs are the commands every instance has.
type verbs struct {
	hangup, mute, unmute, cancelMedia deed[nothing]
	reject                            deed[resources.RejectReason]
	redirect                          deed[redirectRequest]
	transfer                          deed[transferRequest]
	remove, muteOne                   deed[string]

	play   *Command[[]wire[resources.MediaPrompt], string]
	tones  *Command[tonesRequest, string]
	invite *Command[[]wire[resources.InvitationParticipantInfo], string]
}

// verbPrefix keeps the names of verbs apart from those of users' commands.
const verbPrefix = "call."

func newVerbs() *verbs {
	return &verbs{
		hangup:      plain("hangup", (*statefulclient.Call).Hangup),
		mute:        plain("mute", (*statefulclient.Call).Mute),
		unmute:      plain("unmute", (*statefulclient.Call).Unmute),
		cancelMedia: plain("cancelMediaProcessing", (*statefulclient.Call).CancelMediaProcessing),
		reject: newDeed(verbPrefix+"reject", func(ctx context.Context, call *statefulclient.Call, reason resources.RejectReason) error {
			return call.Reject(ctx, reason)
		}),
		redirect: newDeed(verbPrefix+"redirect", func(ctx context.Context, call *statefulclient.Call, r redirectRequest) error {
			return call.Redirect(ctx, r.Options, unwrap(r.Targets)...)
		}),
		transfer: newDeed(verbPrefix+"transfer", func(ctx context.Context, call *statefulclient.Call, r transferRequest) error {
			_, err := call.Transfer(ctx, *r.Target.value, statefulclient.TransferOptions{ReplacesCallID: r.ReplacesCallID})
			return err
		}),
		remove:  aboutParticipant("removeParticipant", (*statefulclient.Participant).Remove),
		muteOne: aboutParticipant("muteParticipant", (*statefulclient.Participant).Mute),
		play: NewCommand(verbPrefix+"playPrompt", func(ctx context.Context, call *statefulclient.Call, r []wire[resources.MediaPrompt]) (string, error) {
			var prompts []*resources.MediaPrompt
			for _, prompt := range r {
				prompts = append(prompts, prompt.value)
			}
			return operationID(call.PlayPrompt(ctx, prompts...))
		}),
		tones: NewCommand(verbPrefix+"sendDtmfTones", func(ctx context.Context, call *statefulclient.Call, r tonesRequest) (string, error) {
			return operationID(call.SendDtmfTones(ctx, r.Pause, r.Tones...))
		}),
		invite: NewCommand(verbPrefix+"invite", func(ctx context.Context, call *statefulclient.Call, r []wire[resources.InvitationParticipantInfo]) (string, error) {
			return operationID(call.Participants().Invite(ctx, unwrap(r)...))
		}),
	}
}

func plain(name string, do func(*statefulclient.Call, context.Context) error) deed[nothing] {
	return newDeed(verbPrefix+name, func(ctx context.Context, call *statefulclient.Call, _ nothing) error { return do(call, ctx) })
}

func aboutParticipant(name string, do func(*statefulclient.Participant, context.Context) error) deed[string] {
	return newDeed(verbPrefix+name, func(ctx context.Context, call *statefulclient.Call, id string) error {
		participant, known := call.Participants().Get(id)
		if !known {
			return ErrNoParticipant
		}
		return do(participant, ctx)
	})
}

func operationID[T resources.Operation](o *statefulclient.Operation[T], err error) (string, error) {
	if err != nil {
		return "", err
	}
	return o.ID(), nil
}

func (v *verbs) all() []Runnable {
	return []Runnable{
		v.hangup, v.mute, v.unmute, v.cancelMedia, v.reject, v.redirect, v.transfer, v.remove, v.muteOne, v.play, v.tones, v.invite,
	}
}
