package statefulclient

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/internal/roster"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/transport"
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

// observedUpdate is an update that observers are told of while handlers are.
type observedUpdate struct {
	audience audience
	trail    *trail
	cause    Cause
	missed   int
	initial  bool
}

func (c *Client) observedUpdate(u *update) *observedUpdate {
	audience := c.observers.there()
	if audience == nil {
		return nil
	}
	return &observedUpdate{audience, u.trail, u.cause, u.missed, u.initial}
}

func (o *observedUpdate) run(e *eventContext, kind kind) HandlerRun {
	run := HandlerRun{Call: e.call, Event: kind.String(), ID: e.id(), Cause: o.cause, Missed: o.missed, Initial: o.initial}
	if o.trail != nil {
		run.Waited = time.Since(o.trail.entered)
	}
	return run
}

// observeRequest is transport's Observe.
func (o *observers) observeRequest(ctx context.Context, r transport.Request) (context.Context, func(transport.Exchange)) {
	audience := o.there()
	if audience == nil {
		return ctx, nil
	}
	observed := ObservedRequest{CallID: r.CallID(), Method: r.Method, Route: r.Route(), ScenarioID: r.ScenarioID, Started: time.Now()}
	observed.Action = actionOf(r.Method, observed.Route)
	return audience.request(ctx, observed)
}

// actionOf names a request by the action that its route ends in, and else by its
// method and what that is done to.
func actionOf(method, route string) string {
	segments := strings.Split(route, "/")
	last := segments[len(segments)-1]
	item := last == "{id}" && len(segments) > 1
	if item {
		last = segments[len(segments)-2]
	} else if !isCollection(last) {
		return last
	}
	verb := map[string]string{
		http.MethodGet: "get", http.MethodPost: "create", http.MethodPatch: "update", http.MethodPut: "update", http.MethodDelete: "delete",
	}[method]
	if method == http.MethodGet && !item {
		return "list" + capitalized(last)
	}
	return verb + capitalized(strings.TrimSuffix(last, "s"))
}

func isCollection(segment string) bool {
	switch segment {
	case "calls", "participants", "operations", "audioRoutingGroups", "contentSharingSessions", "onlineMeetings":
		return true
	}
	return false
}

func capitalized(word string) string { return strings.ToUpper(word[:1]) + word[1:] }
