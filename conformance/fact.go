package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// missing says which facts of a notification do not show in the client. Data
// is what it has as printed.
func (w *witness) missing(n *resources.Notification, data any) []string {
	path, ok := n.Path()
	if !ok {
		return []string{"its resource is none of a call"}
	}
	var why statefulclient.UnmatchedReason
	if told(w, &w.unmatched, func(u statefulclient.Unmatched) bool { why = u.Reason; return true }) {
		return []string{"it reached OnUnmatched: " + string(why)}
	}
	object, _ := data.(map[string]any)
	if gone := path.Collection == "" && n.ChangeType == resources.ChangeTypeDeleted; gone {
		return w.missingOfEnd(path, object)
	}
	call, known := w.client.Calls().Get(path.CallID)
	if !known {
		return []string{"the client does not have the call"}
	}
	switch said := n.Data.(type) {
	case *resources.Call:
		return w.missingOfCall(call, object)
	case resources.Participants:
		return missingOfRoster(call, data)
	case resources.OperationData:
		return w.missingOfOperation(path, said, data)
	}
	switch path.Collection {
	case resources.CollectionContentSharingSessions:
		return missingOfSharing(call, n, path)
	default:
		return w.missingOfRest(n)
	}
}

// missingOfCall looks for the state, and the edge that led to it; for what is
// told by an event; and for everything else in the call's resource.
func (w *witness) missingOfCall(call *statefulclient.Call, data map[string]any) []string {
	var found []string
	state, _ := data["state"].(string)
	if state != "" {
		if !strings.EqualFold(string(call.State()), state) {
			found = append(found, fmt.Sprintf("the call is %s, not %s", call.State(), state))
		}
		if !told(w, &w.edges, func(e statefulclient.StateChanged) bool { return strings.EqualFold(string(e.New), state) }) {
			found = append(found, "no StateChanged to "+state+" was told")
		}
	}
	if strings.EqualFold(state, "incoming") && !told(w, &w.incoming, func(e statefulclient.IncomingCall) bool { return e.Call == call }) {
		found = append(found, "OnIncoming was not told")
	}
	if tone := data["toneInfo"]; tone != nil && !told(w, &w.tones, func(e statefulclient.ToneReceived) bool {
		return len(absentIn("tone", tone, map[string]any{"tone": e.Tone, "sequenceId": e.SequenceID})) == 0
	}) {
		found = append(found, "ToneReceived was not told")
	}
	if failed := data["resultInfo"]; failed != nil && !told(w, &w.transfers, func(e statefulclient.TransferFailed) bool {
		return len(absentIn("result", failed, result(e.Result.Code, e.Result.Subcode, e.Result.Message))) == 0
	}) {
		found = append(found, "TransferFailed was not told")
	}
	return append(found, absentOfCall(data, call)...)
}

func result(code, subcode int32, message string) map[string]any {
	return map[string]any{"code": code, "subcode": subcode, "message": message}
}

// absentOfCall leaves aside the call's own id, by which nothing is placed: that
// is done by the path. One documented notification has another call's there.
func absentOfCall(data map[string]any, call *statefulclient.Call) []string {
	printed := maps.Clone(data)
	delete(printed, "id")
	return absent("call", printed, call.Resource())
}

// missingOfEnd looks for the end of a call, and for its reason where one is
// printed.
func (w *witness) missingOfEnd(path resources.Path, data map[string]any) []string {
	if _, known := w.client.Calls().Get(path.CallID); known {
		return []string{"the call has not ended"}
	}
	var call *statefulclient.Call
	told(w, &w.edges, func(e statefulclient.StateChanged) bool {
		if resources.Key(e.Call.ID()) == resources.Key(path.CallID) && e.New == resources.CallStateTerminated {
			call = e.Call
		}
		return false
	})
	if call == nil {
		return []string{"no StateChanged to terminated was told"}
	}
	end, over := call.End()
	if !over || end.Cause != statefulclient.EndReported {
		return []string{"the call's end was not put down as reported"}
	}
	found := absentIn("reason", data["terminationReason"], end.Word)
	found = append(found, absentIn("reason", data["resultInfo"], result(end.Code, end.Subcode, end.Message))...)
	return append(found, absentOfCall(data, call)...)
}

// missingOfRoster looks for every participant printed, and for nobody else:
// a printed list is the whole roster.
func missingOfRoster(call *statefulclient.Call, data any) []string {
	printed, _ := data.([]any)
	var found []string
	if call.Participants().Len() != len(printed) {
		found = append(found, fmt.Sprintf("the roster has %d participants, not %d", call.Participants().Len(), len(printed)))
	}
	people := slices.Collect(call.Participants().All())
	for at, entry := range printed {
		like := func(p *statefulclient.Participant) bool { return len(absent("", entry, p.Resource())) == 0 }
		if !slices.ContainsFunc(people, like) {
			found = append(found, fmt.Sprintf("participant %d is not in the roster as printed", at))
		}
	}
	return found
}

func (w *witness) missingOfOperation(path resources.Path, said resources.OperationData, data any) []string {
	var nearest []string
	heard := told(w, &w.operations, func(e statefulclient.OperationCompleted) bool {
		if e.Failed != (said.Common().Status == resources.OperationStatusFailed) {
			return false
		}
		nearest = absent("operation", data, e.Operation)
		return len(nearest) == 0
	})
	if heard {
		return nil
	}
	return append(nearest, "OperationCompleted was not told of "+path.ItemID)
}

func missingOfSharing(call *statefulclient.Call, n *resources.Notification, path resources.Path) []string {
	ids := []string{path.ItemID}
	if sessions, listed := n.Data.(resources.ContentSharingSessions); listed {
		ids = nil
		for _, session := range sessions {
			ids = append(ids, session.ID)
		}
	}
	var found []string
	for _, id := range ids {
		_, there := call.ContentSharing().Get(id)
		if there == (n.ChangeType == resources.ChangeTypeDeleted) {
			found = append(found, "the session "+id+" is there, or is not, against what was said")
		}
	}
	return found
}

func (w *witness) missingOfRest(n *resources.Notification) []string {
	if gone, ok := n.Data.(*resources.ParticipantLeftNotification); ok {
		if !told(w, &w.left, func(e statefulclient.ManagedParticipantLeft) bool { return e.ParticipantID == gone.ParticipantID }) {
			return []string{"ManagedParticipantLeft was not told"}
		}
	}
	return nil
}

// absent compares what a client has of a resource with what was printed of it,
// value by value. The leniencies, all of them:
//
//   - What OData says of a thing, such as @odata.type, is not compared.
//   - A property printed as null may be left out.
//   - The names of properties are compared without case.
//   - A number may be printed as text, and an id with dashes or without.
func absent(path string, printed, had any) []string {
	text, err := resources.Encode(had)
	if err != nil {
		return []string{err.Error()}
	}
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		return []string{err.Error()}
	}
	return absentIn(path, printed, value)
}

func absentIn(path string, printed, had any) []string {
	switch want := printed.(type) {
	case nil:
		return nil
	case map[string]any:
		got, isObject := had.(map[string]any)
		if !isObject {
			return []string{"the client has no " + path}
		}
		var found []string
		for name, value := range sorted(want) {
			if strings.HasPrefix(name, "@odata.") {
				continue
			}
			other, _ := property(got, name)
			found = append(found, absentIn(path+"/"+name, value, other)...)
		}
		return found
	case []any:
		got, _ := had.([]any)
		if len(got) != len(want) {
			return []string{fmt.Sprintf("the client's %s has %d entries, not %d", path, len(got), len(want))}
		}
		var found []string
		for at, entry := range want {
			found = append(found, absentIn(fmt.Sprintf("%s/%d", path, at), entry, got[at])...)
		}
		return found
	default:
		if reflect.DeepEqual(want, had) || plain(want) == plain(had) {
			return nil
		}
		return []string{fmt.Sprintf("the client has %v for %s, not %v", had, path, want)}
	}
}

// plain is a value as text, an id in the one form of all it is written in.
func plain(value any) string { return resources.Key(fmt.Sprint(value)) }
