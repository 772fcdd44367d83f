package statefulclient_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// The process dies while a handler runs: what that one was told is told again,
// under the same id, and what it was not told yet for the first time.
func TestReplayTellsTheSameEventsUnderTheSameIDs(t *testing.T) {
	f := newFleet(t)
	f.rings("c1")
	stuck, release := make(chan struct{}), make(chan struct{})
	defer close(release)
	var once sync.Once
	first := newInbox[edge]()
	statefulclient.On(f.one.client.Calls(), func(ctx context.Context, e statefulclient.StateChanged) {
		if first.put(ctx, edge{e.New, statefulclient.EventID(ctx), e.Initial}); e.New == held {
			once.Do(func() { close(stuck) })
			<-release
		}
	})
	f.queue.tell(updated("c1", `{"state":"hold"}`))
	<-stuck
	f.queue.tell(updated("c1", `{"state":"established"}`), updated("c1", `{"state":"hold","subject":"s"}`))
	f.one.client.Close()
	second := edges(f.two.client)
	f.ownedBy(f.rig, f.two)
	f.queued(0)
	mine, others := all(first), all(second)
	require.Equal(t, []edge{{established, mine[0].id, true}, {held, "c1/4/1", false}}, mine)
	require.Equal(t, []edge{{established, others[0].id, true}, {held, "c1/4/1", false}, {established, "c1/5/1", false}, {held, "c1/6/1", false}}, others)
	require.NotEqual(t, mine[0].id, others[0].id)
	require.True(t, strings.HasPrefix(others[0].id, "c1/initial/"))
	require.Empty(t, statefulclient.EventID(t.Context()))
}

// All that one POST says has ids of its own, and so has what is no event of a
// queue's.
func TestEventIDsDiffer(t *testing.T) {
	f := newFleet(t)
	seen := map[string]bool{}
	var mu sync.Mutex
	note := func(ctx context.Context) {
		mu.Lock()
		defer mu.Unlock()
		id := statefulclient.EventID(ctx)
		if id == "" || seen[id] {
			t.Errorf("id %q, known: %v", id, seen)
		}
		seen[id] = true
	}
	calls := f.one.client.Calls()
	calls.OnIncoming(func(ctx context.Context, _ statefulclient.IncomingCall) { note(ctx) })
	calls.OnUpdated(func(ctx context.Context, _ callsEvent) { note(ctx) })
	statefulclient.On(calls, func(ctx context.Context, _ statefulclient.StateChanged) { note(ctx) })
	statefulclient.On(calls, func(ctx context.Context, _ statefulclient.ToneReceived) { note(ctx) })
	call := f.rings("c1")
	require.NoError(t, f.queue.put(delivery(t, tone("c1", 1), tone("c1", 2), terminated("c1"))))
	f.queued(0)
	ended(f.context(), t, call)
	require.Len(t, seen, 14, "%v", seen)
	require.Contains(t, seen, "c1/4/1")
	require.Contains(t, seen, "c1/4:1/1")
}

// Outside a fleet the platform's own id for its message is what there is.
func TestEventIDOfAMessage(t *testing.T) {
	r := newRig(t)
	told := edges(r.client)
	r.live("c1")
	d := delivery(t, updated("c1", `{"state":"hold"}`), updated("c1", `{"state":"established"}`))
	d.MessageID = "m"
	require.NoError(t, r.client.Deliver(d))
	r.settled()
	list := all(told)
	require.Equal(t, "c1/m.0/1", list[3].id)
	require.Equal(t, "c1/m.1/1", list[4].id)
	require.NotEqual(t, list[1].id, list[2].id)
}
