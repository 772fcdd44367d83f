package statefulclient

import "github.com/graphcalls/graphcalls-go/internal/schedule"

// idleness puts calls to rest of which nothing was heard or asked for a while:
// most of many calls are idle, and need little memory then. Whatever is heard or
// asked wakes a call, and nobody sees a difference.
type idleness struct {
	client *Client
	next   *schedule.Entry // the look at all calls; guarded by Calls.mu
}

// restLater makes sure that calls are looked at as long as there are any. The
// caller holds Calls.mu.
func (i *idleness) restLater() {
	if after := i.client.limits.RestAfter; i.next == nil && after > 0 {
		i.next = i.client.schedule.After(after, i.rest)
	}
}

// stop is for when there are no calls. The caller holds Calls.mu.
func (i *idleness) stop() {
	i.next.Cancel()
	i.next = nil
}

func (i *idleness) rest() {
	calls := i.client.calls
	for call := range calls.All() {
		call.state.Rest()
	}
	calls.mu.Lock()
	defer calls.mu.Unlock()
	i.next = nil
	if calls.Len() > 0 {
		i.restLater()
	}
}
