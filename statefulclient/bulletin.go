package statefulclient

import (
	"context"
	"slices"

	"github.com/graphcalls/graphcalls-go/internal/persistent"
	"github.com/graphcalls/graphcalls-go/internal/roster"
	"github.com/graphcalls/graphcalls-go/resources"
)

// bulletin is what an update has to tell to the subscriptions it is for. What
// none of them wants is not made.
type bulletin struct {
	call    *Call
	context context.Context //nolint:containedctx // of the handlers
	from    origin          // of what has none of its own
	events  int             // of the update
	cause   Cause
	missed  int
	initial bool
	wanted  kinds
	list    []telling
}

// kinds is a set of them.
type kinds uint32

func (b *bulletin) wants(kind kind) bool { return b.wanted&(1<<kind) != 0 }

// news is what an update tells, in the order of the handlers.
func (b *bulletin) news(u *update) {
	c := b.call
	if u.ringing != nil {
		b.rings(u.ringing)
	}
	if u.added && b.wants(kindCalls) {
		b.add(kindCalls, atAdded, CollectionEvent[*Call]{Added: []*Call{c}, Cause: u.cause})
	}
	for _, happened := range u.events {
		b.happened(happened)
	}
	if u.before.Call != u.after.Call && !u.added {
		if b.wants(kindCall) {
			b.add(kindCall, atCall, ResourceEvent[resources.Call]{Old: u.before.Call, New: u.after.Call, Cause: u.cause, Missed: u.missed})
		}
		if b.wants(kindCalls) {
			b.add(kindCalls, atUpdated, CollectionEvent[*Call]{Updated: []*Call{c}, Cause: u.cause, Missed: u.missed})
		}
	}
	b.roster(u.before.Roster, u.after.Roster)
	addMembers(b, kindSharing, atSharing, u.before.Sessions, u.after.Sessions)
	addMembers(b, kindGroups, atGroups, u.before.Groups, u.after.Groups)
	if u.removed && b.wants(kindCalls) {
		b.add(kindCalls, atRemoved, CollectionEvent[*Call]{Removed: []*Call{c}, Cause: u.cause})
	}
}

// present is what a new subscription is told of what is there already.
func (b *bulletin) present(u *update) {
	c, now := b.call, u.after
	var event any
	kind := u.to[0].kind
	switch kind {
	case kindIncoming:
		if u.ringing != nil && now.Call.State == resources.CallStateIncoming {
			b.rings(u.ringing)
		}
	case kindCalls:
		event = CollectionEvent[*Call]{Added: []*Call{c}, Initial: true}
	case kindCall:
		event = ResourceEvent[resources.Call]{New: now.Call, Cause: u.cause, Initial: true}
	case kindParticipants:
		if now.Roster.Len() > 0 {
			event = CollectionEvent[*Participant]{Added: c.people(now.Roster), Initial: true}
		}
	case kindSharing:
		event = presentMembers(now.Sessions)
	case kindGroups:
		event = presentMembers(now.Groups)
	case kindState:
		event = StateChanged{Call: c, New: now.Call.State, Initial: true}
	case kindMedia:
		if now.Call.MediaState != nil {
			event = MediaStateChanged{Call: c, New: now.Call.MediaState.Audio, Initial: true}
		}
	case kindLobby:
		if now.InLobby() {
			event = LobbyChanged{Call: c, Waiting: true, Initial: true}
		}
	case kindParticipant, kindTone, kindTransfer, kindOperation, kindHold, kindScreenSharing, kindRecording,
		kindManagedLeft, kindJoining, kindUnmatched, kindPanic, kindSilent, kindRedirect, kindStore,
		kindQueued, kindProcessed, kindSession, kindObserver: // have no present
	}
	if event != nil {
		b.add(kind, atAdded, event)
	}
}

// The places of what an update tells behind its events, from which EventID is
// made: whatever else is told or wanted, each has its own.
const (
	atRinging = iota + 1
	atAdded
	atCall
	atUpdated
	atSharing
	atGroups
	atRemoved
	atRoster
	atPeople // one for each who changed, and for what is derived from that
)

// add has an event told. at is its place.
func (b *bulletin) add(kind kind, at int, event any) {
	if b.from.own() {
		b.from = origin{serial: b.call.client.serials.Add(1), initial: b.initial}
	}
	b.append(telling{kind: kind, event: event}, b.from, b.events+at)
}

func (b *bulletin) append(t telling, from origin, n int) {
	t.eventContext = eventContext{b.context, b.call, from, n}
	b.list = append(b.list, t)
}

// happened adds something that happened, which keeps its place when its update is
// folded.
func (b *bulletin) happened(o occurrence) {
	kind, event := b.call.eventOf(o)
	switch {
	case event == nil || !b.wants(kind):
	case o.from.own():
		b.add(kind, o.n-b.events, event)
	default:
		b.append(telling{kind: kind, event: event}, o.from, o.n)
	}
}

func (b *bulletin) rings(r *ringing) {
	if b.wants(kindIncoming) {
		b.add(kindIncoming, atRinging, IncomingCall{b.call, r.deadline, r.recording, r.replaces, b.initial})
		b.list[len(b.list)-1].deadline = r.deadline
	}
}

// The kinds that changes of a roster are told by: ofPerson are those of somebody
// who stays.
const (
	ofPerson kinds = 1<<kindParticipant | 1<<kindHold | 1<<kindScreenSharing | 1<<kindRecording
	ofPeople       = 1<<kindParticipants | ofPerson
)

func (b *bulletin) roster(before, after roster.Roster) {
	if b.wanted&ofPeople == 0 {
		return
	}
	c, event := b.call, CollectionEvent[*Participant]{Cause: b.cause, Missed: b.missed}
	at := atPeople
	for _, change := range slices.Collect(roster.Changes(before, after)) { // a slice, so that b needs no heap
		switch {
		case !change.InOld:
			event.Added = append(event.Added, c.participant(change.New))
		case !change.InNew:
			event.Removed = append(event.Removed, c.participant(change.Old))
		default:
			person := c.participant(change.New)
			event.Updated = append(event.Updated, person)
			at = b.person(at, change.Key, person, change.Old)
		}
	}
	if b.wants(kindParticipants) && len(event.Added)+len(event.Updated)+len(event.Removed) > 0 {
		b.add(kindParticipants, atRoster, event)
	}
}

// person adds what changed about one, and what follows from that though the
// platform has no word for it. It returns the next place.
func (b *bulletin) person(at int, key string, person *Participant, before roster.Person) int {
	next := at + 4
	if b.wanted&ofPerson == 0 {
		return next
	}
	old, now := before.Resource(), person.Resource()
	if b.wants(kindParticipant) {
		b.add(kindParticipant, at, ParticipantUpdated{person, old, now, b.cause, b.missed})
		b.list[len(b.list)-1].about = key
	}
	if b.wants(kindHold) && held(old) != held(now) {
		b.add(kindHold, at+1, HoldChanged{person, held(now)})
	}
	if b.wants(kindScreenSharing) && sharing(old) != sharing(now) {
		b.add(kindScreenSharing, at+2, ScreenSharingChanged{person, sharing(now)})
	}
	if was, is := recording(old), recording(now); was != is && b.wants(kindRecording) {
		b.add(kindRecording, at+3, RecordingChanged{person, was, is})
	}
	return next
}

// addMembers adds what changed in a collection whose members are plain
// resources.
func addMembers[T any](b *bulletin, kind kind, at int, old, now persistent.Map[*T]) {
	if old == now || !b.wants(kind) {
		return
	}
	event := CollectionEvent[*T]{Cause: b.cause, Missed: b.missed}
	for change := range persistent.Changes(old, now) {
		switch {
		case change.Old == change.New:
		case !change.InOld:
			event.Added = append(event.Added, change.New)
		case !change.InNew:
			event.Removed = append(event.Removed, change.Old)
		default:
			event.Updated = append(event.Updated, change.New)
		}
	}
	if len(event.Added)+len(event.Updated)+len(event.Removed) > 0 {
		b.add(kind, at, event)
	}
}

func presentMembers[T any](members persistent.Map[*T]) any {
	if members.Len() == 0 {
		return nil
	}
	event := CollectionEvent[*T]{Initial: true}
	for _, member := range members.All() {
		event.Added = append(event.Added, member)
	}
	return event
}

func (c *Call) people(r roster.Roster) []*Participant {
	var people []*Participant
	for p := range r.All() {
		people = append(people, c.participant(p))
	}
	return people
}

func held(p *resources.Participant) bool {
	direction, ok := streamDirection(p, resources.ModalityAudio)
	return ok && direction == resources.MediaDirectionInactive
}

func sharing(p *resources.Participant) bool {
	direction, _ := streamDirection(p, resources.ModalityVideoBasedScreenSharing)
	return direction == resources.MediaDirectionSendOnly || direction == resources.MediaDirectionSendReceive
}

func recording(p *resources.Participant) resources.RecordingStatus {
	if p.RecordingInfo == nil {
		return ""
	}
	return p.RecordingInfo.RecordingStatus
}

func streamDirection(p *resources.Participant, modality resources.Modality) (resources.MediaDirection, bool) {
	for i := range p.MediaStreams {
		if p.MediaStreams[i].MediaType == modality {
			return p.MediaStreams[i].Direction, true
		}
	}
	return "", false
}
