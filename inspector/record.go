package inspector

import (
	"sync"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// record is what is noted of one call.
type record struct {
	key string // "" for the one of what belongs to no call

	mu       sync.Mutex
	call     *statefulclient.Call // nil in the one of what belongs to no call
	facts    facts
	ring     ring
	path     []step
	edges    []passage
	bad, odd uint32 // marks there were
	running  int    // handlers
	over     bool
}

// facts are what the list shows of a call without asking the call, which may be
// at rest.
type facts struct {
	ID, Tenant, Scenario, Chain string
	State                       resources.CallState
	Kind                        string
	Outgoing                    bool
	Media                       resources.MediaState
	People                      int
	Trust                       statefulclient.RosterTrust
	Began, Heard, Ended         time.Time
	End                         string // why it ended, in numbers and words of ours
	Private                     string // names and numbers, with ShowPersonalData alone
}

// step is a state the call came to.
type step struct {
	State   resources.CallState   `json:"state"`
	At      int64                 `json:"at"` // in milliseconds since 1970
	Cause   string                `json:"cause,omitempty"`
	Skipped []resources.CallState `json:"skipped,omitempty"`
	Result  string                `json:"result,omitempty"`
}

// passage is an edge, and how often the call took it.
type passage struct {
	From  resources.CallState `json:"from"`
	To    resources.CallState `json:"to"`
	Times int                 `json:"times"`
}

// What of a call that changes states for ever is kept: how it began, and the last
// of it. Edges are between known states, of which there are ten.
const (
	firstSteps = 8
	mostSteps  = 40
)

// note adds an entry. Callers hold mu, as those of all the following do.
func (r *record) note(e entry) {
	r.count(e.marks)
	r.ring.add(e)
}

func (r *record) count(m mark) {
	if m&bad != 0 {
		r.bad++
	}
	if m&odd != 0 {
		r.odd++
	}
}

// passed notes an edge.
func (r *record) passed(edge *statefulclient.StateChanged, at time.Time, isBad, personal bool) {
	e := entry{
		kind: ofEdge, at: at.UnixNano(), what: string(edge.Old), detail: string(edge.New), more: string(edge.Cause),
	}
	s := step{State: edge.New, At: at.UnixMilli(), Cause: string(edge.Cause), Skipped: edge.Skipped}
	if result := edge.Result; result != nil {
		e.code, e.subcode = result.Code, result.Subcode
		s.Result = numbers(result.Code, result.Subcode)
		if personal {
			e.private = short(result.Message)
		}
	}
	if isBad {
		e.marks |= failed
	}
	r.note(e)
	if r.path = append(r.path, s); len(r.path) > mostSteps {
		r.path = append(r.path[:firstSteps], r.path[firstSteps+1:]...)
	}
	for i := range r.edges {
		if p := &r.edges[i]; p.From == edge.Old && p.To == edge.New {
			p.Times++
			return
		}
	}
	r.edges = append(r.edges, passage{edge.Old, edge.New, 1})
}

// learn takes over what is known of the call.
func (f *facts) learn(c *resources.Call, personal bool) {
	f.State = c.State
	f.Kind = kindOfCall(c)
	f.Outgoing = c.Direction == resources.CallDirectionOutgoing
	if c.TenantID != f.Tenant && c.TenantID != "" {
		f.Tenant = short(c.TenantID)
	}
	if c.CallChainID != f.Chain {
		f.Chain = short(c.CallChainID)
	}
	if c.MediaState != nil {
		f.Media = c.MediaState.Audio
	}
	if personal {
		f.Private = nameOfCall(c)
	}
}

// kindOfCall says what a call is. Calls of two may carry the coordinates of a
// meeting too, so those alone do not make one.
func kindOfCall(c *resources.Call) string {
	outgoing := c.Direction == resources.CallDirectionOutgoing
	switch {
	case c.IncomingContext != nil && c.IncomingContext.ObservedParticipantID != "":
		return "recording"
	case outgoing && len(c.Targets) == 0, !outgoing && c.MeetingInfo != nil:
		return "meeting"
	case outgoing && len(c.Targets) > 1:
		return "group"
	case outgoing && isPhone(c.Targets[0].Identity), !outgoing && c.Source != nil && isPhone(c.Source.Identity):
		return "phone"
	default:
		return "one to one"
	}
}

func isPhone(identity *resources.IdentitySet) bool { return identity != nil && identity.Phone != nil }

// nameOfCall is who or what the call is with.
func nameOfCall(c *resources.Call) string {
	switch {
	case c.Subject != "":
		return short(c.Subject)
	case c.Direction != resources.CallDirectionOutgoing && c.Source != nil:
		return short(c.Source.Identity.DisplayName())
	case len(c.Targets) > 0:
		return short(c.Targets[0].Identity.DisplayName())
	}
	return ""
}
