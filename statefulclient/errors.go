package statefulclient

import (
	"errors"
	"fmt"

	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/resources"
)

// Requests that the platform refused, or never answered, fail with a
// *transport.Error.
var (
	// ErrClosed: the client was closed. Nothing was sent.
	ErrClosed = errors.New("statefulclient: the client is closed")
	// ErrDraining: the client takes no more calls, after Drain or Shutdown.
	// Nothing was sent.
	ErrDraining = errors.New("statefulclient: the client is draining and places no more calls")
	// ErrFromHandler: Shutdown, Drain or Release was called from a handler, for
	// which it would wait. Nothing was done; call it from another goroutine.
	ErrFromHandler = errors.New("statefulclient: Shutdown, Drain and Release must not be called from a handler they would wait for; use another goroutine")
	// ErrReleased: the call goes on at another process of the fleet, and nothing
	// more is heard of it here. It is the cause of the call's context, and what
	// ends waits and pending operations.
	ErrReleased = errors.New("statefulclient: the call is another process's now")
	// ErrNoOperation: no operation of the call with that client context is
	// pending.
	ErrNoOperation = errors.New("statefulclient: no such operation is pending")
	// ErrNoStore: there is nowhere to restore calls from; call SetStore on the
	// builder.
	ErrNoStore = errors.New("statefulclient: no store: call SetStore on the builder")
	// ErrCallEnded: the call is over. It matches every *EndedError, and every
	// action that the platform refused because it no longer knows the call, or
	// that the call's end cancelled. Of a refused one the end is told soon: as it
	// was reported, or as lost after Limits.EndGrace.
	ErrCallEnded = errors.New("statefulclient: the call has ended")
	// ErrInvalid: a request would not be accepted as it is. Nothing was sent;
	// the text says what to change.
	ErrInvalid = errors.New("statefulclient: invalid request")
)

func invalid(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrInvalid, fmt.Sprintf(format, args...))
}

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

// OperationError is returned where an operation failed. Class sorts the reason,
// and Hint says what to do about it.
type OperationError struct {
	OperationID string
	// Result is the platform's; nil where it gave none.
	Result *resources.ResultInfo
}

// Error is one line.
func (e *OperationError) Error() string {
	text := fmt.Sprintf("statefulclient: operation %s failed: ", e.OperationID)
	if e.Result != nil {
		text += fmt.Sprintf("%d/%d %s: ", e.Result.Code, e.Result.Subcode, e.Result.Message)
	}
	return text + e.Hint()
}

// Class sorts the reason, as that of a call's end.
func (e *OperationError) Class() EndClass {
	class, _ := classifyResult(e.Result)
	return class
}

// Hint says in one line what to do about the reason.
func (e *OperationError) Hint() string {
	_, hint := classifyResult(e.Result)
	return hint
}
