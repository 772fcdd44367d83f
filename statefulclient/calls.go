package statefulclient

import (
	"context"
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
// another process of the fleet. All methods but Release may be called from anywhere.
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
		c.client.resting.stop()
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
