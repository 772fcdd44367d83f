package statefulclient

import (
	"sync/atomic"

	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/transport"
)

// Stats is what a client holds at a moment, and what it has done so far.
type Stats struct {
	// What is held, each bounded by the Limits or by the calls there are.
	Calls                int
	Resting              int // calls packed until they are heard of or asked about: see Limits.RestAfter
	EndedRemembered      int // tombstones
	DeliveriesRemembered int
	Parked               int // notifications of calls not known yet
	InboxBacklog         int // inputs of all calls waiting to be worked on
	HandlerBacklog       int // updates of all calls waiting for handlers
	Scheduled            int // timers: keep-alives, gaps, sweeps, looks for calls that may rest
	InDoubt              int // calls waiting to be fetched again
	Unsaved              int // calls waiting to be saved in the store
	Goroutines           int // of the client; those of handlers are among them

	// What became of notifications. Each is counted once.
	Applied     uint64 // changed or told something
	Unchanged   uint64 // said what was known: duplicates
	Redelivered uint64 // in a POST that had come before
	Stale       uint64 // something later had come before
	Late        uint64 // for a call that was over
	Waiting     uint64 // something before it was missing
	Unmatched   uint64 // found no place

	FoldedUpdates  uint64 // folded because handlers were slow
	HandlerPanics  uint64
	NoticesDropped uint64 // past Limits.Notices: handlers of the Client's own On… were too slow for them
	KeepAlives     uint64 // sent with success
	CallsLost      uint64 // ended because the platform no longer knew them
	Resyncs        uint64 // calls fetched again
	Saves          uint64 // to the store
	StoreFailures  uint64
	SilentCalls    uint64 // placed or answered and then not heard of
	Misrouted      uint64 // deliveries that belong to another instance
	Forwarded      uint64 // of these, handed on
	Redirected     uint64 // deliveries sent elsewhere by the RedirectHook
	Released       uint64 // calls handed over to another process of the fleet
	Fenced         uint64 // calls let go of because another process had them already
	Webhook        transport.Stats
}

type counters struct {
	applied, unchanged, redelivered, stale, late, waiting, unmatched atomic.Uint64

	folded, handlerPanics, noticesDropped, keepAlives, callsLost, resyncs, silentCalls atomic.Uint64

	misrouted, forwarded, redirected, released, fenced, saves, storeFailures atomic.Uint64
}

func (c *counters) count(verdict reduce.Verdict) {
	switch verdict {
	case reduce.Applied:
		c.applied.Add(1)
	case reduce.Unchanged:
		c.unchanged.Add(1)
	case reduce.Stale:
		c.stale.Add(1)
	case reduce.Late:
		c.late.Add(1)
	case reduce.Waiting:
		c.waiting.Add(1)
	case reduce.Unplaced: // counted as unmatched
	}
}

// Stats returns the client's figures. It looks at every call, so it is for
// every few seconds and not for every event.
func (c *Client) Stats() Stats {
	stats := Stats{
		EndedRemembered: c.calls.tombstones.Len(), DeliveriesRemembered: c.calls.seen.Len(),
		Parked: c.calls.parkedCount(), Scheduled: c.schedule.Len(), InDoubt: c.resyncs.queue.Len(), Goroutines: c.group.Running(),
		Applied: c.counters.applied.Load(), Unchanged: c.counters.unchanged.Load(),
		Redelivered: c.counters.redelivered.Load(), Stale: c.counters.stale.Load(), Late: c.counters.late.Load(),
		Waiting: c.counters.waiting.Load(), Unmatched: c.counters.unmatched.Load(),
		FoldedUpdates: c.counters.folded.Load(), HandlerPanics: c.counters.handlerPanics.Load(),
		NoticesDropped: c.counters.noticesDropped.Load(), KeepAlives: c.counters.keepAlives.Load(),
		CallsLost: c.counters.callsLost.Load(), Resyncs: c.counters.resyncs.Load(),
		Saves: c.counters.saves.Load(), StoreFailures: c.counters.storeFailures.Load(),
		SilentCalls: c.counters.silentCalls.Load(), Misrouted: c.counters.misrouted.Load(),
		Forwarded: c.counters.forwarded.Load(), Redirected: c.counters.redirected.Load(),
		Released: c.counters.released.Load(), Fenced: c.counters.fenced.Load(), Webhook: c.webhook.Stats(),
	}
	if c.keeper != nil {
		stats.Unsaved = c.keeper.queue.Len()
	}
	for call := range c.calls.All() {
		stats.Calls++
		if call.state.Resting() {
			stats.Resting++
		}
		stats.InboxBacklog += call.inbox.Len()
		stats.HandlerBacklog += call.outbox.Len()
	}
	return stats
}
