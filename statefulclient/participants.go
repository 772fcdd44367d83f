package statefulclient

import (
	"context"
	"iter"
	"sync/atomic"

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

// Participant is one entry of a call's roster, as it was when it was got or
// told of. It never changes; Participants.Get gives the latest.
//
// A roster keeps its people packed. The first question about one, whichever it is,
// unpacks them, which takes a microsecond or two; the next ones to the same
// Participant cost nothing.
//
// It mirrors the .NET SDK's IParticipant.
type Participant struct {
	call     *Call
	person   roster.Person
	resource atomic.Pointer[resources.Participant] // once somebody has asked for it
}

func (c *Call) participant(person roster.Person) *Participant {
	return &Participant{call: c, person: person}
}

// ID is the platform's name for the participant. One person who joins twice is
// two participants.
func (p *Participant) ID() string { return p.Resource().ID }

// Call is the call the participant is in.
func (p *Participant) Call() *Call { return p.call }

// Resource is what is known of the participant. It is shared with others and
// must not be changed.
func (p *Participant) Resource() *resources.Participant {
	if resource := p.resource.Load(); resource != nil {
		return resource
	}
	p.resource.CompareAndSwap(nil, p.person.Resource())
	return p.resource.Load()
}

// DisplayName is the name to show.
func (p *Participant) DisplayName() string { return p.Resource().DisplayName() }

// Identity is who the participant is: their user, guest, phone, application or
// other identity, the first of IdentitySet.All where there are several. It is
// empty, and never nil, where the platform does not say. It is shared with
// others and must not be changed.
func (p *Participant) Identity() *resources.Identity {
	_, identity := p.identity()
	return identity
}

// Kind is the kind of Identity, as the wire names it: "user", "guest", "phone",
// "application", …; "" where the platform does not say.
func (p *Participant) Kind() string {
	kind, _ := p.identity()
	return kind
}

func (p *Participant) identity() (kind string, identity *resources.Identity) {
	if info := p.Resource().Info; info != nil {
		for kind, identity := range info.Identity.All() {
			return kind, identity
		}
	}
	return "", &resources.Identity{}
}

func (p *Participant) isOne(who *resources.IdentitySet) bool {
	info := p.Resource().Info
	if info == nil {
		return false
	}
	for kind, wanted := range who.All() {
		for other, identity := range info.Identity.All() {
			if kind == other && wanted.ID != "" && resources.Key(wanted.ID) == resources.Key(identity.ID) {
				return true
			}
		}
	}
	return false
}

// IsMe reports whether the participant is the bot itself.
func (p *Participant) IsMe() bool {
	return p.ID() != "" && resources.Key(p.ID()) == resources.Key(p.call.Resource().MyParticipantID)
}

// OnUpdated subscribes to changes of this one participant while they are in
// the call.
func (p *Participant) OnUpdated(handler func(ctx context.Context, e ResourceEvent[resources.Participant])) *Subscription {
	if handler == nil {
		return subscribe[ParticipantUpdated](p.call, kindParticipant, "", nil)
	}
	return subscribe(p.call, kindParticipant, resources.Key(p.ID()), func(ctx context.Context, e ParticipantUpdated) {
		handler(ctx, ResourceEvent[resources.Participant]{Old: e.Old, New: e.New, Cause: e.Cause, Missed: e.Missed})
	})
}
