package trace

import (
	"fmt"
	"time"

	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/resources"
)

// Heard is one thing that a call worked on, as package statefulclient hands it to
// a Writer. It keeps nothing that changes, so that it can be written later.
type Heard struct {
	Time             time.Time
	Call             string
	Life             uint64
	Scenario, Tenant string // where the line is the call's first
	Begins           bool
	Cause            string
	Message          string
	Item             int
	Position         uint64
	From             uint64 // the first revision that the trace has of this life
	Input            reduce.Input
	Before, After    *reduce.State
	Verdict          reduce.Verdict
	Events           []reduce.Event

	PresentBefore      bool // the state before it is to be written, too
	DigestOfEveryState bool // else of ends alone
}

// operationReply is how an operation stands in a line.
type operationReply struct {
	resources.Wire
	Operation resources.Operation `json:"operation"`
}

// groupsReply is how audio routing groups stand in a line.
type groupsReply struct {
	resources.Wire
	Groups []resources.AudioRoutingGroup `json:"groups"`
}

// entry is the line, without what became of it.
func (h *Heard) entry() (*Entry, error) {
	e := &Entry{
		Time: h.Time, Call: h.Call, Life: h.Life, Begins: h.Begins, Scenario: h.Scenario, Tenant: h.Tenant,
		Cause: h.Cause, Message: h.Message, Item: h.Item, Position: h.Position,
	}
	var err error
	switch in := h.Input.(type) {
	case reduce.Notified:
		e.Kind = KindNotification
		e.Data, err = resources.Encode(in.Notification)
	case reduce.Replied:
		e.Kind = KindReply
		e.Data, err = resources.Encode(in.Call)
	case reduce.Fetched:
		err = h.fetched(e, in)
	case reduce.Asked:
		e.Kind, e.Mark = KindAsked, in.ClientContext
	case reduce.Granted:
		e.Kind, e.Mark = KindGranted, in.ClientContext
		e.Data, err = resources.Encode(&operationReply{Operation: in.Operation})
	case reduce.Refused:
		e.Kind, e.Mark = KindRefused, in.ClientContext
	case reduce.Waited:
		e.Kind, e.About = KindWaited, string(in.For)
	case reduce.Gone:
		e.Kind, e.About = KindGone, string(in.Cause)
	case reduce.Grouped:
		e.Kind = KindGrouped
		e.Data, err = resources.Encode(in.Group)
	case reduce.Ungrouped:
		e.Kind, e.About = KindUngrouped, in.ID
	case reduce.GroupsListed:
		e.Kind = KindGroupsListed
		e.Data, err = resources.Encode(&groupsReply{Groups: in.Groups})
	default:
		err = fmt.Errorf("trace: %T has no kind of line", in)
	}
	return e, err
}

// fetched notes at which state the request was sent: by its number, or with that
// state where it is from before the trace.
func (h *Heard) fetched(e *Entry, in reduce.Fetched) (err error) {
	e.Kind, e.Listed, e.Since = KindFetched, in.Listed, in.Since.Revision()
	if in.Call != nil {
		if e.Data, err = resources.Encode(in.Call); err != nil {
			return err
		}
	}
	if in.Listed {
		if e.People, err = resources.Encode(&resources.ParticipantsReply{Value: in.People}); err != nil {
			return err
		}
	}
	if e.Since < h.From {
		e.SameCall = in.Since.Call == h.Before.Call
		e.SinceState, err = in.Since.Snapshot()
	}
	return err
}
