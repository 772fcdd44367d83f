package statefulclient

import "context"

// deliver tells one update to its subscriptions. It runs on the call's
// delivery goroutine, and no lock is held.
func (c *Call) deliver(u update) {
	c.waitingEvents.Add(-int64(len(u.events)))
	d := &delivery{call: c, to: u.to}
	if ledger := c.ledger(); ledger != nil {
		if !c.mayTell(&u, ledger) {
			return
		}
		if !u.released {
			d.ledger = ledger
		}
	}
	defer func() {
		if !d.cut {
			c.wasTold(&u)
		}
	}()
	if u.silent {
		return
	}
	c.client.counters.folded.Add(uint64(u.missed))
	c.client.slowness.begin(c)
	defer c.client.slowness.end(c)
	d.tellings, d.observed = c.tellings(u), c.client.observedUpdate(&u)
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

	ledger *ledger // nil where the call cannot become another process's
	began  bool    // a handler was told
	cut    bool    // the call became another's meanwhile, and nobody else here is told

	observed *observedUpdate // nil without observers
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
	if !d.mayGoOn() {
		return
	}
	var ctx context.Context = &t.eventContext
	if !t.deadline.IsZero() {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, t.deadline)
		defer cancel()
	}
	client := d.call.client
	if d.observed == nil {
		client.invoke(ctx, s, d.call, t.event)
		return
	}
	d.observed.audience.runHandler(ctx, d.observed.handlerRun(&t.eventContext, t.kind), func(ctx context.Context) bool {
		return client.invoke(ctx, s, d.call, t.event)
	})
}

// mayGoOn asks again before each handler but the first: the one before may have
// taken long.
func (d *delivery) mayGoOn() bool {
	if d.ledger != nil && d.began && !d.cut {
		d.cut = d.ledger.gone.Load() || !d.call.holds(d.ledger)
	}
	d.began = true
	return !d.cut
}
