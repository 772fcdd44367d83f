package statefulclient

import (
	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/internal/roster"
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

	from     origin     // of what is told in it; the zero value where it was folded
	position uint64     // in a fleet's queue, of the last in it
	receipts []*receipt // owed for it
	posts    int        // how many were folded into it, itself included
	trail    *trail     // nil without observers
	silent   bool       // nothing in it is to be told
	last     bool       // of a call that is handed over
	released bool       // tells that a call was let go of
}

// of says which letter an update comes from.
func (u update) of(l letter) update {
	u.from, u.position, u.posts, u.last, u.trail = l.from, l.position, 1, l.last, l.trail
	if l.receipt != nil {
		u.receipts = []*receipt{l.receipt}
	}
	return u
}

// fold lays an update into the one before it, which thereby becomes the net
// difference of both. Updates for different subscriptions stay apart, and so
// does the present a new one is told. A roster is its own net difference; edges
// and other events are kept, every one.
func fold(last *update, next update) bool {
	if last.initial || next.initial || next.released || !sameList(last.to, next.to) {
		return false
	}
	switch {
	case next.silent:
	case last.silent:
		last.cause, last.from, last.missed, last.silent, last.trail = next.cause, next.from, next.missed, false, next.trail
	default:
		last.cause, last.from, last.trail = next.cause, origin{}, next.trail
		last.missed += next.missed + 1
	}
	last.after = next.after
	last.events = append(last.events, next.events...)
	last.removed = last.removed || next.removed
	last.position = max(last.position, next.position)
	last.receipts = append(last.receipts, next.receipts...)
	last.posts += next.posts
	last.last = last.last || next.last
	return true
}

func sameList(a, b []*Subscription) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

// tells reports whether there is anything in an update to tell.
func (u *update) tells() bool {
	return u.added || u.removed || len(u.events) > 0 || u.before.Call != u.after.Call ||
		!roster.SamePeople(u.before.Roster, u.after.Roster) ||
		u.before.Sessions != u.after.Sessions || u.before.Groups != u.after.Groups
}
