package statefulclient

import (
	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/resources"
)

// letter is one thing heard of one call, on its way to the call's inbox.
type letter struct {
	input reduce.Input
	cause Cause
	// notification is set where the input came as one.
	notification *resources.Notification
	from         origin
	// position is how far a fleet's queue has been worked on once this is; 0 where
	// that is no further.
	position uint64
	receipt  *receipt // owed to the queue; nil for none
	trail    *trail   // nil without observers
	// begun is of the first letter of a call that observers are told of, and all there
	// is in it.
	begun *beginning
	// last is that of a call which is handed over: after it comes nothing.
	last bool
	// done is told what became of it; nil where nobody waits.
	done chan<- reduce.Verdict
}
