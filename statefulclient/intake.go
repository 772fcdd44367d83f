package statefulclient

import (
	"context"

	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/trace"
	"github.com/graphcalls/graphcalls-go/transport"
)

// Intake is a client's own end of its webhook, for a Fleet. Its methods may be
// called by several goroutines at once.
type Intake struct{ calls *Calls }

// receive decides and takes.
func (i Intake) receive(ctx context.Context, q Queued) (transport.Answer, error) {
	answer, err := i.Decide(ctx, q.Delivery)
	if err != nil || answer.RedirectTo != "" {
		return answer, err
	}
	if err := i.Take(ctx, q); err != nil {
		return transport.Answer{}, err
	}
	return answer, nil
}

// Decide answers what must be answered while the platform waits: the redirect of
// a call that comes in (RedirectHook), and the decision on a participant who
// joins, whose call must be here (DecideJoining). The zero Answer says that there
// was nothing to decide. After an error the platform is to try again; nothing was
// taken.
func (i Intake) Decide(ctx context.Context, d transport.Delivery) (transport.Answer, error) {
	c := i.calls
	if c.client.closed() {
		return transport.Answer{}, transport.ErrClosed
	}
	joining, err := c.joining(ctx, d) // also for a second delivery: its reply is wanted too
	if err != nil {
		return transport.Answer{}, err
	}
	if answer := c.redirection(ctx, d); answer.RedirectTo != "" {
		return answer, nil
	}
	return transport.Answer{Joining: joining}, nil
}

// Take puts a delivery, all of one call, into its call's inbox; nothing is
// decided. It takes all of it or, when it returns an error, nothing: after
// transport.ErrBusy it may be tried again, after transport.ErrClosed elsewhere.
// It does not wait. The deliveries of one call must be taken in the order of
// their positions. Of ctx only the values are used, by observers: pass on the one
// that Fleet.Deliver was given where there is no queue in between.
func (i Intake) Take(ctx context.Context, q Queued) error {
	switch client := i.calls.client; {
	case client.observers.there() == nil:
		return i.take(q, nil)
	case ctx.Value(observedKey{}) == client:
		return i.take(q, trailFrom(ctx, &q))
	default:
		return i.takeObserved(ctx, q)
	}
}

func (i Intake) take(q Queued, trail *trail) error {
	c, d := i.calls, q.Delivery
	items := d.Notifications.Value
	switch {
	case c.client.closed():
		return transport.ErrClosed
	case !c.client.settles && c.seen.Has(d.MessageID):
		c.client.counters.redelivered.Add(uint64(len(items)))
		c.client.traceAside(trace.KindRedelivered, "", d.MessageID, "", nil)
		return nil
	}
	var few [4]resources.Path // most deliveries have one item
	paths := appendPaths(few[:0], items)
	if err := c.room(d, paths); err != nil {
		c.client.traceAside(trace.KindBusy, "", d.MessageID, "", nil)
		return err
	}
	receipt := q.newReceipt(len(items))
	for item := range items {
		l := letter{
			input: reduce.Notified{Path: paths[item], Notification: &items[item]},
			cause: CauseNotification, notification: &items[item], receipt: receipt, trail: trail,
			from: origin{message: d.MessageID, position: q.Position, item: int32(item)},
		}
		if item == len(items)-1 { // until then the delivery is wanted again
			l.position = q.Position
		}
		c.place(paths[item], l, q)
	}
	c.seen.Add(d.MessageID)
	return nil
}

// appendPaths says where notifications belong: the zero Path is that of one that
// belongs to no call.
func appendPaths(paths []resources.Path, notifications []resources.Notification) []resources.Path {
	for i := range notifications {
		path, _ := notifications[i].Path()
		paths = append(paths, path)
	}
	return paths
}

// room looks whether all of a delivery can be taken.
func (c *Calls) room(d transport.Delivery, paths []resources.Path) error {
	strangers, arrivals := 0, 0
	for i, path := range paths {
		n := &d.Notifications.Value[i]
		call, known := c.Get(path.CallID)
		switch {
		case path == resources.Path{}:
		case known && call.busy():
			return transport.ErrBusy
		case known:
		case rings(n, path):
			if c.refuses() {
				return transport.ErrClosed
			}
			arrivals++
		case !c.hasEnded(path.CallID):
			strangers++
		}
	}
	if arrivals > 0 && c.expected()+arrivals > c.client.limits.Calls || strangers > 0 && !c.mayPark(strangers, d.Size()) {
		return transport.ErrBusy
	}
	return nil
}

func (c *Calls) hasEnded(id string) bool {
	_, ended := c.tombstones.Get(resources.Key(id))
	return ended
}

func (c *Calls) place(path resources.Path, l letter, q Queued) {
	c.client.queued(path.CallID, q.Delivery.ScenarioID, l.notification)
	if path == (resources.Path{}) {
		c.client.unmatched(UnmatchedNoCall, "", l)
		c.client.foundNoCall("", l, VerdictUnmatched)
		l.receipt.settle()
		return
	}
	if call, known := c.Get(path.CallID); known {
		call.receive(l)
		return
	}
	begun, found := c.placeUnknown(l, path, q)
	switch found {
	case begins:
		begun.follow()
	case tooLate:
		c.client.foundNoCall(path.CallID, l, VerdictLate)
	case noRoom:
		c.client.unmatched(UnmatchedUnknownCall, path.CallID, l)
		c.client.foundNoCall(path.CallID, l, VerdictUnmatched)
		if !c.client.closed() {
			l.receipt.settle()
		}
	case taken:
	}
}

// finding says what was found for a notification whose call was not there a moment
// ago.
type finding int

const (
	taken   finding = iota // by its call, or until that is here
	begins                 // this is its beginning
	tooLate                // it is over
	noRoom                 // to park it
)

// placeUnknown is for a notification whose call was not there a moment ago.
func (c *Calls) placeUnknown(l letter, path resources.Path, q Queued) (*beginning, finding) {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := resources.Key(path.CallID)
	if call, known := c.all().Get(key); known {
		call.receive(l)
		return nil, taken
	}
	ringing := rings(l.notification, path)
	switch {
	case c.late(l, path):
		return nil, tooLate
	case ringing && !c.mayBeKept():
		return c.beginIncoming(l, path, q), begins
	case ringing && c.arrive(l, path, q), !ringing && c.park(key, l, q):
		return nil, taken
	default:
		return nil, noRoom
	}
}

// late reports whether a letter is for a call that has ended, and is done with it
// if so.
func (c *Calls) late(l letter, path resources.Path) bool {
	stone, ended := c.tombstones.Get(resources.Key(path.CallID))
	if !ended || rings(l.notification, path) && isAnother(l.notification, stone) {
		return false
	}
	c.client.count(path.CallID, l.notification, reduce.Late)
	c.client.traceAside(trace.KindLate, path.CallID, l.from.message, "", l.notification)
	l.receipt.settle()
	return true
}
