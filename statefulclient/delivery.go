package statefulclient

import "context"

// deliver tells one update to its subscriptions. It runs on the call's
// delivery goroutine, and no lock is held.
func (c *Call) deliver(u update) {
	c.waitingEvents.Add(-int64(len(u.events)))
	if ledger := c.ledger(); ledger != nil && !c.mayTell(&u, ledger) {
		return
	}
	defer c.wasTold(&u)
	if u.silent {
		return
	}
	c.client.counters.folded.Add(uint64(u.missed))
	c.client.slowness.begin(c)
	defer c.client.slowness.end(c)
	d := &delivery{call: c, tellings: c.tellings(u), to: u.to}
	d.run()
}

// delivery is one update being told: each event in turn, to each subscription
// in turn.
type delivery struct {
	call     *Call
	tellings []telling
	to       []*Subscription
	event    int // the next
	reader   int // the next of it
}

func (d *delivery) run() {
	defer d.carryOn()
	for ; d.event < len(d.tellings); d.event, d.reader = d.event+1, 0 {
		for d.reader < len(d.to) {
			s := d.to[d.reader]
			d.reader++
			d.tell(&d.tellings[d.event], s)
		}
	}
}

// carryOn is for a handler that ends its goroutine by runtime.Goexit, as
// testing's FailNow does: the others get their turn all the same.
func (d *delivery) carryOn() {
	if d.event < len(d.tellings) {
		d.run()
	}
}

func (d *delivery) tell(t *telling, s *Subscription) {
	if s.kind != t.kind || s.about != "" && s.about != t.about || s.cancelled.Load() {
		return
	}
	var ctx context.Context = &t.eventContext
	if !t.deadline.IsZero() {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, t.deadline)
		defer cancel()
	}
	d.invoke(ctx, s, t.event)
}

// invoke runs user code. A panic in it is its own affair: the next handler and
// the next event get their turn.
func (d *delivery) invoke(ctx context.Context, s *Subscription, event any) {
	defer func() {
		if problem := recover(); problem != nil {
			d.call.client.handlerPanicked(d.call, s.kind, problem)
		}
	}()
	s.handle(ctx, event)
}
