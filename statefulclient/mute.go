package statefulclient

import (
	"context"
	"slices"

	"github.com/graphcalls/graphcalls-go/resources"
)

// Mute mutes the bot, in a group call. It returns when that is done; where it
// failed the error is an *OperationError. The roster tells everybody.
//
// See https://learn.microsoft.com/graph/api/call-mute.
func (c *Call) Mute(ctx context.Context) error {
	return perform[resources.MuteParticipantOperation](ctx, c, ordinary, "mute", bare)
}

// Unmute takes Mute back, as Mute does it.
//
// See https://learn.microsoft.com/graph/api/call-unmute.
func (c *Call) Unmute(ctx context.Context) error {
	return perform[resources.UnmuteParticipantOperation](ctx, c, ordinary, "unmute", bare)
}

type muteAllRequest struct {
	operationRequest
	Participants []string `json:"participants"`
}

// MuteAll mutes the participants of these ids, and without ids all of them: a
// list that may turn out empty needs a look before it is passed on. They can
// unmute themselves. It is for group calls. It returns when that is done; where
// it failed the error is an *OperationError. The roster tells everybody.
//
// Beta: only Graph's beta endpoint has this action, to which it goes whatever
// version the service base URL names. Its page has long called it deprecated;
// it may change or go. Participant.Mute is there to stay.
//
// See https://learn.microsoft.com/graph/api/participant-muteall?view=graph-rest-beta.
func (p *Participants) MuteAll(ctx context.Context, participantIDs ...string) error {
	if slices.Contains(participantIDs, "") {
		return invalid("MuteAll got an empty participant id: pass the ids of participants in the roster, or none to mute all")
	}
	return perform[resources.MuteParticipantsOperation](ctx, p.call, beta, "participants/muteAll", func(mark string) any {
		return &muteAllRequest{operationRequest{ClientContext: mark}, participantIDs}
	})
}

// Mute mutes the participant for everybody. They can unmute themselves. It
// returns when that is done; where it failed the error is an *OperationError.
// The roster tells everybody.
//
// See https://learn.microsoft.com/graph/api/participant-mute.
func (p *Participant) Mute(ctx context.Context) error {
	return perform[resources.MuteParticipantOperation](ctx, p.call, ordinary, p.path("mute"), bare)
}
