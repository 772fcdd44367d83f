package statefulclient

import (
	"context"

	"github.com/graphcalls/graphcalls-go/resources"
)

// maxInvitations is the platform's limit for one request.
const maxInvitations = 5

type inviteRequest struct {
	operationRequest
	Participants []resources.InvitationParticipantInfo `json:"participants"`
}

// Invite brings people into the call, each by an Invitation: five at most at
// once; only one if they replace a call they are in. The operation ends when they
// have answered, or not, which may take a minute. People invited into a call of two
// make it a group call.
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
	return startOperation[resources.InviteParticipantsOperation](ctx, p.call, ordinary, "participants/invite", func(mark string) any {
		return &inviteRequest{operationRequest{ClientContext: mark}, people}
	})
}
