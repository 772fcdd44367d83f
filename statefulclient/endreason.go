package statefulclient

import (
	"fmt"

	"github.com/graphcalls/graphcalls-go/internal/reduce"
)

// EndCause says how a client came to know that a call ended.
type EndCause string

// The causes of a call's end.
const (
	// EndReported: the platform said so.
	EndReported EndCause = "reported"
	// EndLost: the platform no longer knows the call, and never said that it
	// ended.
	EndLost EndCause = "lost"
	// EndRemoved: ForceRemove was called.
	EndRemoved EndCause = "removed"
)

// EndReason says why a call ended. Class sorts it, Hint says what to do about it,
// and DiagCode is the platform's inner code.
type EndReason struct {
	Cause EndCause
	// Code and Subcode are the platform's; zero where it gave none. Code is
	// like an HTTP status.
	Code, Subcode int32
	Message       string
	// Word is the platform's other way of giving a reason, such as
	// AppTransferred; often empty.
	Word string
	// InLobby says that the bot was in the meeting's lobby, and never let in: who
	// was removed there was turned away.
	InLobby bool
}

// String is one line for people.
func (r EndReason) String() string {
	text := string(r.Cause)
	if r.Code != 0 || r.Subcode != 0 {
		text += fmt.Sprintf(" %d/%d", r.Code, r.Subcode)
	}
	for _, more := range []string{r.Word, r.Message} {
		if more != "" {
			text += ", " + more
		}
	}
	if r.InLobby {
		text += ", in the lobby"
	}
	return text
}

func (c *Call) reasonOf(end *reduce.End) EndReason {
	reason := EndReason{Cause: EndCause(end.Cause), Word: end.Reason, InLobby: c.inLobby()}
	if end.Result != nil {
		reason.Code, reason.Subcode, reason.Message = end.Result.Code, end.Result.Subcode, end.Result.Message
	}
	return reason
}

// EndedError is returned where something waited for a call that ended, and is
// the cause of the call's context. It matches ErrCallEnded.
type EndedError struct {
	CallID string
	Reason EndReason
}

// Error is one line.
func (e *EndedError) Error() string {
	return fmt.Sprintf("statefulclient: call %s has ended: %s", e.CallID, e.Reason)
}

// Is reports whether target is ErrCallEnded.
func (e *EndedError) Is(target error) bool { return target == ErrCallEnded }

// ended lets go of all that was for the call's sake, once.
func (c *Call) ended(end *reduce.End) {
	if c.over.Swap(true) {
		return
	}
	reason := &EndedError{c.id, c.reasonOf(end)}
	if end.Cause == reduce.CauseLost {
		c.client.counters.callsLost.Add(1)
	}
	c.releaseSessions() // while the client waits for this call
	c.client.calls.remove(c)
	c.cancel(reason)
	c.abandonOperations(reason)
	c.stopTimers()
	c.stopListening()
}
