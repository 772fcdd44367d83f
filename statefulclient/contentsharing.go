package statefulclient

import (
	"context"
	"iter"

	"github.com/graphcalls/graphcalls-go/resources"
)

// ContentSharing are the sessions in which content is shared in a call. The
// platform tells of them if the call was placed or answered with
// IsContentSharingNotificationEnabled. All methods may be called from anywhere.
type ContentSharing struct{ call *Call }

// ContentSharing are the sessions in which content is shared in the call.
func (c *Call) ContentSharing() *ContentSharing { return &ContentSharing{c} }

// Get returns the session of an id.
func (s *ContentSharing) Get(id string) (*resources.ContentSharingSession, bool) {
	return s.call.state.Load().Sessions.Get(resources.Key(id))
}

// All ranges over the sessions there are at this moment, in no order.
func (s *ContentSharing) All() iter.Seq[*resources.ContentSharingSession] {
	return members(s.call.state.Load().Sessions.All())
}

// Len counts the sessions.
func (s *ContentSharing) Len() int { return s.call.state.Load().Sessions.Len() }

// OnUpdated subscribes to sessions that begin, change and end. Those there
// already come first, as added, with Initial set.
func (s *ContentSharing) OnUpdated(handler func(ctx context.Context, e CollectionEvent[*resources.ContentSharingSession])) *Subscription {
	return subscribe(s.call, kindSharing, "", handler)
}

func members[T any](all iter.Seq2[string, *T]) iter.Seq[*T] {
	return func(yield func(*T) bool) {
		for _, member := range all {
			if !yield(member) {
				return
			}
		}
	}
}
