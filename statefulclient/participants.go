package statefulclient

import (
	"context"
	"iter"

	"github.com/graphcalls/graphcalls-go/internal/roster"
	"github.com/graphcalls/graphcalls-go/resources"
)

// Participants is who is in a call, as far as the platform says: it lists a
// hundred people at most, and nobody in a call of two. Trust tells how far the
// list can be believed. All methods may be called from anywhere.
//
// It mirrors the .NET SDK's IParticipantCollection.
type Participants struct{ call *Call }

// Get returns the participant of an id.
func (p *Participants) Get(id string) (*Participant, bool) {
	person, listed := p.call.state.Load().Roster.Get(id)
	if !listed {
		return nil, false
	}
	return p.call.participant(person), true
}

// Find returns a participant by who they are: one who has an identity of the
// same kind and id. Where several are, as when one person has joined twice, it
// returns one of them that is not in the lobby, if there is one; All has them
// all.
func (p *Participants) Find(identity resources.IdentitySet) (*Participant, bool) {
	var waiting *Participant
	for participant := range p.All() {
		switch {
		case !participant.isOne(&identity):
		case !participant.Resource().IsInLobby:
			return participant, true
		default:
			waiting = participant
		}
	}
	return waiting, waiting != nil
}

// WaitFor returns when a condition holds. It is asked now and after whatever is
// heard of the call, so it should be quick; it runs on the caller's goroutine. A
// call that ends before is an *EndedError; a client that is closed is ErrClosed.
// A handler may wait for its own call.
func (p *Participants) WaitFor(ctx context.Context, condition func(*Participants) bool) error {
	if condition == nil {
		return invalid("Participants.WaitFor needs a condition")
	}
	return p.call.waitUntil(ctx, func() bool { return condition(p) })
}

// All ranges over the participants there are at this moment, in no order.
func (p *Participants) All() iter.Seq[*Participant] {
	now := p.call.state.Load().Roster
	return func(yield func(*Participant) bool) {
		for person := range now.All() {
			if !yield(p.call.participant(person)) {
				return
			}
		}
	}
}

// Len counts the participants.
func (p *Participants) Len() int { return p.call.state.Load().Roster.Len() }

// Trust says how far the roster can be believed.
func (p *Participants) Trust() RosterTrust { return RosterTrust(p.call.state.Load().Roster.Trust) }

// OnUpdated subscribes to participants who join, change and leave. Those there
// already come first, as added, with Initial set. For what changed about
// somebody, subscribe to ParticipantUpdated with On.
func (p *Participants) OnUpdated(handler func(ctx context.Context, e CollectionEvent[*Participant])) *Subscription {
	return subscribe(p.call, kindParticipants, "", handler)
}

// RosterTrust says how far a call's roster can be believed.
type RosterTrust int

// The degrees of trust in a roster.
const (
	// RosterUnknown: nothing was heard of it. For a call of two it stays so.
	RosterUnknown RosterTrust = RosterTrust(roster.Unknown)
	// RosterSnapshot: the last news was a whole roster.
	RosterSnapshot RosterTrust = RosterTrust(roster.Snapshot)
	// RosterDelta: kept up to date by changes, none of which is missing.
	RosterDelta RosterTrust = RosterTrust(roster.Delta)
	// RosterTruncated: the platform lists a hundred people at most, and did.
	RosterTruncated RosterTrust = RosterTrust(roster.Truncated)
	// RosterStale: a change is missing.
	RosterStale RosterTrust = RosterTrust(roster.Stale)
)

// String is the trust in a word: unknown, snapshot, delta, truncated or stale.
func (t RosterTrust) String() string {
	switch t {
	case RosterSnapshot:
		return "snapshot"
	case RosterDelta:
		return "delta"
	case RosterTruncated:
		return "truncated"
	case RosterStale:
		return "stale"
	default:
		return "unknown"
	}
}
