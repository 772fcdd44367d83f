package statefulclient

import (
	"context"

	"go.uber.org/zap"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/trace"
)

// Unmatched is a notification that found no place.
type Unmatched struct {
	Reason UnmatchedReason
	CallID string // as far as it could be read
	// Notification is what came, with all it had; resources.Encode gives its
	// text. It may hold personal data.
	Notification *resources.Notification
}

// UnmatchedReason says why a notification found no place.
type UnmatchedReason string

// The reasons why a notification finds no place.
const (
	// UnmatchedNoCall: it is not about a call.
	UnmatchedNoCall UnmatchedReason = "noCall"
	// UnmatchedUnknownCall: no call of that id appeared while it was parked.
	UnmatchedUnknownCall UnmatchedReason = "unknownCall"
	// UnmatchedUnknownKind: it is about something of a call that this client
	// does not keep.
	UnmatchedUnknownKind UnmatchedReason = "unknownKind"
)

// OnUnmatched subscribes to notifications that found no place. Nothing is ever
// dropped without being counted in Stats, logged with its ids, and told here;
// past Limits.Notices waiting ones it is counted and logged alone.
func (c *Client) OnUnmatched(handler func(ctx context.Context, u Unmatched)) *Subscription {
	return subscribe(c.notices, kindUnmatched, "", handler)
}

func (c *Client) unmatched(reason UnmatchedReason, callID string, l letter) {
	c.counters.unmatched.Add(1)
	c.logger.Warn("notification found no place", l.fields(zap.String("reason", string(reason)), zap.String("call", loggable(callID)))...)
	c.notices.post(kindUnmatched, Unmatched{reason, callID, l.notification})
	c.processed(callID, l.notification, VerdictUnmatched)
	if reason != UnmatchedUnknownKind { // which its call has worked on
		c.traceAside(trace.KindUnmatched, callID, "", string(reason), l.notification)
	}
}
