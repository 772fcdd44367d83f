package inspector_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/inspector"
)

// Who listens is told of what changed, and of nothing else.
func TestListIsToldByWhatChanged(t *testing.T) {
	r := silent(t, inspector.Options{})
	r.ring(3)
	s := r.listen("list")
	e, _ := s.next()
	require.Len(t, decode[list](t, e.data).Rows, 3)
	r.say(`{"changeType":"updated","resourceUrl":"/communications/calls/many-1","resourceData":{"@odata.type":"#microsoft.graph.call","state":"established"}}`)
	for {
		e, ok := s.next()
		require.True(t, ok)
		news := decode[list](t, e.data)
		require.Len(t, news.Order, 3)
		require.LessOrEqual(t, len(news.Rows), 1)
		if len(news.Rows) == 1 && news.Rows[0].State == "established" {
			require.Equal(t, "many-1", news.Rows[0].ID)
			return
		}
	}
}

// A call is told of as it goes on, each note once unless it changes.
func TestCallIsToldByWhatChanged(t *testing.T) {
	r := silent(t, inspector.Options{})
	r.ring(1)
	s := r.listen("call?id=many-0")
	r.say(`{"changeType":"updated","resourceUrl":"/communications/calls/many-0","resourceData":{"@odata.type":"#microsoft.graph.call","state":"established"}}`)
	times := map[uint64]int{}
	for {
		e, ok := s.next()
		require.True(t, ok)
		if e.kind == "call" {
			if decode[detail](t, e.data).State == "established" {
				return
			}
			continue
		}
		for _, n := range decode[struct{ Notes []note }](t, e.data).Notes {
			times[n.N]++
			require.LessOrEqual(t, times[n.N], 2, n) // as it came, and once it was worked on
		}
	}
}

// Where nothing happens nothing is told.
func TestNothingIsToldOfNothing(t *testing.T) {
	r := silent(t, inspector.Options{})
	r.ring(2)
	for path, first := range map[string]int{"list": 1, "call?id=many-0": 2} {
		s := r.listen(path)
		for range first {
			_, ok := s.next()
			require.True(t, ok)
		}
		time.AfterFunc(700*time.Millisecond, s.cancel)
		e, more := s.next()
		require.False(t, more, "%s: %s %s", path, e.kind, e.data)
	}
}

func TestCloseEndsStreams(t *testing.T) {
	r := silent(t, inspector.Options{})
	s := r.listen("list")
	_, ok := s.next()
	require.True(t, ok)
	r.inspector.Close()
	r.inspector.Close()
	e, ok := s.next()
	require.True(t, ok)
	require.Equal(t, "closed", e.kind)
	_, ok = s.next()
	require.False(t, ok)
	status, _ := r.get("")
	require.Equal(t, http.StatusServiceUnavailable, status)
}

func TestPagesAreBounded(t *testing.T) {
	r := silent(t, inspector.Options{Pages: 2})
	first := r.listen("list")
	_, _ = first.next()
	second := r.listen("call?id=")
	_, _ = second.next()
	status, _ := r.get("list")
	require.Equal(t, http.StatusServiceUnavailable, status)
	status, _ = r.get("page.js")
	require.Equal(t, http.StatusOK, status)
	first.cancel()
	require.Eventually(t, func() bool {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodHead, r.address("call?id=none"), nil)
		require.NoError(t, err)
		reply, err := http.DefaultClient.Do(request)
		require.NoError(t, err)
		return reply.Body.Close() == nil && reply.StatusCode == http.StatusOK
	}, waitAtMost, waitBetween)
}
