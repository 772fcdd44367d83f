package statefulclient

import (
	"context"
	"strings"

	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/internal/roster"
	"github.com/graphcalls/graphcalls-go/resources"
)

// workedOn tells observers what became of a letter to a call. before is nil for
// the first.
func (a audience) workedOn(c *Call, l letter, before *reduce.State, outcome reduce.Outcome) {
	if isNothing(l.input) {
		return
	}
	input := observedInput(c.id, l, NotificationVerdict(outcome.Verdict))
	input.Call, input.New = c, outcome.State.Call
	people := roster.Roster{}
	if before != nil {
		input.Old, people = before.Call, before.Roster
	}
	for range roster.Changes(people, outcome.State.Roster) {
		input.Participants++
	}
	for i, event := range outcome.Events {
		if _, ok := event.(reduce.StateChanged); ok {
			_, edge := c.eventOf(occurrence{event, l.cause, l.from, i + 1})
			changed := edge.(StateChanged)
			input.Edge = &changed
		}
	}
	a.input(c.client.inputContext(l), input)
}

// foundNoCall logs, and tells observers of, a notification that no call here is
// told of.
func (c *Client) foundNoCall(callID string, l letter, verdict NotificationVerdict) {
	if verdict == VerdictLate { // others have been logged
		c.logLate(callID, l)
	}
	if audience := c.observers.there(); audience != nil {
		audience.input(c.inputContext(l), observedInput(callID, l, verdict))
	}
}

func (c *Client) inputContext(l letter) context.Context {
	if l.trail != nil && l.trail.context != nil {
		return l.trail.context
	}
	return c.context
}

func observedInput(callID string, l letter, verdict NotificationVerdict) ObservedInput {
	if verdict == NotificationVerdict(reduce.Unplaced) {
		verdict = VerdictUnmatched
	}
	input := ObservedInput{
		CallID: callID, About: aboutWhat(l.input), Cause: l.cause, Verdict: verdict,
		MessageID: l.from.message, Item: int(l.from.item), Notification: l.notification,
	}
	if l.trail != nil {
		input.Received = l.trail.received
	}
	return input
}

// isNothing reports whether an input is none, but has the inbox come to where it
// is.
func isNothing(input reduce.Input) bool { return input == reduce.Input(reduce.Waited{}) }

func aboutWhat(input reduce.Input) string {
	switch in := input.(type) {
	case reduce.Notified:
		return aboutNotification(in)
	case reduce.Replied, reduce.Grouped, reduce.Ungrouped:
		return "reply"
	case reduce.Fetched, reduce.GroupsListed:
		return "fetched"
	case reduce.Asked:
		return "asked"
	case reduce.Granted:
		return "granted"
	case reduce.Refused:
		return "refused"
	case reduce.Gone:
		return "gone"
	default:
		return "timer"
	}
}

func aboutNotification(in reduce.Notified) string {
	switch in.Notification.Data.(type) {
	case *resources.Call:
		return "call"
	case resources.Participants, *resources.DeltaParticipants:
		return "participants"
	case resources.OperationData:
		return "operation"
	case resources.ContentSharingSessions:
		return "contentSharingSession"
	case resources.AudioRoutingGroups:
		return "audioRoutingGroup"
	case *resources.ParticipantJoiningNotification:
		return "participantJoining"
	case *resources.ParticipantLeftNotification:
		return "participantLeft"
	}
	switch {
	case in.Notification.Data != nil || in.Path.CallID == "":
		return "other"
	case in.Path.Collection == "":
		return "call"
	case in.Path.Collection == resources.CollectionParticipants:
		return "participants"
	default:
		return strings.TrimSuffix(string(in.Path.Collection), "s")
	}
}
