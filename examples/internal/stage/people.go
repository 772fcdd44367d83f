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

// WaitForPerson returns somebody's entry in a call's roster, when they have come.
func WaitForPerson(ctx context.Context, call *statefulclient.Call, identity *resources.IdentitySet) (*statefulclient.Participant, error) {
	var found *statefulclient.Participant
	err := WaitForRoster(ctx, call, func() bool {
		for p := range call.Participants().All() {
			if info := p.Resource().Info; info != nil && same(info.Identity, identity) {
				found = p
			}
		}
		return found != nil
	})
	return found, err
}

func same(a, b *resources.IdentitySet) bool {
	for kind, one := range a.All() {
		for otherKind, other := range b.All() {
			if kind == otherKind && one.ID == other.ID {
				return true
			}
		}
	}
	return false
}

// WaitForRoster returns when condition holds. It is asked now, and whenever the
// call's roster changes; if the call ends first, the error says why.
func WaitForRoster(ctx context.Context, call *statefulclient.Call, condition func() bool) error {
	changed := make(chan struct{}, 1)
	defer call.Participants().OnUpdated(func(context.Context, statefulclient.CollectionEvent[*statefulclient.Participant]) {
		select {
		case changed <- struct{}{}:
		default:
		}
	}).Cancel()
	for !condition() {
		select {
		case <-changed:
		case <-call.Context().Done():
			return context.Cause(call.Context())
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
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
