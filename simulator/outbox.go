package simulator

import (
	"context"
	"sync"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
)

// letter is one POST to a bot.
type letter struct {
	messageID string
	url       string
	body      []byte
	notice    *resources.Notification
	scenario  string // empty on incoming calls
	legacy    []byte // sent first when set
	copy      bool
	then      func(Delivery) // called once, with how it fared
	parts     []*letter      // of a bundle, itself for one of its own
	formerly  []byte         // the same in the legacy format, where it has one

	queued  time.Time
	version int64 // its place among the call's
	late    bool
	drawn   [2]bool // of how late it is, by the call's faults and the platform's
	draw    [2]float64
}

// outbox sends one call's notifications, each after the one before has been
// answered. It has a goroutine only while there is something to send.
type outbox struct {
	call *Call

	mu       sync.Mutex
	queue    []*letter
	running  bool
	corks    int // requests whose reply is to go out first
	filed    int64
	shuffler dice
	waiting  [2]dice
	woken    bell
}

func newOutbox(call *Call) *outbox { return &outbox{call: call} }

func (o *outbox) put(l *letter) {
	o.mu.Lock()
	o.filed++
	l.queued, l.version = o.call.platform.clock.now(), o.filed
	o.queue = append(o.queue, l)
	o.mu.Unlock()
	if o.held() {
		o.call.platform.tally.add("hold", 1)
	}
	o.pump()
	o.call.platform.changed.ring()
}

func (o *outbox) cork() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.corks++
	o.call.platform.busy.Add(1)
}

func (o *outbox) uncork() {
	o.mu.Lock()
	o.corks--
	o.mu.Unlock()
	o.pump()
	o.call.platform.busy.Add(-1)
}

// pump starts sending when there is something to send and nothing against it.
func (o *outbox) pump() {
	o.woken.ring()
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.running || !o.ready() {
		return
	}
	if o.running = o.call.platform.life.spawn(o.run); o.running {
		o.call.platform.busy.Add(1)
	}
}

// ready says whether something may be sent; callers hold o.mu.
func (o *outbox) ready() bool {
	return len(o.queue) > 0 && o.corks == 0 && !o.held()
}

func (o *outbox) held() bool { return o.call.Faults.holds() || o.call.platform.Faults.holds() }

// idle reports whether all is sent that may be sent.
func (o *outbox) idle() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return !o.running && !o.ready() && o.corks == 0
}

func (o *outbox) run() {
	for {
		batch := o.take()
		for _, l := range batch {
			o.send(l)
		}
		if batch == nil {
			o.call.platform.changed.ring()
			return
		}
	}
}

// take removes what is to be sent next, or nil when that is nothing for now.
func (o *outbox) take() []*letter {
	platform := o.call.platform
	gathering := o.scrambling() != nil || o.bundling() > 1
	if gathering && !platform.clock.sleep(platform.life.ctx, platform.options.ScrambleWindow) {
		return o.rest()
	}
	woken := o.woken.next()
	o.mu.Lock()
	if platform.life.ctx.Err() != nil || !o.ready() {
		o.mu.Unlock()
		return o.rest()
	}
	if wait := o.stillLate(o.queue[0]); wait > 0 {
		o.mu.Unlock()
		platform.clock.wait(platform.life.ctx, wait, woken)
		return []*letter{}
	}
	count := 1
	seed, most := o.scrambling(), o.bundling()
	if seed != nil || most > 1 {
		count = len(o.queue)
	}
	letters := o.queue[:count]
	if most > 1 {
		letters = bundled(letters, most)
	}
	batch := o.copied(letters)
	o.queue = append([]*letter(nil), o.queue[count:]...)
	if seed != nil {
		o.shuffle(*seed, batch)
	}
	o.mu.Unlock()
	return batch
}

// rest ends the run, unless something came in meanwhile.
func (o *outbox) rest() []*letter {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.call.platform.life.ctx.Err() == nil && o.ready() {
		return []*letter{}
	}
	o.running = false
	o.call.platform.busy.Add(-1)
	return nil
}

func (o *outbox) scrambling() *uint64 {
	if seed := o.call.Faults.seed(); seed != nil {
		return seed
	}
	return o.call.platform.Faults.seed()
}

// bundling is how many notifications go into a body.
func (o *outbox) bundling() int {
	return max(o.call.Faults.bundling(), o.call.platform.Faults.bundling())
}

// shuffle draws on from the seed's sequence, which the call's place among the
// calls makes its own; callers hold o.mu.
func (o *outbox) shuffle(seed uint64, batch []*letter) {
	o.call.platform.tally.add("scramble", len(batch))
	o.shuffler.of(seed, o.call.ordinal).Shuffle(len(batch), func(i, j int) { batch[i], batch[j] = batch[j], batch[i] })
}

func (o *outbox) copied(letters []*letter) []*letter {
	same, fresh := o.call.Faults.duplicates()
	moreSame, moreFresh := o.call.platform.Faults.duplicates()
	var out []*letter
	for _, l := range letters {
		out = append(out, l)
		for range same + moreSame {
			again := *l
			again.copy = true
			o.call.platform.tally.add("duplicate", 1)
			out = append(out, &again)
		}
		for range fresh + moreFresh {
			again := *l
			again.copy, again.messageID = true, newID()
			o.call.platform.tally.add("duplicate-as-new", 1)
			out = append(out, &again)
		}
	}
	return out
}

func (o *outbox) send(l *letter) {
	p := o.call.platform
	parts := []*letter{l}
	if len(l.parts) > 0 {
		parts = l.parts
	}
	var kept []*letter
	for _, part := range parts {
		fault, lost := o.call.Faults.drop(part.notice)
		if !lost {
			fault, lost = p.Faults.drop(part.notice)
		}
		if lost {
			p.tally.add(fault, 1)
			p.counters.dropped.Add(1)
			o.sent(part, o.delivery(part, true))
			continue
		}
		kept = append(kept, o.dressed(part))
	}
	if len(kept) > 1 {
		p.tally.add("batch", len(kept))
	}
	if len(kept) > 0 {
		whole := l.with(kept)
		delivery := o.delivery(whole, false)
		p.courier.deliver(p.life.ctx, o.call, whole, &delivery)
		o.sent(whole, delivery)
		o.forge(whole)
	}
}

func (o *outbox) delivery(l *letter, dropped bool) Delivery {
	return Delivery{CallID: o.call.id, MessageID: l.messageID, URL: l.url, Body: l.body, Copy: l.copy, Dropped: dropped}
}

func (o *outbox) sent(l *letter, delivery Delivery) {
	o.call.record(delivery)
	if l.then != nil && !l.copy {
		l.then(delivery)
	}
	o.call.platform.changed.ring()
}

// drained waits until nothing is queued or under way, or ctx ends.
func (o *outbox) drained(ctx context.Context) {
	_ = o.call.platform.WaitUntil(ctx, o.idle)
}
