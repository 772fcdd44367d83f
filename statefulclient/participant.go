package statefulclient

import (
	"context"
	"net/url"
	"sync/atomic"

	"github.com/graphcalls/graphcalls-go/internal/roster"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/transport"
)

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

// Remove takes the participant out of the call, or takes back an invitation not
// answered yet. The tenant must allow the bot to do so. The roster tells when it
// is done.
//
// See https://learn.microsoft.com/graph/api/participant-delete.
func (p *Participant) Remove(ctx context.Context) error {
	_, err := p.call.do(ctx, transport.Request{Method: "DELETE"}, p.path(""))
	return err
}

// path is that of an action on the participant, below the call.
func (p *Participant) path(action string) string {
	path := "participants/" + url.PathEscape(p.ID())
	if action != "" {
		path += "/" + action
	}
	return path
}
