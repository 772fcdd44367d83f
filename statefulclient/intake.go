package statefulclient

import (
	"context"

	"github.com/graphcalls/graphcalls-go/internal/order"
	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/transport"
)

// letter is one thing heard of one call, on its way to the call's inbox.
type letter struct {
	input reduce.Input
	cause Cause
	// notification is set where the input came as one.
	notification *resources.Notification
	// done is told what became of it; nil where nobody waits.
	done chan<- reduce.Verdict
}

// intake is the end of the webhook: it puts the notifications of one POST into
// the inboxes of their calls. It takes all of a delivery or, when it returns an
// error, nothing.
type intake struct{ *Calls }

func (c intake) Receive(ctx context.Context, d transport.Delivery) (transport.Answer, error) {
	if c.client.closed() {
		return transport.Answer{}, transport.ErrClosed
	}
	to, err := c.client.routes.read(d.RequestURL)
	if err != nil {
		return transport.Answer{}, err
	}
	if c.elsewhere(to, d) {
		return c.client.forward(ctx, to, d)
	}
	joining, err := c.joining(ctx, d) // also for a second delivery: its reply is wanted too
	if err != nil {
		return transport.Answer{}, err
	}
	if c.seen.Has(d.MessageID) {
		c.client.counters.redelivered.Add(uint64(len(d.Notifications.Value)))
		return transport.Answer{Joining: joining}, nil
	}
	if answer := c.redirection(ctx, d); answer.RedirectTo != "" {
		return answer, nil
	}
	if err := c.room(d); err != nil {
		return transport.Answer{}, err
	}
	for i := range d.Notifications.Value {
		c.place(&d.Notifications.Value[i], d)
	}
	c.seen.Add(d.MessageID)
	return transport.Answer{Joining: joining}, nil
}

// room looks whether all of a delivery can be taken.
func (c *Calls) room(d transport.Delivery) error {
	strangers, arrivals := 0, 0
	for i := range d.Notifications.Value {
		n := &d.Notifications.Value[i]
		path, ok := n.Path()
		if !ok {
			continue
		}
		call, known := c.Get(path.CallID)
		switch {
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

func (c *Calls) place(n *resources.Notification, d transport.Delivery) {
	path, ok := n.Path()
	c.client.queued(path.CallID, d.ScenarioID, n)
	if !ok {
		c.client.unmatched(UnmatchedNoCall, "", n)
		return
	}
	l := letter{input: reduce.Notified{Path: path, Notification: n}, cause: CauseNotification, notification: n}
	if call, known := c.Get(path.CallID); known {
		call.receive(l)
		return
	}
	call, placed := c.placeUnknown(l, path, d)
	if call != nil {
		call.born()
	}
	if !placed {
		c.client.unmatched(UnmatchedUnknownCall, path.CallID, n)
	}
}

// placeUnknown is for a notification whose call was not there a moment ago. It
// returns the call if this is its beginning, and false if there was no room to
// park it.
func (c *Calls) placeUnknown(l letter, path resources.Path, d transport.Delivery) (begun *Call, placed bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := resources.Key(path.CallID)
	if call, known := c.all().Get(key); known {
		call.receive(l)
		return nil, true
	}
	ringing := rings(l.notification, path)
	if stone, ended := c.tombstones.Get(key); ended && !(ringing && isAnother(l.notification, stone)) {
		c.client.count(path.CallID, l.notification, reduce.Late)
		return nil, true
	}
	if ringing && c.mayBeKept() {
		return nil, c.arrive(l, path, d)
	}
	if ringing {
		return c.beginIncoming(l, path, d), true
	}
	return nil, c.park(key, l, d)
}

// rings reports whether a notification is of a call coming in.
func rings(n *resources.Notification, path resources.Path) bool {
	call, ok := n.Data.(*resources.Call)
	return ok && path.Collection == "" && call.State == resources.CallStateIncoming &&
		n.ChangeType != resources.ChangeTypeDeleted
}

// isAnother tells a new call that was given the id of an ended one from a late
// copy of the ended one's beginning.
func isAnother(n *resources.Notification, stone order.Tombstone) bool {
	chain := n.Data.(*resources.Call).CallChainID
	return stone.Outgoing || chain != "" && chain != stone.ChainID
}

func (c *Calls) beginIncoming(l letter, path resources.Path, d transport.Delivery) *Call {
	news := l.notification.Data.(*resources.Call)
	recording := news.IncomingContext != nil && news.IncomingContext.ObservedParticipantID != ""
	window := c.client.limits.AnswerWithin
	if recording {
		window = c.client.limits.AnswerRecordingWithin
	}
	call := c.begin(birth{
		id: path.CallID, scenario: d.ScenarioID, tenant: d.TenantID, first: l,
		ringing: &ringing{d.Received.Add(window), recording, c.unansweredOf(news.CallChainID)},
	})
	c.client.count(path.CallID, l.notification, reduce.Applied)
	return call
}

// unansweredOf is the id of the last call of a conversation that ended before
// an answer.
func (c *Calls) unansweredOf(chainID string) string {
	stone, _ := c.unanswered.Get(chainID)
	return stone.CallID
}
