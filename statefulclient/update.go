package statefulclient

import (
	"time"

	"github.com/graphcalls/graphcalls-go/internal/reduce"
)

// update is one step of a call's life on its way to the handlers: the states
// before and after, and what happened that comparing them would not show.
type update struct {
	before, after *reduce.State
	events        []occurrence
	to            []*Subscription
	cause         Cause
	missed        int
	initial       bool // the present, for a new subscription
	added         bool
	removed       bool
	ringing       *ringing
}

// occurrence is something that happened, and how it became known: updates that
// are folded keep that apart.
type occurrence struct {
	event reduce.Event
	cause Cause
}

func occurrences(events []reduce.Event, cause Cause) []occurrence {
	if len(events) == 0 {
		return nil
	}
	list := make([]occurrence, len(events))
	for i, event := range events {
		list[i] = occurrence{event, cause}
	}
	return list
}

// ringing is what OnIncoming is told with.
type ringing struct {
	deadline  time.Time
	recording bool
	replaces  string
}

// fold lays an update into the one before it, which thereby becomes the net
// difference of both. Updates for different subscriptions stay apart, and so
// does the present a new one is told. A roster is its own net difference; edges
// and other events are kept, every one.
func fold(last *update, next update) bool {
	if last.initial || next.initial || !sameList(last.to, next.to) {
		return false
	}
	last.after = next.after
	last.events = append(last.events, next.events...)
	last.cause = next.cause
	last.missed += next.missed + 1
	last.removed = last.removed || next.removed
	return true
}

func sameList(a, b []*Subscription) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}
