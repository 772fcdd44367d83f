package statefulclient

import (
	"fmt"
	"net/url"

	"go.uber.org/zap"

	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/internal/roster"
	"github.com/graphcalls/graphcalls-go/internal/workers"
)

// receive puts a letter into the call's inbox, its one door. Only a closed
// client does not take it, and there nobody is left to miss it; nor does a call
// that is handed over, whose next owner is sent it again.
func (c *Call) receive(l letter) { _ = c.take(l) }

func (c *Call) take(l letter) error {
	if takes, err := c.takes(&l); !takes {
		return err
	}
	if c.inbox.Post(l) != nil {
		return ErrClosed
	}
	return nil
}

// hold puts a letter into the inbox of a call that is not known yet: it is opened
// once work is called.
func (c *Call) hold(l letter) {
	if takes, _ := c.takes(&l); takes {
		_ = c.inbox.Put(l) // there is no bound on what waits
	}
}

// takes reports whether a letter is to be put into the inbox, and else why not, if
// it is wanted elsewhere.
func (c *Call) takes(l *letter) (takes bool, err error) {
	ledger := c.ledger()
	switch {
	case ledger == nil:
		return true, nil
	case ledger.closing.Load():
		return false, ErrReleased
	default:
		return l.notification == nil || !c.tookBefore(l, ledger), nil
	}
}

// work begins what a call holds that was not known until now.
func (c *Call) work() {
	for _, box := range []workers.Worker{c.outbox.Claim(), c.inbox.Claim()} {
		if box != nil {
			c.client.group.Run(box)
		}
	}
}

// open works on one letter: reduce, commit, then tell. It runs on the call's
// inbox goroutine, one letter at a time, and never waits, but for a fleet in doubt
// about the call's place.
func (c *Call) open(l letter) {
	if l.begun != nil {
		l.begun.observe()
		return
	}
	if ledger := c.ledger(); ledger != nil && !c.mayOpen(&l, ledger) {
		return
	}
	audience := c.client.observers.there()
	if audience != nil {
		l.trail = l.trail.enters()
	}
	before := c.state.Load()
	outcome, err := c.reduce(before, l.input)
	if err != nil {
		c.client.logger.Error("notification could not be worked on", c.fields(zap.String("message", loggable(l.from.message)), zap.Error(err))...)
		outcome = reduce.Outcome{State: before, Verdict: reduce.Unplaced}
	}
	c.recordOpened(l, before, outcome)
	c.commit(before, outcome, l)
	if l.notification != nil {
		c.heard()
		c.confirm()
		c.client.count(c.id, l.notification, outcome.Verdict)
	}
	c.logNotification(l, outcome.Verdict)
	if audience != nil {
		audience.workedOn(c, l, before, outcome)
	}
	if l.done != nil {
		l.done <- outcome.Verdict
	}
	if outcome.Verdict == reduce.Unplaced && l.notification != nil {
		c.client.unmatched(UnmatchedUnknownKind, c.id, l)
	}
	for _, effect := range outcome.Effects {
		c.perform(effect)
	}
}

// reduce shields the bot from a mistake in the rules: the notification is
// handed to OnUnmatched, and the call goes on.
func (c *Call) reduce(before *reduce.State, input reduce.Input) (outcome reduce.Outcome, err error) {
	defer func() {
		if problem := recover(); problem != nil {
			err = fmt.Errorf("panic in the reducer: %v", problem)
		}
	}()
	return c.client.reducer.Reduce(before, input), nil
}

func (c *Call) commit(before *reduce.State, outcome reduce.Outcome, l letter) {
	after := outcome.State
	if before == after {
		c.passOn(l)
		return
	}
	c.mu.Lock()
	c.state.Store(after)
	c.enter(after)
	told := c.post(update{
		before: before, after: after, events: occurrences(outcome.Events, l), cause: l.cause, removed: after.End != nil,
	}.of(l))
	c.wake(outcome.Events, after)
	c.mu.Unlock()
	c.saveAfter(l)
	c.log(outcome.Events, l)
	c.settle(outcome.Events)
	c.settleTransfers(outcome.Events, after.End)
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
// is saved in its turn. The delivery is begun by who has telling's result done. The
// caller holds mu, or is alone with the call.
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

// telling is the delivery of what was posted, for a goroutine that has nothing
// else to do; nil where it is under way already, or there is none.
func (c *Call) telling() workers.Worker { return c.outbox.Claim() }

// tells reports whether there is anything in an update to tell.
func (u *update) tells() bool {
	return u.added || u.removed || len(u.events) > 0 || u.before.Call != u.after.Call ||
		!roster.SamePeople(u.before.Roster, u.after.Roster) ||
		u.before.Sessions != u.after.Sessions || u.before.Groups != u.after.Groups
}

// follow is for what follows a call's beginning, once no lock is held.
func (b *beginning) follow() {
	c := b.call
	state := c.state.Load()
	c.log([]reduce.Event{reduce.StateChanged{New: state.Call.State}}, b.first)
	c.logNotification(b.first, b.outcome.Verdict)
	if state.End != nil {
		c.ended(state.End)
	}
	c.keepAliveOnceIn()
}

// observe tells observers, before what the call hears next.
func (b *beginning) observe() {
	if audience := b.call.client.observers.there(); audience != nil {
		audience.workedOn(b.call, b.first, nil, b.outcome)
	}
}

// ended lets go of all that was for the call's sake, once.
func (c *Call) ended(end *reduce.End) {
	if c.over.Swap(true) {
		return
	}
	reason := &EndedError{c.id, c.reasonOf(end)}
	if end.Cause == reduce.CauseLost {
		c.client.counters.callsLost.Add(1)
	}
	c.releaseSessions() // while the client waits for this call
	c.client.calls.remove(c)
	c.cancel(reason)
	c.abandonOperations(reason)
	c.stopTimers()
	c.heard()
}

func (c *Call) perform(effect reduce.Effect) {
	switch e := effect.(type) {
	case reduce.Wait:
		wait := c.client.limits.RosterGap
		if e.For == reduce.GapTones {
			wait = c.client.limits.ToneGap
		}
		c.client.schedule.After(wait, func() {
			c.receive(letter{input: reduce.Waited{For: e.For}, cause: CauseClient})
		})
	case reduce.Fetch:
		c.client.resyncs.doubt(c, string(e.Because))
	}
}

// path is the call's own, or that of an action on it.
func (c *Call) path(action string) string {
	path := "communications/calls/" + url.PathEscape(c.id)
	if action != "" {
		path += "/" + action
	}
	return path
}
