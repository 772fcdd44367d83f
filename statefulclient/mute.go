package statefulclient

import (
	"context"

	"github.com/graphcalls/graphcalls-go/resources"
)

// Mute mutes the bot, in a group call. The operation is over with the reply;
// the roster tells everybody.
//
// See https://learn.microsoft.com/graph/api/call-mute.
func (c *Call) Mute(ctx context.Context) (*Operation[*resources.MuteParticipantOperation], error) {
	return startOperation[resources.MuteParticipantOperation](ctx, c, "mute", bare)
}

// Unmute takes Mute back.
//
// See https://learn.microsoft.com/graph/api/call-unmute.
func (c *Call) Unmute(ctx context.Context) (*Operation[*resources.UnmuteParticipantOperation], error) {
	return startOperation[resources.UnmuteParticipantOperation](ctx, c, "unmute", bare)
}
