package statefulclient

import (
	"context"
	"fmt"
	"iter"
	"sync"
	"sync/atomic"
	"time"

	"github.com/graphcalls/graphcalls-go/internal/order"
	"github.com/graphcalls/graphcalls-go/internal/persistent"
	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/internal/schedule"
	"github.com/graphcalls/graphcalls-go/resources"
)

// Calls is the collection of a client's calls: those ringing, under way, or
// being placed. A call that has ended leaves it, and so does one that goes on at
// another process of the fleet. All methods may be called from anywhere.
//
// It mirrors the .NET SDK's ICallCollection.
type Calls struct {
	client *Client
	live   atomic.Pointer[persistent.Map[*Call]] // by key; written under mu

	mu          sync.Mutex
	subscribers []*Subscription
	tombstones  *order.Tombstones
	parking     *order.Parking[parked]
	expiry      *schedule.Entry
	chains      map[string][]*Call // by the chain id they began with
	unanswered  *order.Tombstones  // by the same, of calls that ended before an answer
	refusing    bool
	placing     int           // requests that create calls, under way
	emptied     chan struct{} // made by who waits for it
	lookups     int           // of arriving calls in the store, under way
	early       []*Call       // restored by these, before Rehydrate came to them
	// ending have ended, and that is not told or not saved yet; in a fleet alone.
	ending map[*Call]struct{}

	seen     *order.Seen
	decision atomic.Pointer[JoiningDecision]
}

// Get returns the call of an id. It takes no lock.
func (c *Calls) Get(id string) (*Call, bool) { return c.all().Get(resources.Key(id)) }

// Len counts the calls.
func (c *Calls) Len() int { return c.all().Len() }

// All ranges over the calls there are at this moment, in no order. Calls may
// come and go meanwhile, by the loop's own doing too.
func (c *Calls) All() iter.Seq[*Call] {
	calls := c.all()
	return func(yield func(*Call) bool) {
		for _, call := range calls.All() {
			if !yield(call) {
				return
			}
		}
	}
}

func (c *Calls) all() persistent.Map[*Call] {
	if live := c.live.Load(); live != nil {
		return *live
	}
	return persistent.Map[*Call]{}
}

// OnIncoming subscribes to calls that come in. The handler's context ends when
// the platform stops waiting for an answer, or the handler returns; for what
// goes on after that there is Call.Context. A handler of one call delays no
// other call.
func (c *Calls) OnIncoming(handler func(ctx context.Context, e IncomingCall)) *Subscription {
	return subscribe(c, kindIncoming, "", handler)
}

// OnUpdated subscribes to calls that are added, change and are removed. Those
// there already come first, as added, each with Initial set. Of an incoming
// call OnIncoming is told before it is told here.
func (c *Calls) OnUpdated(handler func(ctx context.Context, e CollectionEvent[*Call])) *Subscription {
	return subscribe(c, kindCalls, "", handler)
}

// subscribe adds a subscription to each call there is and, in the same step,
// to those to come: no call is missed, and none told twice.
func (c *Calls) subscribe(s *Subscription) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.subscribers = with(c.subscribers, s)
	for call := range c.All() {
		call.subscribe(s)
	}
}

func (c *Calls) unsubscribe(s *Subscription) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.subscribers = without(c.subscribers, s)
	for call := range c.All() {
		call.unsubscribe(s)
	}
}

// birth is how a call comes to be.
type birth struct {
	id       string
	scenario string
	tenant   string // where the call itself does not say
	first    letter
	ringing  *ringing
	callback string // where a call placed is to be heard of
	place    string // in the fleet
	waited   []letter
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
	if c.client.observers.there() != nil {
		b.first.trail = b.first.trail.enters()
	}
	call := newCall(c.client, b)
	call.confirmed.Store(call.began)
	before := reduce.New(call.id)
	outcome := c.client.reducer.Reduce(before, b.first.input)
	call.chainID, call.outgoing = outcome.State.Call.CallChainID, b.ringing == nil
	call.state.Store(outcome.State)
	call.enter(outcome.State)
	call.subscribers = c.subscribers
	call.beginLedger(b.first, outcome.State)
	call.recordBegun(b.first, before, outcome)
	call.post(update{
		before: before, after: outcome.State, events: occurrences(outcome.Events, b.first), cause: b.first.cause,
		added: true, ringing: b.ringing, removed: outcome.State.End != nil,
	}.of(b.first))
	if telling := call.telling(); telling != nil {
		c.client.group.Run(telling)
	}
	if b.callback != "" {
		call.listen(b.callback)
	}
	for _, l := range b.waited {
		call.receive(l)
	}
	c.admit(call)
	c.client.keeper.save(call)
	return &beginning{call, b.first, outcome}
}

// admit makes the call known, and hands it what was parked for it. The caller
// holds mu.
func (c *Calls) admit(call *Call) {
	key := resources.Key(call.id)
	calls := c.all().With(key, call)
	c.live.Store(&calls)
	c.tombstones.Remove(key)
	c.joinChain(call)
	c.client.resyncs.sweeps.begin()
	c.client.idleness.begin()
	for _, p := range c.parking.Take(key) {
		call.receive(p.letter)
	}
	if c.parking.Len() == 0 {
		c.expiry.Cancel()
		c.expiry = nil
	}
}

// placed is the call of a reply to a request that created it.
func (c *Calls) placed(reply *resources.Call, scenario, callback, place string) (*Call, error) {
	c.mu.Lock()
	first := letter{input: reduce.Replied{Call: reply}, cause: CauseReply}
	if call, known := c.Get(reply.ID); known {
		c.mu.Unlock()
		call.receive(first)
		return call, nil
	}
	if c.client.closed() {
		c.mu.Unlock()
		return nil, fmt.Errorf("%w; call %s was placed and goes on without it", ErrClosed, reply.ID)
	}
	begun := c.begin(birth{id: reply.ID, scenario: scenario, first: first, callback: callback, place: place})
	refusing := c.refusing
	c.mu.Unlock()
	begun.follow()
	if refusing { // the client began to shut down meanwhile, and waits for this call too
		c.client.group.Go(func() { begun.call.hangUpOrReject(c.client.context) })
	}
	return begun.call, nil
}

// beginPlacing fails when no more calls may begin.
func (c *Calls) beginPlacing() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.client.closed():
		return ErrClosed
	case c.refusing:
		return ErrDraining
	}
	c.placing++
	return nil
}

func (c *Calls) endPlacing() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.placing--
	c.tellIfEmpty()
}

// tellIfEmpty ends the wait for there being no calls. The caller holds mu.
func (c *Calls) tellIfEmpty() {
	if c.empty() && c.emptied != nil {
		close(c.emptied)
		c.emptied = nil
	}
}

// empty reports whether there are no calls, nor any on their way. The caller
// holds mu.
func (c *Calls) empty() bool { return c.Len() == 0 && c.placing == 0 }

// remove buries a call that has ended.
func (c *Calls) remove(call *Call) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.leave(call)
	if call.wasLetGo() {
		return
	}
	stone := order.Tombstone{CallID: call.id, ChainID: call.chainID, Outgoing: call.outgoing, Ended: time.Now()}
	c.tombstones.Add(resources.Key(call.id), stone)
	if call.ringing != nil && !call.wasAnswered.Load() && call.chainID != "" {
		c.unanswered.Add(call.chainID, stone)
	}
	if ledger := call.ledger(); ledger != nil && !ledger.over() {
		if c.ending == nil {
			c.ending = map[*Call]struct{}{}
		}
		c.ending[call] = struct{}{}
	}
}

// leave takes a call out. The caller holds mu.
func (c *Calls) leave(call *Call) {
	calls := c.all().Without(resources.Key(call.id))
	c.live.Store(&calls)
	c.leaveChain(call)
	if calls.Len() == 0 {
		c.client.resyncs.sweeps.stop()
		c.client.idleness.stop()
	}
	c.tellIfEmpty()
}

// ForceRemove gives up a call that nothing is heard of: it ends with
// EndRemoved, without a word to the platform. It reports false when there is
// no such call.
func (c *Calls) ForceRemove(id string) bool {
	call, known := c.Get(id)
	if known {
		call.receive(letter{input: reduce.Gone{Cause: reduce.CauseRemoved}, cause: CauseClient})
	}
	return known
}

// refuse lets no more calls begin.
func (c *Calls) refuse() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.refusing = true
}

func (c *Calls) refuses() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.refusing
}

func (c *Calls) hangUpAll(ctx context.Context) {
	var hangups sync.WaitGroup
	defer hangups.Wait()
	turns := make(chan struct{}, 32)
	for call := range c.All() {
		turns <- struct{}{}
		hangups.Go(func() {
			defer func() { <-turns }()
			call.hangUpOrReject(ctx)
		})
	}
}

func (c *Calls) waitUntilEmpty(ctx context.Context) error {
	c.mu.Lock()
	if c.empty() {
		c.mu.Unlock()
		return nil
	}
	if c.emptied == nil {
		c.emptied = make(chan struct{})
	}
	emptied := c.emptied
	c.mu.Unlock()
	select {
	case <-emptied:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("statefulclient: %d calls had not ended: %w", c.Len(), ctx.Err())
	}
}

func (c *Calls) mayPark(notifications, bytes int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.parking.HasRoom(notifications, bytes)
}

func (c *Calls) parkedCount() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.parking.Len()
}
