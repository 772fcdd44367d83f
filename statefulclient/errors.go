package statefulclient

import (
	"errors"
	"fmt"
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
