package statefulclient

import (
	"strconv"

	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/trace"
)

// What the steps of a call's life do for its ledger, in a fleet whose queue is
// told what is settled.

// tookBefore is for what the queue delivers again. What the call's record has is
// settled at once. What this process has taken already changes nothing, and is
// settled when the first is: it goes through the inbox as nothing.
func (c *Call) tookBefore(l *letter, ledger *ledger) bool {
	if l.from.position > 0 && l.from.position <= ledger.restored {
		c.redelivered(l)
		l.receipt.settle()
		return true
	}
	if !c.firstTime(l, ledger) {
		c.redelivered(l)
		l.input, l.notification = reduce.Waited{}, nil
	}
	return false
}

func (c *Call) redelivered(l *letter) {
	c.client.counters.redelivered.Add(1)
	c.client.processed(c.id, l.notification, VerdictUnchanged)
	c.client.traceAside(trace.KindRedelivered, c.id, l.from.message, "", l.notification)
}

// firstTime remembers a letter for as long as the call stays here: who lets go of
// a call and gets it back is sent again what was not settled.
func (c *Call) firstTime(l *letter, ledger *ledger) bool {
	name := l.from.message
	if name == "" && l.from.position > 0 {
		name = "#" + strconv.FormatUint(l.from.position, 10)
	}
	if name == "" {
		return true
	}
	key := name + " " + strconv.Itoa(int(l.from.item)) + " " + strconv.FormatUint(ledger.serial, 10)
	if c.client.calls.seen.Has(key) {
		return false
	}
	c.client.calls.seen.Add(key)
	return true
}

// beginLedger is for a call that begins. One that begins as over is saved when
// that is told.
func (c *Call) beginLedger(first letter, state *reduce.State) {
	ledger := c.ledger()
	if ledger == nil {
		return
	}
	c.firstTime(&first, ledger)
	if state.End == nil {
		ledger.begin(state, first.position)
	}
}

// mayOpen reports false for what comes when nothing more is taken, and for a call
// that is another's.
func (c *Call) mayOpen(l *letter, ledger *ledger) bool {
	if ledger.shut || ledger.gone.Load() || !c.holds(ledger) {
		if l.done != nil {
			l.done <- reduce.Late
		}
		return false
	}
	ledger.shut = l.last
	return true
}

// passOn has a letter that changed nothing settled, after what came before it.
func (c *Call) passOn(l letter) {
	ledger := c.ledger()
	if ledger == nil || l.receipt == nil && !l.last || !l.last && ledger.unchanged(l.receipt) {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	state := c.state.Load()
	c.post(update{before: state, after: state, cause: l.cause}.of(l))
}

// saveAfter has the call saved after a letter that changed it: outside a fleet as
// it is, in one as it is when it has been told. But which operations were asked
// for is saved at once, for a handler may wait for their end.
func (c *Call) saveAfter(l letter) {
	if c.ledger() == nil {
		c.client.keeper.save(c)
		return
	}
	switch l.input.(type) {
	case reduce.Asked, reduce.Granted, reduce.Refused:
		c.client.keeper.save(c)
	}
}

// mayTell reports false for an update that the call's next owner will tell.
func (c *Call) mayTell(u *update, ledger *ledger) bool {
	if u.released {
		return !ledger.unheard && !ledger.endTold()
	}
	if ledger.gone.Load() || !c.holds(ledger) {
		ledger.unheard = ledger.unheard || u.added
		return false
	}
	return true
}

// wasTold follows an update's telling.
func (c *Call) wasTold(u *update) {
	ledger := c.ledger()
	switch {
	case ledger == nil && u.removed:
		c.client.keeper.forget(c)
	case ledger == nil, u.initial, u.released:
	case !ledger.tell(u):
		if ledger.over() {
			c.client.calls.isOver(c)
		}
	case u.after.End != nil:
		c.client.keeper.add(c)
	default:
		c.client.keeper.addLater(c)
	}
}

// wasLetGo reports whether the call goes on at another process of the fleet.
func (c *Call) wasLetGo() bool {
	ledger := c.ledger()
	return ledger != nil && ledger.gone.Load()
}
