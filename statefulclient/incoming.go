package statefulclient

import (
	"time"

	"github.com/graphcalls/graphcalls-go/internal/order"
	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/resources"
)

// ringing is what OnIncoming is told with: the fields of an IncomingCall.
type ringing struct {
	deadline  time.Time
	recording bool
	replaces  string
}

// beginIncoming begins a call by the notification that it comes in. The caller
// holds mu, and has follow called once it does not.
func (c *Calls) beginIncoming(l letter, path resources.Path, q Queued) *beginning {
	news := l.notification.Data.(*resources.Call)
	recording := news.IncomingContext != nil && news.IncomingContext.ObservedParticipantID != ""
	window := c.client.limits.AnswerWithin
	if recording {
		window = c.client.limits.AnswerRecordingWithin
	}
	begun := c.begin(birth{
		id: path.CallID, scenario: q.Delivery.ScenarioID, tenant: q.Delivery.TenantID, place: q.Place, first: l,
		ringing: &ringing{q.Delivery.Received.Add(window), recording, c.unansweredOf(news.CallChainID)},
	})
	c.client.count(path.CallID, l.notification, reduce.Applied)
	return begun
}

// unansweredOf is the id of the last call of a conversation that ended before
// an answer.
func (c *Calls) unansweredOf(chainID string) string {
	stone, _ := c.unanswered.Get(chainID)
	return stone.CallID
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
