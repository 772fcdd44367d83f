package statefulclient

import (
	"context"

	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/resources"
)

// QueuedNotification is a notification that was taken from the platform.
type QueuedNotification struct {
	CallID string // as far as it could be read
	// ScenarioID is what the platform's POST carried; often empty.
	ScenarioID string
	// Notification is what came. It is shared with others and must not be
	// changed, and may hold personal data.
	Notification *resources.Notification
}

// ProcessedNotification is a notification that has been worked on.
type ProcessedNotification struct {
	CallID string // as far as it could be read
	// Notification is what came. It is shared with others and must not be
	// changed, and may hold personal data.
	Notification *resources.Notification
	Verdict      NotificationVerdict
}

// NotificationVerdict says what became of a notification. Stats counts each.
type NotificationVerdict string

// What becomes of notifications.
const (
	// VerdictApplied: it changed or told something.
	VerdictApplied NotificationVerdict = NotificationVerdict(reduce.Applied)
	// VerdictUnchanged: it said what was known.
	VerdictUnchanged NotificationVerdict = NotificationVerdict(reduce.Unchanged)
	// VerdictStale: something later had come before it.
	VerdictStale NotificationVerdict = NotificationVerdict(reduce.Stale)
	// VerdictLate: its call was over.
	VerdictLate NotificationVerdict = NotificationVerdict(reduce.Late)
	// VerdictWaiting: something before it is missing. It is applied when that
	// comes or is given up, which is not told here.
	VerdictWaiting NotificationVerdict = NotificationVerdict(reduce.Waiting)
	// VerdictUnmatched: it found no place; OnUnmatched says why.
	VerdictUnmatched NotificationVerdict = "unmatched"
)

// OnNotificationQueued subscribes to notifications as they are taken, before
// anything is done about them. A POST that comes again or belongs elsewhere is
// not taken.
//
// It is for diagnosis; a bot acts on what Calls and Call tell. The handler is
// told of all calls' notifications, one at a time, apart from all other
// handlers. Past Limits.Notices waiting ones they are only counted, in
// Stats.NoticesDropped.
//
// It mirrors the .NET SDK's OnNotificationQueued.
func (c *Client) OnNotificationQueued(handler func(ctx context.Context, q QueuedNotification)) *Subscription {
	return subscribe(c.tracing, kindQueued, "", handler)
}

// OnNotificationProcessed subscribes to what became of notifications. It is
// told once of each that was queued: after its news has entered the call's
// state, or, where its call is not known yet, when that has come or was given
// up.
//
// It is for diagnosis, as OnNotificationQueued is, and bounded with it; the two
// are told in turn.
//
// It mirrors the .NET SDK's OnNotificationProcessed.
func (c *Client) OnNotificationProcessed(handler func(ctx context.Context, p ProcessedNotification)) *Subscription {
	return subscribe(c.tracing, kindProcessed, "", handler)
}

// queued and processed cost one look at an atomic pointer when nobody listens.
func (c *Client) queued(callID, scenarioID string, n *resources.Notification) {
	if c.tracing.wants(kindQueued) {
		c.tracing.post(kindQueued, QueuedNotification{callID, scenarioID, n})
	}
}

func (c *Client) processed(callID string, n *resources.Notification, verdict NotificationVerdict) {
	if c.tracing.wants(kindProcessed) {
		c.tracing.post(kindProcessed, ProcessedNotification{callID, n, verdict})
	}
}

// count counts what became of a notification, and tells it. One that found no
// place is counted and told as unmatched.
func (c *Client) count(callID string, n *resources.Notification, verdict reduce.Verdict) {
	c.counters.count(verdict)
	if verdict != reduce.Unplaced {
		c.processed(callID, n, NotificationVerdict(verdict))
	}
}
