package cluster

import (
	"errors"
	"fmt"
)

var (
	// ErrNotOwner says that this instance does not own the call, or not any more.
	ErrNotOwner = errors.New("cluster: another instance owns the call")
	// ErrNoCall says that no instance has the call. It has ended, or never was.
	ErrNoCall = errors.New("cluster: no instance of the fleet has this call")
	// ErrOwnerGone says that the instance that owned the call has died or left while
	// it was asked to do something. That may have been done. Another instance takes the
	// call over.
	ErrOwnerGone = errors.New("cluster: the instance that owned the call is gone; what it was asked for may have been done")
	// ErrClosed says that this instance has left the fleet.
	ErrClosed = errors.New("cluster: this instance has left the fleet")
	// ErrNoParticipant says that the call has no participant of that id.
	ErrNoParticipant = errors.New("cluster: the call has no such participant")
	// ErrUnknownCommand says that the instance that owns the call does not have the
	// command: give all instances the same Options.Commands.
	ErrUnknownCommand = errors.New("cluster: the instance that owns the call does not have this command")
)

// CommandError is the failure of a command at another instance. It matches, by
// errors.Is, those errors of this package, statefulclient, transport and context
// that the failure there matched.
type CommandError struct {
	Command string
	CallID  string
	Text    string // of the failure

	kinds []error
}

// Error says which command failed and how.
func (e *CommandError) Error() string {
	return fmt.Sprintf("cluster: %s of call %s: %s", e.Command, e.CallID, e.Text)
}

// Unwrap returns the errors it stands for.
func (e *CommandError) Unwrap() []error { return e.kinds }
