package storetest

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/store"
)

const several = 20

// fill saves several records and returns their revisions.
func fill(t *testing.T, s store.Store) map[string]uint64 {
	t.Helper()
	revisions := map[string]uint64{}
	for n := range several {
		id := fmt.Sprintf("call-%d", n)
		revisions[id] = save(t, s, id, 0, "of "+id)
	}
	return revisions
}

func load(t *testing.T, s store.Store) {
	require.Empty(t, loadAll(t.Context(), t, s))
	revisions := fill(t, s)
	revisions["call-3"] = save(t, s, "call-3", revisions["call-3"], "changed")
	require.NoError(t, s.Delete(t.Context(), "call-4", revisions["call-4"]))
	sequence := s.Load(t.Context())
	for range 2 {
		all := map[string]store.Record{}
		for r, err := range sequence {
			require.NoError(t, err)
			require.NotContains(t, all, r.CallID)
			require.Equal(t, revisions[r.CallID], r.Revision)
			all[r.CallID] = r
		}
		require.Len(t, all, several-1)
		require.NotContains(t, all, "call-4")
		require.Equal(t, "changed", string(all["call-3"].Data))
		require.Equal(t, "of call-5", string(all["call-5"].Data))
	}
}

func loadBreaks(t *testing.T, s store.Store) {
	revisions := fill(t, s)
	for r, err := range s.Load(t.Context()) {
		require.NoError(t, err)
		require.Contains(t, revisions, r.CallID)
		break
	}
	require.Len(t, loadAll(t.Context(), t, s), several)
}

func loadAndChange(t *testing.T, s store.Store) {
	revisions := fill(t, s)
	at := 0
	for r, err := range s.Load(t.Context()) {
		require.NoError(t, err)
		if at++; at%2 == 0 {
			require.NoError(t, s.Delete(t.Context(), r.CallID, r.Revision))
			delete(revisions, r.CallID)
		} else {
			revisions[r.CallID] = save(t, s, r.CallID, r.Revision, "seen")
		}
		requireInStep(t, s, r.CallID, revisions)
	}
	require.Equal(t, several, at, "every record was there all the while until it came")
	all := loadAll(t.Context(), t, s)
	require.Len(t, all, several/2)
	for id, r := range all {
		require.Equal(t, revisions[id], r.Revision)
		require.Equal(t, "seen", string(r.Data))
	}
}

func requireInStep(t *testing.T, s store.Store, callID string, revisions map[string]uint64) {
	t.Helper()
	if revision, ok := revisions[callID]; ok {
		requireRecord(t, s, callID, revision, "seen")
	} else {
		requireNone(t, s, callID)
	}
}

func endedContext(t *testing.T, s store.Store) {
	revision := save(t, s, "call", 0, "data")
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.Save(ended, "call", revision, []byte("late"))
	require.ErrorIs(t, err, context.Canceled)
	_, err = s.Save(ended, "another", 0, []byte("late"))
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, s.Delete(ended, "call", revision), context.Canceled)
	_, err = s.Get(ended, "call")
	require.ErrorIs(t, err, context.Canceled)
	require.Len(t, loadAll(t.Context(), t, s), 1)
	requireRecord(t, s, "call", revision, "data")
}

func loadEndedContext(t *testing.T, s store.Store) {
	requireEnds := func(ctx context.Context, cancel context.CancelFunc) {
		t.Helper()
		var last error
		for _, err := range s.Load(ctx) {
			require.NoError(t, last, "the error of the context is the last of the sequence")
			last = err
			cancel()
		}
		require.ErrorIs(t, last, context.Canceled)
		var one *store.RecordError
		require.NotErrorAs(t, last, &one, "it is not about one record")
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	requireEnds(ended, cancel)
	fill(t, s)
	requireEnds(ended, cancel)
	running, cancel := context.WithCancel(t.Context())
	requireEnds(running, cancel)
}
