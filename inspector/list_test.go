package inspector_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/inspector"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// ring has so many calls come in by notifications alone.
func (r *rig) ring(count int) {
	r.t.Helper()
	const atOnce = 100
	var calls []string
	for i := range count {
		calls = append(calls, fmt.Sprintf(`{"changeType":"created","resourceUrl":"/communications/calls/many-%d","resourceData":{"@odata.type":"#microsoft.graph.call",`+
			`"state":"incoming","direction":"incoming","tenantId":"tenant-%d"}}`, i, i%3))
		if len(calls) == atOnce || i == count-1 {
			r.say(strings.Join(calls, ","))
			calls = nil
		}
	}
}

func (r *rig) say(notification string, values ...any) {
	r.t.Helper()
	x, err := r.platform.Post(r.t.Context(), r.account, fmt.Appendf(nil, `{"value":[`+notification+`]}`, values...), simulator.PostOptions{})
	require.NoError(r.t, err)
	require.Equal(r.t, 202, x.Status)
}

// silent has the bot answer nobody: calls stay as notifications have them.
func silent(t *testing.T, options inspector.Options) *rig {
	t.Helper()
	r := open(t, options)
	r.answering.Cancel()
	return r
}

func TestListIsCutIntoPages(t *testing.T) {
	r := silent(t, inspector.Options{})
	r.ring(230)
	first := r.list("sort=began&up=1")
	require.Equal(t, 230, first.Live)
	require.Equal(t, 230, first.Matching)
	require.Len(t, first.Order, 100)
	require.Equal(t, "many-0", first.Order[0])
	require.Len(t, first.Rows, 100)
	last := r.list("sort=began&up=1&page=2")
	require.Len(t, last.Order, 30)
	require.Equal(t, "many-229", last.Order[29])
	for _, past := range []string{"9", "92233720368547758", "9223372036854775807"} {
		require.Equal(t, last.Order, r.list("sort=began&up=1&page="+past).Order, "past the last is the last")
	}
	require.Equal(t, first.Order, r.list("sort=began&up=1&page=-9223372036854775807").Order)
	require.Equal(t, "many-229", r.list("").Order[0], "the newest first")
	require.Equal(t, 1, r.list("q=MANY-217").Matching)
	require.Equal(t, 77, r.list("q=tenant-0").Matching)
	require.Zero(t, r.list("q=nothing").Matching)
	require.NotNil(t, r.list("q=nothing").Order)
	require.Zero(t, r.list("show=ended").Matching)
}

func TestListSorts(t *testing.T) {
	r := silent(t, inspector.Options{})
	r.ring(3)
	r.say(`{"changeType":"updated","resourceUrl":"/communications/calls/many-1","resourceData":{"@odata.type":"#microsoft.graph.call","state":"established"}}`)
	r.say(`{"changeType":"updated","resourceUrl":"/communications/calls/many-1/participants","resourceData":[{"@odata.type":"#microsoft.graph.participant","id":"p"}]}`)
	call, ok := r.client.Calls().Get("many-1")
	require.True(t, ok)
	require.NoError(t, call.Participants().WaitFor(r.soon(), func(p *statefulclient.Participants) bool { return p.Len() == 1 }))
	for _, by := range []string{"people", "heard", "trust", "trouble", "keepAlive", "pending", "kind", "state"} {
		down, up := r.list("sort="+by), r.list("sort="+by+"&up=1")
		slices.Reverse(up.Order)
		require.Equal(t, down.Order, up.Order, by)
	}
	for _, by := range []string{"people", "heard", "trust"} {
		require.Equal(t, "many-1", r.list("sort=" + by).Order[0], by)
	}
	require.Equal(t, "many-1", r.list("sort=state&up=1").Order[0])
}

// Calls that have ended are below those that live, the last to end first.
func TestEndedCallsAreBelow(t *testing.T) {
	r := silent(t, inspector.Options{})
	r.ring(4)
	for _, id := range []string{"many-3", "many-1"} {
		r.say(`{"changeType":"deleted","resourceUrl":"/communications/calls/%s","resourceData":{"@odata.type":"#microsoft.graph.call","state":"terminated"}}`, id)
		r.until(id, func(d detail, _ []note) bool { return d.Ended > 0 })
	}
	require.Equal(t, []string{"many-2", "many-0", "many-1", "many-3"}, r.list("").Order)
	require.Equal(t, []string{"many-1", "many-3"}, r.list("show=ended").Order)
	require.Equal(t, []string{"many-2", "many-0"}, r.list("show=live").Order)
}

// What a ticket began with, an id of a message or a request, finds its call.
func TestSearchFindsWhatHappened(t *testing.T) {
	r := open(t, inspector.Options{})
	sim, _ := r.call("Adele Vance")
	r.call("Alex Wilber")
	_, notes := r.look(sim.ID())
	for _, n := range notes {
		for _, id := range []string{n.ID, n.Reply} {
			if n.Kind != "handler" && id != "" {
				require.Equal(t, []string{sim.ID()}, r.list("q="+id).Order, n)
			}
		}
	}
}

// A search goes on: what happens later is found as well.
func TestSearchFindsWhatHappensLater(t *testing.T) {
	r := silent(t, inspector.Options{})
	r.ring(3)
	s := r.listen("list?q=OPERATION-77")
	e, _ := s.next()
	require.Empty(t, decode[list](t, e.data).Order)
	r.say(`{"changeType":"updated","resourceUrl":"/communications/calls/many-1/operations/operation-77","resourceData":{"@odata.type":"#microsoft.graph.playPromptOperation","id":"operation-77","status":"running"}}`)
	for range 20 {
		e, ok := s.next()
		require.True(t, ok)
		if found := decode[list](t, e.data).Order; len(found) > 0 {
			require.Equal(t, []string{"many-1"}, found)
			r.say(`{"changeType":"updated","resourceUrl":"/communications/calls/many-1","resourceData":{"@odata.type":"#microsoft.graph.call","state":"established"}}`)
			e, ok := s.next()
			require.True(t, ok)
			require.Equal(t, []string{"many-1"}, decode[list](t, e.data).Order, "what was found stays found")
			return
		}
	}
	require.Fail(t, "it was not found")
}

// Calls that were there before the inspector are in the list, and once each.
func TestCallsFromBeforeAreListed(t *testing.T) {
	r := silent(t, inspector.Options{})
	r.ring(5)
	r.inspector.Close()
	r.server.Close()
	r.ring(7) // two more, while nobody watches
	r.watch(inspector.Options{})
	all := r.list("")
	require.Equal(t, 7, all.Live)
	require.Equal(t, "incoming", all.Rows[0].State)
	require.NotZero(t, all.Rows[0].Began)
}

// Memory is bounded: notes by call, calls by those there are and the last ended.
func TestWhatIsKeptIsBounded(t *testing.T) {
	r := silent(t, inspector.Options{Entries: 10, EndedCalls: 3})
	ended := make(chan string, 100)
	statefulclient.On(r.client.Calls(), func(_ context.Context, e statefulclient.StateChanged) {
		if e.New == resources.CallStateTerminated {
			ended <- e.Call.ID()
		}
	})
	r.ring(20)
	for i := range 30 {
		r.say(`{"changeType":"updated","resourceUrl":"/communications/calls/many-19","resourceData":{"@odata.type":"#microsoft.graph.call","state":"incoming","subject":"%d"}}`, i)
	}
	_, notes := r.until("many-19", func(_ detail, notes []note) bool { return len(notes) > 0 && notes[len(notes)-1].N > 30 })
	require.Len(t, notes, 10)
	for i := range 19 {
		r.say(`{"changeType":"deleted","resourceUrl":"/communications/calls/many-%d","resourceData":{"@odata.type":"#microsoft.graph.call","state":"terminated"}}`, i)
		require.Equal(t, "many-"+strconv.Itoa(i), <-ended)
	}
	all := r.list("")
	require.Equal(t, 1, all.Live)
	require.Equal(t, 3, all.Ended)
	require.ElementsMatch(t, []string{"many-16", "many-17", "many-18", "many-19"}, all.Order)
	s := r.listen("call?id=many-2")
	e, _ := s.next()
	require.Equal(t, "gone", e.kind)
}

// A call that leaves without an end, as one that another process goes on with, is
// not kept.
func TestCallsThatLeaveAreForgotten(t *testing.T) {
	r, other := silent(t, inspector.Options{}), silent(t, inspector.Options{})
	r.ring(1)
	other.ring(2)
	elsewhere, ok := other.client.Calls().Get("many-1")
	require.True(t, ok)
	r.inspector.Know(elsewhere)
	all := r.list("")
	require.Equal(t, []string{"many-0"}, all.Order)
	require.Zero(t, all.Ended)
}
