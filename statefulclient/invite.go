package statefulclient

import (
	"context"
	"net/url"

	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/transport"
)

// maxInvitations is the platform's limit for one request.
const maxInvitations = 5

type inviteRequest struct {
	operationRequest
	Participants []resources.InvitationParticipantInfo `json:"participants"`
}

// Invite brings people into the call, five at most at once; only one if they
// replace a call they are in. The operation ends when they have answered, or
// not, which may take a minute. People invited into a call of two make it a
// group call.
//
// See https://learn.microsoft.com/graph/api/participant-invite.
func (p *Participants) Invite(ctx context.Context, people ...resources.InvitationParticipantInfo) (*Operation[*resources.InviteParticipantsOperation], error) {
	if len(people) == 0 || len(people) > maxInvitations {
		return nil, invalid("Invite takes 1 to %d people, not %d", maxInvitations, len(people))
	}
	for i := range people {
		if people[i].Identity == nil {
			return nil, invalid("invitation %d has no Identity: say whom to invite, for instance with UserIdentity", i)
		}
		if people[i].ReplacesCallID != "" && len(people) > 1 {
			return nil, invalid("an invitation that replaces a call must be the only one; this is one of %d", len(people))
		}
	}
	return startOperation[resources.InviteParticipantsOperation](ctx, p.call, "participants/invite", func(mark string) any {
		return &inviteRequest{operationRequest{ClientContext: mark}, people}
	})
}

// Refresh asks the platform for the whole roster, and waits for its reply. What
// changed is told as any news is. In a call of two the platform lists nobody,
// which changes nothing.
//
// See https://learn.microsoft.com/graph/api/call-list-participants.
func (p *Participants) Refresh(ctx context.Context) error {
	people, err := p.call.listParticipants(ctx)
	if err == nil {
		p.call.receive(letter{input: reduce.Listed{People: people}, cause: CauseReply})
	}
	return err
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

// Mute mutes the participant for everybody. They can unmute themselves. The
// operation is over with the reply; the roster tells everybody.
//
// See https://learn.microsoft.com/graph/api/participant-mute.
func (p *Participant) Mute(ctx context.Context) (*Operation[*resources.MuteParticipantOperation], error) {
	return startOperation[resources.MuteParticipantOperation](ctx, p.call, p.path("mute"), bare)
}

type holdMusicRequest struct {
	operationRequest
	CustomPrompt *resources.MediaPrompt `json:"customPrompt"`
}

// StartHoldMusic puts the participant on hold, with a sound file or, for nil,
// the platform's own music. One participant can be on hold at a time.
//
// See https://learn.microsoft.com/graph/api/participant-startholdmusic.
func (p *Participant) StartHoldMusic(ctx context.Context, prompt *resources.MediaPrompt) (*Operation[*resources.StartHoldMusicOperation], error) {
	if prompt != nil {
		if err := checkPrompt(prompt); err != nil {
			return nil, err
		}
	}
	return startOperation[resources.StartHoldMusicOperation](ctx, p.call, p.path("startHoldMusic"), func(mark string) any {
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
