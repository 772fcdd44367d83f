package statefulclient

import (
	"context"
	"fmt"

	"go.uber.org/zap"

	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/internal/workers"
)

// receive puts a letter into the call's inbox, its one door. Only a closed
// client does not take it, and there nobody is left to miss it; nor does a call
// that is handed over, whose next owner is sent it again.
func (c *Call) receive(l letter) { _ = c.take(l) }

// take is receive for who wants to know: it returns ErrReleased for a call that is
// handed over, and ErrClosed where the client is closed.
func (c *Call) take(l letter) error {
	if wanted, err := c.wants(&l); !wanted {
		return err
	}
	if c.inbox.Post(l) != nil {
		return ErrClosed
	}
	return nil
}

// queue is receive for a call that is not in Calls yet: nobody works on the letter
// before start.
func (c *Call) queue(l letter) {
	if wanted, _ := c.wants(&l); wanted {
		_ = c.inbox.Put(l) // which refuses nothing without a Limit
	}
}

// start has worked on what was queued before the call was in Calls, and told.
func (c *Call) start() {
	for _, work := range [...]workers.Worker{c.outbox.Claim(), c.inbox.Claim()} {
		if work != nil {
			c.client.group.Run(work)
		}
	}
}

// wants reports whether a letter is to be worked on. In a fleet it may have been
// before, or be another process's.
func (c *Call) wants(l *letter) (bool, error) {
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

// workIn puts a letter into the call's inbox and waits for what became of it. The
// call's handlers may not have been told yet.
func (c *Call) workIn(ctx context.Context, l letter) (reduce.Verdict, error) {
	done := make(chan reduce.Verdict, 1)
	l.done = done
	if err := c.take(l); err != nil {
		return "", err
	}
	select {
	case verdict := <-done:
		return verdict, nil
	case <-ctx.Done():
		return "", ctx.Err()
	case <-c.client.context.Done():
		return "", ErrClosed
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
	c.traceOpened(l, before, outcome)
	c.commit(before, outcome, l)
	if l.notification != nil {
		c.stopListening()
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
		c.carryOut(effect)
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

// carryOut does what the rules ask for; what comes of it enters by the inbox.
func (c *Call) carryOut(effect reduce.Effect) {
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

// busy reports whether more notifications should wait outside.
func (c *Call) busy() bool {
	return c.inbox.Len() >= c.client.limits.Inbox || c.waitingEvents.Load() >= int64(c.client.limits.HandlerEvents)
}
