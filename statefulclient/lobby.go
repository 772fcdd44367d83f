package statefulclient

import (
	"context"

	"github.com/graphcalls/graphcalls-go/resources"
)

// AdmitAllFromLobby lets everybody into the meeting who waits in its lobby. The
// bot must be in the meeting itself. The roster tells who came in.
//
// Beta: only Graph's beta endpoint has this action, to which it goes whatever
// version the service base URL names. Nothing but its name is documented; it
// may change or go.
func (p *Participants) AdmitAllFromLobby(ctx context.Context) (*Operation[*resources.AdmitAllFromLobbyOperation], error) {
	return startOperation[resources.AdmitAllFromLobbyOperation](ctx, p.call, beta, "participants/admitAllFromLobby", bare)
}

// AdmitFromLobby lets the participant into the meeting, who waits in its lobby:
// Resource().IsInLobby says so. The roster tells when they are in.
//
// Beta: only Graph's beta endpoint has this action, to which it goes whatever
// version the service base URL names. Nothing but its name is documented; it
// may change or go.
func (p *Participant) AdmitFromLobby(ctx context.Context) (*Operation[*resources.AdmitFromLobbyOperation], error) {
	return startOperation[resources.AdmitFromLobbyOperation](ctx, p.call, beta, p.path("admitFromLobby"), bare)
}

// RemoveFromLobby turns the participant away, who waits in the meeting's lobby.
// Remove is for those who are in. The roster tells when they are gone.
//
// Beta: only Graph's beta endpoint has this action, to which it goes whatever
// version the service base URL names. Nothing but its name is documented; it
// may change or go.
func (p *Participant) RemoveFromLobby(ctx context.Context) (*Operation[*resources.RemoveFromLobbyOperation], error) {
	return startOperation[resources.RemoveFromLobbyOperation](ctx, p.call, beta, p.path("removeFromLobby"), bare)
}
