package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/store"
)

func outlive(t *testing.T, backend Backend) {
	s := backend.Open(t)
	revisions := fill(t, s)
	for restart := range 3 {
		require.NoError(t, s.Delete(t.Context(), "call-0", revisions["call-0"]))
		s = backend.Reopen(t, s)
		requireNone(t, s, "call-0")
		delete(revisions, "call-0")
		all := loadAll(t.Context(), t, s)
		require.Len(t, all, len(revisions), "restart %d", restart)
		for id, revision := range revisions {
			require.Equal(t, revision, all[id].Revision)
			require.Equal(t, "of "+id, string(all[id].Data))
			revisions[id] = save(t, s, id, revision, "of "+id)
		}
		revisions["call-0"] = save(t, s, "call-0", 0, "of call-0")
	}
}

func revisionsOutlive(t *testing.T, backend Backend) {
	s := backend.Open(t)
	last := uint64(0)
	for range 4 {
		revision := save(t, s, "call", 0, "data")
		require.Greater(t, revision, last)
		if last != 0 {
			_, err := s.Save(t.Context(), "call", last, []byte("fenced"))
			require.ErrorIs(t, err, store.ErrConflict)
		}
		last = save(t, s, "call", revision, "more")
		require.NoError(t, s.Delete(t.Context(), "call", last))
		s = backend.Reopen(t, s)
	}
}
