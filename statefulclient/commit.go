package statefulclient

import (
	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/internal/workers"
)

// commit makes the outcome of a letter the call's state. Under mu, in one step, the
// state is changed, the update is queued for the handlers there are, and the waits
// for it are ended; what follows from it is done after, with no lock held.
func (c *Call) commit(before *reduce.State, outcome reduce.Outcome, l letter) {
	after := outcome.State
	if before == after {
		c.passOn(l)
		return
	}
	c.mu.Lock()
	c.state.Store(after)
	c.updateJoinState(after)
	told := c.post(update{
		before: before, after: after, events: occurrences(outcome.Events, l), cause: l.cause, removed: after.End != nil,
	}.of(l))
	c.wake(outcome.Events, after)
	c.mu.Unlock()
	c.saveAfter(l)
	c.log(outcome.Events, l)
	c.endOperations(outcome.Events)
	c.endTransfers(outcome.Events, after.End)
	if after.End != nil {
		c.ended(after.End)
		if !told {
			c.client.keeper.forget(c)
		}
	}
	c.keepAliveOnceIn()
}

// post queues an update for the handlers there are at this moment, and reports
// false if there are none; in a fleet also one that nobody is told of, so that it
// is saved in its turn. Its delivery begins when somebody has what claimDelivery
// returns done. The caller holds mu, or is alone with the call.
func (c *Call) post(u update) bool {
	if ledger := c.ledger(); ledger != nil {
		u.silent = !u.tells()
		ledger.post()
	} else if len(c.subscribers) == 0 || !u.tells() {
		return false
	}
	u.to = c.subscribers
	c.waitingEvents.Add(int64(len(u.events)))
	if err := c.outbox.Put(u); err != nil {
		c.waitingEvents.Add(-int64(len(u.events)))
		return false
	}
	return true
}

// claimDelivery returns the delivery of what was posted, for a goroutine that has
// nothing else to do; nil where it is under way already, or there is none.
func (c *Call) claimDelivery() workers.Worker { return c.outbox.Claim() }
