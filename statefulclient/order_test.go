package statefulclient_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/graphcalls/graphcalls-go/fsm"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

func TestAnyOrderWithAnEndThroughTheWebhook(t *testing.T) {
	r := newRig(t)
	told := newEdgeLog(t, r.client)
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		id := fmt.Sprint("call", n)
		items := []string{
			incoming(id), updated(id, `{"state":"establishing"}`), updated(id, `{"state":"established"}`),
			updated(id, `{"state":"terminating"}`), terminated(id),
		}
		for _, item := range rapid.Permutation(append(items, items...)).Draw(t, "arrival") {
			r.tell(item)
		}
		r.settled()
		require.Zero(t, r.client.Calls().Len())
		told.requireForwardOnce(id, resources.CallStateTerminated)
	})
}

// edgeLog keeps the edges that were told, by call.
type edgeLog struct {
	t     *testing.T
	mu    sync.Mutex
	edges map[string][]statefulclient.StateChanged
}

func newEdgeLog(t *testing.T, client *statefulclient.Client) *edgeLog {
	l := &edgeLog{t: t, edges: map[string][]statefulclient.StateChanged{}}
	statefulclient.On(client.Calls(), func(_ context.Context, e statefulclient.StateChanged) {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.edges[e.Call.ID()] = append(l.edges[e.Call.ID()], e)
	})
	return l
}

// requireForwardOnce checks that a call's edges went forward only, none came
// twice, each began where the one before ended, and the last led to state.
func (l *edgeLog) requireForwardOnce(id string, state resources.CallState) {
	l.t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	edges := l.edges[id]
	require.NotEmpty(l.t, edges, id)
	for i, edge := range edges {
		require.Less(l.t, fsm.Band(edge.Old), fsm.Band(edge.New), id)
		if i > 0 {
			require.Equal(l.t, edges[i-1].New, edge.Old)
		}
	}
	require.Equal(l.t, state, edges[len(edges)-1].New)
}

func permutations(n int) func(func([]int) bool) {
	return func(yield func([]int) bool) {
		order := make([]int, n)
		for i := range order {
			order[i] = i
		}
		for more := true; more; more = nextPermutation(order) {
			if !yield(order) {
				return
			}
		}
	}
}

// nextPermutation steps to the next order in the dictionary's sense.
func nextPermutation(order []int) bool {
	i := len(order) - 2
	for i >= 0 && order[i] > order[i+1] {
		i--
	}
	if i < 0 {
		return false
	}
	j := len(order) - 1
	for order[j] < order[i] {
		j--
	}
	order[i], order[j] = order[j], order[i]
	slices.Reverse(order[i+1:])
	return true
}
