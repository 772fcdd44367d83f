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
	var list []telling
	if u.initial {
		list = c.present(u)
	} else {
		list = c.newsOf(u)
	}
	c.number(list, u)
	return list
}

// number gives each telling its context, from which EventID is made: the events of
// an update come first, so that they keep theirs when it is folded.
func (c *Call) number(list []telling, u update) {
	from := u.from
	if from.own() && len(list) > 0 {
		from = origin{serial: c.client.serials.Add(1), initial: u.initial}
	}
	n := len(u.events)
	for i := range list {
		of := list[i].eventContext
		if of.n == 0 || of.from.own() {
			n++
			of.from, of.n = from, n
		}
		list[i].eventContext = eventContext{c.client.handlerContext, c, of.from, of.n}
	}
}

func (c *Call) newsOf(u update) []telling {
	list := make([]telling, 0, len(u.events)+2) // most have no more
	if u.ringing != nil {
		list = append(list, c.rings(u))
	}
	if u.added {
		list = append(list, telling{kind: kindCalls, event: CollectionEvent[*Call]{Added: []*Call{c}, Cause: u.cause}})
	}
	for _, happened := range u.events {
		list = c.appendEvent(list, happened)
	}
	if u.before.Call != u.after.Call && !u.added {
		list = append(list,
			telling{kind: kindCall, event: ResourceEvent[resources.Call]{Old: u.before.Call, New: u.after.Call, Cause: u.cause, Missed: u.missed}},
			telling{kind: kindCalls, event: CollectionEvent[*Call]{Updated: []*Call{c}, Cause: u.cause, Missed: u.missed}})
	}
	list = c.appendRoster(list, u)
	list = appendMembers(list, kindSharing, u, u.before.Sessions, u.after.Sessions)
	list = appendMembers(list, kindGroups, u, u.before.Groups, u.after.Groups)
	if u.removed {
		list = append(list, telling{kind: kindCalls, event: CollectionEvent[*Call]{Removed: []*Call{c}, Cause: u.cause}})
	}
	return list
}

// present is what a new subscription is told of what is there already.
func (c *Call) present(u update) []telling {
	now := u.after
	var event any
	kind := u.to[0].kind
	switch kind {
	case kindIncoming:
		if u.ringing != nil && now.Call.State == resources.CallStateIncoming {
			return []telling{c.rings(u)}
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
		kindQueued, kindProcessed, kindSession: // have no present
	}
	if event == nil {
		return nil
	}
	return []telling{{kind: kind, event: event}}
}

func (c *Call) rings(u update) telling {
	return telling{
		kind: kindIncoming, deadline: u.ringing.deadline,
		event: IncomingCall{c, u.ringing.deadline, u.ringing.recording, u.ringing.replaces, u.initial},
	}
}

func (c *Call) appendEvent(list []telling, happened occurrence) []telling {
	kind, event := c.eventOf(happened)
	if event == nil {
		return list
	}
	return append(list, telling{kind: kind, event: event, eventContext: eventContext{from: happened.from, n: happened.n}})
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

func (c *Call) appendRoster(list []telling, u update) []telling {
	var event CollectionEvent[*Participant]
	for change := range roster.Changes(u.before.Roster, u.after.Roster) {
		switch {
		case !change.InOld:
			event.Added = append(event.Added, c.participant(change.New))
		case !change.InNew:
			event.Removed = append(event.Removed, c.participant(change.Old))
		default:
			person := c.participant(change.New)
			event.Updated = append(event.Updated, person)
			list = append(list, telling{
				kind: kindParticipant, about: change.Key,
				event: ParticipantUpdated{person, change.Old, change.New, u.cause, u.missed},
			})
			list = appendDerived(list, person, change.Old, change.New)
		}
	}
	if len(event.Added)+len(event.Updated)+len(event.Removed) == 0 {
		return list
	}
	event.Cause, event.Missed = u.cause, u.missed
	return append(list, telling{kind: kindParticipants, event: event})
}

// appendMembers adds what changed in a collection whose members are plain
// resources.
func appendMembers[T any](list []telling, kind kind, u update, old, now persistent.Map[*T]) []telling {
	event := CollectionEvent[*T]{Cause: u.cause, Missed: u.missed}
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
	if len(event.Added)+len(event.Updated)+len(event.Removed) == 0 {
		return list
	}
	return append(list, telling{kind: kind, event: event})
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

// appendDerived adds what the platform has no word for, and a participant's
// streams show.
func appendDerived(list []telling, person *Participant, old, now *resources.Participant) []telling {
	if held(old) != held(now) {
		list = append(list, telling{kind: kindHold, event: HoldChanged{person, held(now)}})
	}
	if sharing(old) != sharing(now) {
		list = append(list, telling{kind: kindScreenSharing, event: ScreenSharingChanged{person, sharing(now)}})
	}
	if was, is := recording(old), recording(now); was != is {
		list = append(list, telling{kind: kindRecording, event: RecordingChanged{person, was, is}})
	}
	return list
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
