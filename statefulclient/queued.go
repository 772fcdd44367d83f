package statefulclient

import (
	"sync/atomic"

	"github.com/graphcalls/graphcalls-go/transport"
)

// Queued is a delivery from a fleet's queue, for Intake.Take.
type Queued struct {
	Delivery transport.Delivery
	// Place is that of the call; see Fleet.
	Place string
	// Position is where it stands in the queue; positions of one call only grow. 0
	// for none. One at or before the Position that the call's record has is settled
	// at once: its effect is in the record.
	Position uint64
	// Settled is called once, from any goroutine, when all of it was told to the
	// handlers there are and its effect is saved, or when there is nothing to tell or
	// save (a duplicate, a late one, one told to OnUnmatched). It must not block, nor
	// call the client. It is never called for a call that is let go of meanwhile: the
	// queue delivers again, to the new owner. nil for nobody who is to know.
	Settled func()
}

// receipt is owed to the queue for a delivery.
type receipt struct {
	settled func()
	left    atomic.Int64 // items not settled yet
}

// newReceipt is nil where nobody waits for one.
func (q *Queued) newReceipt(items int) *receipt {
	if q.Settled == nil {
		return nil
	}
	r := &receipt{settled: q.Settled}
	r.left.Store(int64(items))
	if items == 0 {
		r.settled()
	}
	return r
}

// settle is called once for each item; nil is fine.
func (r *receipt) settle() {
	if r != nil && r.left.Add(-1) == 0 {
		r.settled()
	}
}
