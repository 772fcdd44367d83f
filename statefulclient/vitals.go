package statefulclient

import (
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
)

// Vitals are how a call does at one moment, for who looks at many: an inspector,
// a health check.
type Vitals struct {
	// Resource is all that is known of the call, as of Call.Resource.
	Resource *resources.Call
	// Began is when the call began here: was placed, came in, or was restored.
	Began time.Time
	// Heard is when the platform last said anything of the call, by a notification
	// or a reply; zero for a restored call that it has said nothing of here.
	Heard time.Time
	// KeepAlive is when the next is due; zero where none is, or one is under way.
	KeepAlive time.Time
	// UnverifiedSince is as Call.UnverifiedSince, and zero where that is false.
	UnverifiedSince time.Time
	// Pending are the operations that the bot asked for and that have not ended.
	Pending []PendingVitals
	// Participants is how many are in the call, and Trust how far that can be
	// believed.
	Participants int
	Trust        RosterTrust
	// InboxBacklog is how many inputs wait to be worked on, HandlerBacklog how many
	// updates wait for handlers; without those being worked on.
	InboxBacklog, HandlerBacklog int
	// Resting is whether the call is packed until it is heard of or asked about.
	Resting bool
}

// PendingVitals are how one pending operation does.
type PendingVitals struct {
	PendingOperation

	// Action is what was asked for, such as playPrompt, and Since when. Both are zero
	// where another process asked.
	Action string
	Since  time.Time
}

// Vitals returns how the call does at this moment. It may be called from anywhere,
// and wakes no call that rests.
func (c *Call) Vitals() Vitals {
	resting := c.state.Resting()
	state := c.state.Peek()
	v := Vitals{
		Resource: state.Call, Began: time.Unix(0, c.began), Participants: state.Roster.Len(), Trust: RosterTrust(state.Roster.Trust),
		InboxBacklog: c.inbox.Len(), HandlerBacklog: c.outbox.Len(), Resting: resting,
	}
	if heard := c.confirmed.Load(); heard != 0 {
		v.Heard = time.Unix(0, heard)
	}
	v.UnverifiedSince, _ = c.UnverifiedSince()
	c.mu.Lock()
	defer c.mu.Unlock()
	if due, waits := c.keepAlive.Due(); waits {
		v.KeepAlive = due
	}
	for _, pending := range pendingOperations(state) {
		vitals := PendingVitals{PendingOperation: pending}
		if asked := c.operations[pending.ClientContext]; asked != nil {
			vitals.Action, vitals.Since = asked.action, asked.since
		}
		v.Pending = append(v.Pending, vitals)
	}
	return v
}

// confirm notes that the platform has said something of the call.
func (c *Call) confirm() { c.confirmed.Store(time.Now().UnixNano()) }
