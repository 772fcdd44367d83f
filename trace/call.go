package trace

import (
	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/resources"
)

// Call is one life of a call in a trace, as the replay has it: from where the
// trace knows it to its end, or to the end of the trace. An id may have several,
// one after another: a call that was restored has a new one.
type Call struct {
	ID   string
	Life uint64 // counts them, within one recording
	// Begins says that the trace has the call from its beginning; else it starts with
	// how the call stood.
	Begins bool
	// Whole is false where lines of it are missing: from there the replay goes on
	// with how the call stood then.
	Whole bool
	// Events are what was told of it, in order; edges are among them.
	Events []Event

	state  *reduce.State
	states map[uint64]*reduce.State // by their numbers, for what was asked at one; nil once it is over
}

// Edges are the states that the call went on to, in order.
func (c *Call) Edges() []Event {
	var edges []Event
	for _, e := range c.Events {
		if e.IsEdge() {
			edges = append(edges, e)
		}
	}
	return edges
}

// States are where the edges led to, in order.
func (c *Call) States() []resources.CallState {
	var states []resources.CallState
	for _, e := range c.Edges() {
		states = append(states, resources.CallState(e.To))
	}
	return states
}

// Resource is all that is known of the call. It must not be changed.
func (c *Call) Resource() *resources.Call { return c.state.Call }

// Participants are the people in it, in no order that means anything.
func (c *Call) Participants() []*resources.Participant {
	var people []*resources.Participant
	for person := range c.state.Roster.All() {
		people = append(people, person.Resource())
	}
	return people
}

// Ended reports whether the call is over, and how that became known: reported,
// lost or removed.
func (c *Call) Ended() (cause string, ended bool) {
	if c.state.End == nil {
		return "", false
	}
	return string(c.state.End.Cause), true
}

// Snapshot returns all that is known of the call, as JSON. Two calls of which the
// same is known have the same.
func (c *Call) Snapshot() ([]byte, error) { return c.state.Snapshot() }

// become is how the call stands from now on.
func (c *Call) become(state *reduce.State) {
	c.state = state
	if state.End != nil {
		c.states = nil
		return
	}
	if c.states == nil {
		c.states = map[uint64]*reduce.State{}
	}
	c.states[state.Revision()] = state
}

// stateAt is nil for one that the trace does not have. A call that is over makes
// nothing of a reply, whatever it was asked for at.
func (c *Call) stateAt(revision uint64) *reduce.State {
	if c.state.End != nil {
		return c.state
	}
	return c.states[revision]
}
