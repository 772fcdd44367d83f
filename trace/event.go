package trace

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/resources"
)

// Event is something that was told of a call: an edge, mostly.
type Event struct {
	// Kind is edge, transferFailed, tone, media, lobby, operation or left.
	Kind string `json:"kind"`
	// From and To are the states of an edge or of media; To is also a tone, waiting
	// or admitted for the lobby, and the status of an operation that ended.
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
	// Skipped are states between the two that were never reported.
	Skipped []string `json:"skipped,omitempty"`
	// Result is nil where the platform gave none.
	Result *ResultCode `json:"result,omitempty"`
	// ID is an operation's or a participant's, Mark the operation's clientContext.
	ID   string `json:"id,omitempty"`
	Mark string `json:"mark,omitempty"`
	// Sequence is a tone's number; Late says that later ones were told before it, or
	// that an operation's end was told before its asker was known.
	Sequence int64 `json:"sequence,omitempty"`
	Late     bool  `json:"late,omitempty"`
}

// ResultCode is how a call, an operation or a transfer ended.
type ResultCode struct {
	Code    int32 `json:"code"`
	Subcode int32 `json:"subcode,omitempty"`
}

// The kinds of events.
const (
	eventEdge           = "edge"
	eventTransferFailed = "transferFailed"
	eventTone           = "tone"
	eventMedia          = "media"
	eventLobby          = "lobby"
	eventOperation      = "operation"
	eventLeft           = "left"
)

// IsEdge reports whether the call went on to another state.
func (e *Event) IsEdge() bool { return e.Kind == eventEdge }

// String is the code and the subcode.
func (r *ResultCode) String() string { return fmt.Sprintf("%d/%d", r.Code, r.Subcode) }

// String describes the event in a few words, without personal data but for the
// ids.
func (e *Event) String() string {
	text := e.Kind
	switch {
	case e.From != "":
		text += " " + e.From + " → " + e.To
	case e.To != "":
		text += " → " + e.To
	}
	if len(e.Skipped) > 0 {
		text += " (skipped " + strings.Join(e.Skipped, ", ") + ")"
	}
	if e.Result != nil {
		text += " " + e.Result.String()
	}
	if e.ID != "" {
		text += " " + e.ID
	}
	return text
}

func sameEvents(a, b []Event) bool {
	return slices.EqualFunc(a, b, func(x, y Event) bool { return reflect.DeepEqual(x, y) })
}

func eventsOf(happened []reduce.Event) []Event {
	if len(happened) == 0 {
		return nil
	}
	events := make([]Event, len(happened))
	for i, event := range happened {
		events[i] = eventOf(event)
	}
	return events
}

func eventOf(happened reduce.Event) Event {
	switch e := happened.(type) {
	case reduce.StateChanged:
		return Event{Kind: eventEdge, From: string(e.Old), To: string(e.New), Skipped: texts(e.Skipped), Result: resultOf(e.Result)}
	case reduce.TransferFailed:
		return Event{Kind: eventTransferFailed, Result: resultOf(e.Result)}
	case reduce.Pressed:
		return Event{Kind: eventTone, To: string(e.Tone.Tone), Sequence: e.Tone.SequenceID, Late: e.Late}
	case reduce.MediaChanged:
		return Event{Kind: eventMedia, From: string(e.Old), To: string(e.New)}
	case reduce.LobbyChanged:
		to := "admitted"
		if e.Waiting {
			to = "waiting"
		}
		return Event{Kind: eventLobby, To: to}
	case reduce.OperationEnded:
		common := e.Operation.Common()
		return Event{Kind: eventOperation, To: string(common.Status), Result: resultOf(common.ResultInfo), ID: common.ID, Mark: e.ClientContext, Late: e.Repeated}
	case reduce.ManagedLeft:
		return Event{Kind: eventLeft, ID: e.ParticipantID, Result: resultOf(e.Result)}
	default:
		return Event{}
	}
}

func resultOf(info *resources.ResultInfo) *ResultCode {
	if info == nil {
		return nil
	}
	return &ResultCode{info.Code, info.Subcode}
}

func texts(states []resources.CallState) []string {
	var list []string
	for _, state := range states {
		list = append(list, string(state))
	}
	return list
}
