package statefulclient

import (
	"time"

	"github.com/graphcalls/graphcalls-go/internal/persistent"
	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/internal/roster"
	"github.com/graphcalls/graphcalls-go/resources"
)

// telling is one event on its way to the subscriptions it is for.
type telling struct {
	eventContext // what its handlers are given

	kind     kind
	about    string    // the key of one participant; empty for what is about the call
	deadline time.Time // of the handler's context; zero for none
	event    any
}

// tellings lists what an update has to tell, in the order to tell it: that a
// call comes in, that it is there, what happened, what changed, that it is
// gone.
func (c *Call) tellings(u update) []telling {
	b := bulletin{call: c, context: c.client.contextOf(u.trail), from: u.from, events: len(u.events), cause: u.cause, missed: u.missed, initial: u.initial}
	for _, s := range u.to {
		b.wanted |= 1 << s.kind
	}
	if u.initial {
		b.present(&u)
	} else {
		b.news(&u)
	}
	return b.list
}

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

func (c *Call) eventOf(happened occurrence) (kind, any) {
	switch e := happened.event.(type) {
	case reduce.StateChanged:
		return kindState, StateChanged{Call: c, Old: e.Old, New: e.New, Skipped: e.Skipped, Result: e.Result, Cause: happened.cause}
	case reduce.TransferFailed:
		return kindTransfer, TransferFailed{c, e.Result}
	case reduce.Pressed:
		return kindTone, ToneReceived{c, e.Tone.Tone, e.Tone.SequenceID, e.Late}
	case reduce.MediaChanged:
		return kindMedia, MediaStateChanged{Call: c, Old: e.Old, New: e.New}
	case reduce.LobbyChanged:
		return kindLobby, LobbyChanged{Call: c, Waiting: e.Waiting}
	case reduce.ManagedLeft:
		return kindManagedLeft, ManagedParticipantLeft{c, e.ParticipantID, e.Result}
	case reduce.OperationEnded:
		if !e.Repeated {
			return kindOperation, OperationCompleted{c, e.Operation, e.Operation.Common().Status == resources.OperationStatusFailed}
		}
	}
	return 0, nil
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

func (c *Call) people(r roster.Roster) []*Participant {
	var people []*Participant
	for p := range r.All() {
		people = append(people, c.participant(p))
	}
	return people
}
