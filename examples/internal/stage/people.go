package stage

import (
	"context"
	"strings"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// Users are the users of a flag's ids, which have commas between them.
func Users(ids string) []resources.IdentitySet {
	var users []resources.IdentitySet
	for id := range strings.SplitSeq(ids, ",") {
		if id = strings.TrimSpace(id); id != "" {
			users = append(users, statefulclient.UserIdentity(id))
		}
	}
	return users
}

// Actor is somebody of the simulator's, as a bot calls them.
func Actor(p *simulator.Person) resources.IdentitySet {
	identity := statefulclient.UserIdentity(p.ID)
	identity.User.DisplayName = p.DisplayName
	return identity
}

// TellRoster tells who comes into a call, who leaves it, and who is muted.
func (s *Stage) TellRoster(call *statefulclient.Call) {
	call.Participants().OnUpdated(func(_ context.Context, e statefulclient.CollectionEvent[*statefulclient.Participant]) {
		for _, p := range e.Added {
			where := "is there"
			if p.Resource().IsInLobby {
				where = "is in the lobby"
			}
			s.Tell(p.DisplayName(), "%s", where)
		}
		for _, p := range e.Removed {
			s.Tell(p.DisplayName(), "has left")
		}
	})
	statefulclient.On(call, func(_ context.Context, e statefulclient.ParticipantUpdated) {
		switch {
		case e.New.IsMuted && !e.Old.IsMuted:
			s.Tell(e.Participant.DisplayName(), "is muted")
		case e.Old.IsMuted && !e.New.IsMuted:
			s.Tell(e.Participant.DisplayName(), "is no longer muted")
		}
	})
}
