package statefulclient

import (
	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/resources"
)

// birth is how a call comes to be.
type birth struct {
	id       string
	scenario string
	tenant   string // where the call itself does not say
	first    letter
	ringing  *ringing
	callback string   // where a call placed is to be heard of
	place    string   // in the fleet
	waited   []letter // for the call to be looked up, in order
}

// beginning is a call that has just begun, and what it began with.
type beginning struct {
	call    *Call
	first   letter
	outcome reduce.Outcome
}

// begin makes the call, tells of it, and hands it what was parked for it. The
// caller holds mu, and has follow called once it does not.
func (c *Calls) begin(b birth) *beginning {
	observed := c.client.observers.there() != nil
	if observed {
		b.first.trail = b.first.trail.enters()
	}
	call := newCall(c.client, b)
	call.confirmed.Store(call.began)
	before := reduce.New(call.id)
	outcome := c.client.reducer.Reduce(before, b.first.input)
	call.chainID, call.outgoing = outcome.State.Call.CallChainID, b.ringing == nil
	call.state.Store(outcome.State)
	call.updateJoinState(outcome.State)
	call.subscribers = c.subscribers
	call.beginLedger(b.first, outcome.State)
	call.traceBegun(b.first, before, outcome)
	call.post(update{
		before: before, after: outcome.State, events: occurrences(outcome.Events, b.first), cause: b.first.cause,
		added: true, ringing: b.ringing, removed: outcome.State.End != nil,
	}.of(b.first))
	if b.callback != "" {
		call.listen(b.callback)
	}
	begun := &beginning{call, b.first, outcome}
	if observed {
		call.queue(letter{begun: begun})
	}
	c.admit(call, b.waited)
	c.client.keeper.save(call)
	return begun
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

// admit makes the call known, with what has waited for it and then what was parked
// in its inbox, so that nothing overtakes that; only then is it worked on and told,
// so that whoever is told finds the call. The caller holds mu.
func (c *Calls) admit(call *Call, waited []letter) {
	key := resources.Key(call.id)
	for _, l := range waited {
		call.queue(l)
	}
	for _, p := range c.parking.Take(key) {
		call.queue(p.letter)
	}
	if c.parking.Len() == 0 {
		c.expiry.Cancel()
		c.expiry = nil
	}
	calls := c.all().With(key, call)
	c.live.Store(&calls)
	c.tombstones.Remove(key)
	c.joinChain(call)
	c.client.resyncs.sweeps.begin()
	c.client.resting.begin()
	call.start()
}
