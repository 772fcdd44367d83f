package statefulclient

import (
	"context"
	"net/url"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/transport"
)

// maxInvitations is the platform's limit for one request.
const maxInvitations = 5

type inviteRequest struct {
	operationRequest
	Participants []resources.InvitationParticipantInfo `json:"participants"`
}

// Invite brings people into the call, each by an Invitation: five at most at
// once; only one if they replace a call they are in. The operation ends when they have answered, or
// not, which may take a minute. People invited into a call of two make it a
// group call.
//
// See https://learn.microsoft.com/graph/api/participant-invite.
func (p *Participants) Invite(ctx context.Context, people ...resources.InvitationParticipantInfo) (*Operation[*resources.InviteParticipantsOperation], error) {
	if len(people) == 0 || len(people) > maxInvitations {
		return nil, invalid("Invite takes 1 to %d people, not %d", maxInvitations, len(people))
	}
	for i := range people {
		if err := checkTarget(people[i].Identity, i); err != nil {
			return nil, err
		}
		if people[i].ReplacesCallID != "" && len(people) > 1 {
			return nil, invalid("an invitation that replaces a call must be the only one; this is one of %d", len(people))
		}
	}
	return startOperation[resources.InviteParticipantsOperation](ctx, p.call, "participants/invite", func(mark string) any {
		return &inviteRequest{operationRequest{ClientContext: mark}, people}
	})
}

// Remove takes the participant out of the call, or takes back an invitation not
// answered yet. The tenant must allow the bot to do so. The roster tells when it
// is done.
//
// See https://learn.microsoft.com/graph/api/participant-delete.
func (p *Participant) Remove(ctx context.Context) error {
	_, err := p.call.do(ctx, transport.Request{Method: "DELETE"}, p.path(""))
	return err
}

// Mute mutes the participant for everybody. They can unmute themselves. It
// returns when that is done; where it failed the error is an *OperationError.
// The roster tells everybody.
//
// See https://learn.microsoft.com/graph/api/participant-mute.
func (p *Participant) Mute(ctx context.Context) error {
	return perform[resources.MuteParticipantOperation](ctx, p.call, ordinary, p.path("mute"), bare)
}

type holdMusicRequest struct {
	operationRequest
	CustomPrompt *resources.MediaPrompt `json:"customPrompt"`
}

// StartHoldMusic puts the participant on hold, with a sound file or, for nil,
// the platform's own music. One participant can be on hold at a time. A prompt
// whose Loop is set goes to Graph's beta endpoint, as with PlayPrompt.
//
// See https://learn.microsoft.com/graph/api/participant-startholdmusic.
func (p *Participant) StartHoldMusic(ctx context.Context, prompt *resources.MediaPrompt) (*Operation[*resources.StartHoldMusicOperation], error) {
	at := ordinary
	if prompt != nil {
		if err := checkPrompt(prompt); err != nil {
			return nil, err
		}
		at = endpointFor(prompt)
	}
	return startOperationAt[resources.StartHoldMusicOperation](ctx, p.call, at, p.path("startHoldMusic"), func(mark string) any {
		return &holdMusicRequest{operationRequest{ClientContext: mark}, prompt}
	})
}

// StopHoldMusic brings the participant back.
//
// See https://learn.microsoft.com/graph/api/participant-stopholdmusic.
func (p *Participant) StopHoldMusic(ctx context.Context) (*Operation[*resources.StopHoldMusicOperation], error) {
	return startOperation[resources.StopHoldMusicOperation](ctx, p.call, p.path("stopHoldMusic"), bare)
}

// path is that of an action on the participant, below the call.
func (p *Participant) path(action string) string {
	path := "participants/" + url.PathEscape(p.ID())
	if action != "" {
		path += "/" + action
	}
	return path
}
