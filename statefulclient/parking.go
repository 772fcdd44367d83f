package statefulclient

import (
	"context"
	"time"

	"go.uber.org/zap"

	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/trace"
)

// parked is a letter for a call that is not known yet.
type parked struct {
	letter

	tenant string
	place  string // in the fleet
	// scenario is that of a call this very client placed, as the address tells
	// that the letter came to; empty where it tells nothing.
	scenario string
}

// park reports false when there is no room. The caller holds mu.
func (c *Calls) park(key string, l letter, q Queued) bool {
	d := q.Delivery
	p := parked{letter: l, tenant: d.TenantID, place: q.Place}
	if to, err := c.client.routes.read(d.RequestURL); err == nil && to.place == q.Place {
		p.scenario = to.scenario
	}
	if !c.parking.Add(key, p, d.Size()/len(d.Notifications.Value), time.Now()) {
		return false
	}
	path, _ := l.notification.Path()
	c.client.traceAside(trace.KindParked, path.CallID, l.from.message, "", l.notification)
	if c.expiry == nil {
		c.expiry = c.client.schedule.After(c.parking.Age(), c.expire)
	}
	return true
}

// expire gives up on notifications whose call never appeared; but for those that
// came to an address this client has given out: there the reply that names the
// call was lost, and the call is looked up.
func (c *Calls) expire() {
	c.mu.Lock()
	expired := c.parking.Expire(time.Now())
	c.expiry = nil
	if c.parking.Len() > 0 {
		c.expiry = c.client.schedule.After(c.parking.Age()/2, c.expire)
	}
	c.mu.Unlock()
	lost := map[string][]parked{}
	for _, p := range expired {
		path, _ := p.notification.Path()
		if p.scenario == "" {
			c.giveUp(path.CallID, []parked{p})
		} else {
			lost[path.CallID] = append(lost[path.CallID], p)
		}
	}
	for id, letters := range lost {
		if !c.client.group.Go(func() { c.adopt(id, letters) }) {
			c.giveUp(id, letters)
		}
	}
}

// giveUp leaves what is another process's by now to that one.
func (c *Calls) giveUp(id string, letters []parked) {
	if !c.keepsPlace(letters[0].place) {
		return
	}
	for _, p := range letters {
		c.client.unmatched(UnmatchedUnknownCall, id, p.letter)
		c.client.foundNoCall(id, p.letter, VerdictUnmatched)
		p.receipt.settle()
	}
}

// keepsPlace reports whether a place is surely this process's. It waits while that
// is in doubt.
func (c *Calls) keepsPlace(place string) bool {
	return !c.client.settles || c.client.fleet.Hold(c.client.context, place) == nil
}

// adopt takes up a call that the client placed without learning so. Calls are
// told of it as of any that was placed, with CauseResync.
func (c *Calls) adopt(id string, letters []parked) {
	ctx, cancel := context.WithTimeout(c.client.context, resyncTimeout)
	defer cancel()
	p := letters[0]
	if !c.keepsPlace(p.place) {
		return
	}
	if c.client.resyncs.limiter.Wait(ctx) != nil { // so many are looked up that its turn would come too late
		c.giveUp(id, letters)
		return
	}
	call := newCall(c.client, birth{id: id, scenario: p.scenario, tenant: p.tenant, place: p.place})
	call.state.Store(reduce.New(call.id))
	described, err := call.describe(ctx)
	if err != nil {
		c.client.logger.Warn("call could not be looked up", zap.String("call", loggable(id)), zap.String("scenario", loggable(p.scenario)), zap.Error(err))
		c.giveUp(id, letters)
		return
	}
	described.ID = id
	if begun := c.adopted(described, letters); begun != nil {
		begun.follow()
	}
}

// adopted returns nil for a call that is known meanwhile.
func (c *Calls) adopted(described *resources.Call, letters []parked) *beginning {
	var waited []letter
	for _, p := range letters {
		waited = append(waited, p.letter)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if call, known := c.Get(described.ID); known {
		for _, l := range waited {
			call.receive(l)
		}
		return nil
	}
	return c.begin(birth{
		id: described.ID, scenario: letters[0].scenario, tenant: letters[0].tenant, place: letters[0].place, waited: waited,
		first: letter{input: reduce.Replied{Call: resources.WithoutNulls(described)}, cause: CauseResync},
	})
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
