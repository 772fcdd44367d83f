package statefulclient

import (
	"context"
	"time"

	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/internal/roster"
	"github.com/graphcalls/graphcalls-go/resources"
)

// update is one step of a call's life on its way to the handlers: the states
// before and after, and what happened that comparing them would not show.
type update struct {
	before, after *reduce.State
	events        []reduce.Event
	to            []*Subscription
	cause         Cause
	missed        int
	initial       bool // the present, for a new subscription
	added         bool
	removed       bool
	ringing       *ringing
}

// ringing is what OnIncoming is told with.
type ringing struct {
	deadline  time.Time
	recording bool
}

// fold lays an update into the one before it, which thereby becomes the net
// difference of both. Updates for different subscriptions stay apart, and so
// does the present a new one is told. A roster is its own net difference; edges
// and other events are kept, every one.
func fold(last *update, next update) bool {
	if last.initial || next.initial || !sameList(last.to, next.to) {
		return false
	}
	last.after = next.after
	last.events = append(last.events, next.events...)
	last.cause = next.cause
	last.missed += next.missed + 1
	last.removed = last.removed || next.removed
	return true
}

func sameList(a, b []*Subscription) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

// deliver tells one update to its subscriptions. It runs on the call's
// delivery goroutine, and no lock is held.
func (c *Call) deliver(u update) {
	defer c.watch(u)()
	if u.initial {
		c.deliverPresent(u)
		return
	}
	c.waitingEvents.Add(-int64(len(u.events)))
	if u.ringing != nil {
		c.tellIncoming(u)
	}
	if u.added {
		c.tell(u, kindCalls, CollectionEvent[*Call]{Added: []*Call{c}})
	}
	for _, event := range u.events {
		c.tellEvent(u, event)
	}
	if u.before.Call != u.after.Call && !u.added {
		c.tell(u, kindCall, ResourceEvent[resources.Call]{Old: u.before.Call, New: u.after.Call, Cause: u.cause, Missed: u.missed})
		c.tell(u, kindCalls, CollectionEvent[*Call]{Updated: []*Call{c}, Missed: u.missed})
	}
	c.tellRoster(u)
	if u.removed {
		c.tell(u, kindCalls, CollectionEvent[*Call]{Removed: []*Call{c}})
	}
}

// deliverPresent tells a new subscription what is there already.
func (c *Call) deliverPresent(u update) {
	now := u.after
	switch u.to[0].kind {
	case kindIncoming:
		if u.ringing != nil && now.Call.State == resources.CallStateIncoming {
			c.tellIncoming(u)
		}
	case kindCalls:
		c.tell(u, kindCalls, CollectionEvent[*Call]{Added: []*Call{c}, Initial: true})
	case kindCall:
		c.tell(u, kindCall, ResourceEvent[resources.Call]{New: now.Call, Cause: u.cause, Initial: true})
	case kindParticipants:
		if now.Roster.Len() > 0 {
			c.tell(u, kindParticipants, CollectionEvent[*Participant]{Added: c.people(now.Roster), Initial: true})
		}
	case kindState:
		c.tell(u, kindState, StateChanged{Call: c, New: now.Call.State, Initial: true})
	case kindMedia:
		if now.Call.MediaState != nil {
			c.tell(u, kindMedia, MediaStateChanged{Call: c, New: now.Call.MediaState.Audio, Initial: true})
		}
	case kindLobby:
		if now.InLobby() {
			c.tell(u, kindLobby, LobbyChanged{Call: c, Waiting: true, Initial: true})
		}
	case kindParticipant, kindTone, kindTransfer, kindOperation: // have no present
	}
}

func (c *Call) tellIncoming(u update) {
	ctx, cancel := context.WithDeadline(c.client.handlerContext, u.ringing.deadline)
	defer cancel()
	c.tellWith(ctx, u, kindIncoming, "", IncomingCall{c, u.ringing.deadline, u.ringing.recording, u.initial})
}

func (c *Call) tellEvent(u update, event reduce.Event) {
	switch e := event.(type) {
	case reduce.StateChanged:
		c.tell(u, kindState, StateChanged{Call: c, Old: e.Old, New: e.New, Skipped: e.Skipped, Result: e.Result})
	case reduce.TransferFailed:
		c.tell(u, kindTransfer, TransferFailed{c, e.Result})
	case reduce.Pressed:
		c.tell(u, kindTone, ToneReceived{c, e.Tone.Tone, e.Tone.SequenceID, e.Late})
	case reduce.MediaChanged:
		c.tell(u, kindMedia, MediaStateChanged{Call: c, Old: e.Old, New: e.New})
	case reduce.LobbyChanged:
		c.tell(u, kindLobby, LobbyChanged{Call: c, Waiting: e.Waiting})
	case reduce.OperationEnded:
		if !e.Repeated {
			failed := e.Operation.Common().Status == resources.OperationStatusFailed
			c.tell(u, kindOperation, OperationCompleted{c, e.Operation, failed})
		}
	}
}

func (c *Call) tellRoster(u update) {
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
			c.tellWith(c.client.handlerContext, u, kindParticipant, change.Key,
				ParticipantUpdated{person, change.Old, change.New, u.missed})
		}
	}
	if len(event.Added)+len(event.Updated)+len(event.Removed) > 0 {
		event.Missed = u.missed
		c.tell(u, kindParticipants, event)
	}
}

func (c *Call) people(r roster.Roster) []*Participant {
	var people []*Participant
	for p := range r.All() {
		people = append(people, c.participant(p))
	}
	return people
}

func (c *Call) tell(u update, kind kind, event any) {
	c.tellWith(c.client.handlerContext, u, kind, "", event)
}

func (c *Call) tellWith(ctx context.Context, u update, kind kind, about string, event any) {
	for _, s := range u.to {
		if s.kind == kind && (s.about == "" || s.about == about) && !s.cancelled.Load() {
			c.invoke(ctx, s, event)
		}
	}
}

// invoke runs user code. A panic in it is its own affair: the next handler and
// the next event get their turn.
func (c *Call) invoke(ctx context.Context, s *Subscription, event any) {
	defer func() {
		if problem := recover(); problem != nil {
			c.client.handlerPanicked(c, s.kind, problem)
		}
	}()
	s.handle(ctx, event)
}
