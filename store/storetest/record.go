package storetest

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/store"
)

func saved(t *testing.T, s store.Store) {
	requireNone(t, s, "call")
	first := save(t, s, "call", 0, "one")
	requireRecord(t, s, "call", first, "one")
	second := save(t, s, "call", first, "two")
	requireRecord(t, s, "call", second, "two")
	requireNone(t, s, "another")
}

func saveConflicts(t *testing.T, s store.Store) {
	refused := func(revision uint64) {
		t.Helper()
		got, err := s.Save(t.Context(), "call", revision, []byte("refused"))
		require.ErrorIs(t, err, store.ErrConflict)
		require.Zero(t, got)
	}
	refused(1)
	requireNone(t, s, "call")
	first := save(t, s, "call", 0, "one")
	second := save(t, s, "call", first, "two")
	for _, revision := range []uint64{0, first, second + 1, ^uint64(0)} {
		refused(revision)
	}
	requireRecord(t, s, "call", second, "two")
	other := save(t, s, "another", 0, "one")
	refused(other)
	requireRecord(t, s, "another", other, "one")
}

func deleteConflicts(t *testing.T, s store.Store) {
	for _, revision := range []uint64{0, 1, ^uint64(0)} {
		require.NoError(t, s.Delete(t.Context(), "call", revision), "there is nothing to delete")
	}
	first := save(t, s, "call", 0, "one")
	second := save(t, s, "call", first, "two")
	for _, revision := range []uint64{0, first, second + 1, ^uint64(0)} {
		require.ErrorIs(t, s.Delete(t.Context(), "call", revision), store.ErrConflict)
	}
	requireRecord(t, s, "call", second, "two")
	require.NoError(t, s.Delete(t.Context(), "call", second))
	requireNone(t, s, "call")
	require.Empty(t, loadAll(t.Context(), t, s))
	for _, revision := range []uint64{0, first, second} {
		require.NoError(t, s.Delete(t.Context(), "call", revision), "it is deleted")
	}
}

func revisionsGrow(t *testing.T, s store.Store) {
	var past []uint64
	for range 5 {
		revision := uint64(0)
		for range 3 {
			revision = save(t, s, "call", revision, "data")
			if len(past) > 0 {
				require.Greater(t, revision, past[len(past)-1])
			}
			past = append(past, revision)
		}
		require.NoError(t, s.Delete(t.Context(), "call", revision))
		for _, old := range past {
			_, err := s.Save(t.Context(), "call", old, []byte("fenced"))
			require.ErrorIs(t, err, store.ErrConflict, "who lost the call must not have it again")
		}
	}
	now := save(t, s, "call", 0, "another's")
	for _, old := range past {
		require.ErrorIs(t, s.Delete(t.Context(), "call", old), store.ErrConflict)
	}
	requireRecord(t, s, "call", now, "another's")
}

func callIDs(t *testing.T, s store.Store) {
	long := strings.Repeat("x", store.MaxCallID)
	ids := []string{
		"a", "A", " ", " a", "a ", ".", "..", "../a", "/", "/a", "a/", "a//b", `a\b`, `..\a`, "C:", "NUL", "con.txt", "lock",
		"a.", ".a", "a.b", "*", ">", "a.>", "$", "-", "_", "%00", "a%2Fb", "a\nb", "\x00", "\x00\x00", "a\x00", "a\x00b",
		"\xff", "\xff\xfe", "\u00e9", "e\u0301", "\U0001f4de", "\ufeffa", "'; --", long, long[:len(long)-1] + "y", long[:255], long[:256],
		strings.Repeat("\x00", store.MaxCallID), strings.Repeat("\xff", store.MaxCallID), strings.Repeat("/", store.MaxCallID),
		"421f0a00-5e7c-4f0d-8d3c-0a1b2c3d4e5f", "421F0A00-5E7C-4F0D-8D3C-0A1B2C3D4E5F",
	}
	revisions := map[string]uint64{}
	for _, id := range ids {
		require.NotContains(t, revisions, id)
		revisions[id] = save(t, s, id, 0, "of "+id)
	}
	for _, id := range ids {
		requireRecord(t, s, id, revisions[id], "of "+id)
	}
	all := loadAll(t.Context(), t, s)
	require.Len(t, all, len(ids))
	for _, id := range ids {
		require.Equal(t, "of "+id, string(all[id].Data))
		require.NoError(t, s.Delete(t.Context(), id, revisions[id]))
		requireNone(t, s, id)
	}
	require.Empty(t, loadAll(t.Context(), t, s))
}

func invalidCallIDs(t *testing.T, s store.Store) {
	for _, id := range []string{"", strings.Repeat("x", store.MaxCallID+1), strings.Repeat("x", 1<<20)} {
		_, err := s.Save(t.Context(), id, 0, nil)
		require.ErrorIs(t, err, store.ErrInvalidCallID)
		require.Less(t, len(err.Error()), 8*store.MaxCallID, "what is too long is not repeated")
		require.ErrorIs(t, s.Delete(t.Context(), id, 0), store.ErrInvalidCallID)
		_, err = s.Get(t.Context(), id)
		require.ErrorIs(t, err, store.ErrInvalidCallID)
	}
	require.Empty(t, loadAll(t.Context(), t, s))
}

func data(t *testing.T, s store.Store) {
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	revision := uint64(0)
	for _, data := range [][]byte{nil, {}, {0}, every, bytes.Repeat(every, 256), nil, bytes.Repeat(every, store.MinData/256), []byte("{}")} {
		revision = save(t, s, "call", revision, string(data))
		requireRecord(t, s, "call", revision, string(data))
		require.Equal(t, string(data), string(loadAll(t.Context(), t, s)["call"].Data))
	}
	far, err := s.Save(t.Context(), "call", revision, make([]byte, 80<<20))
	if err != nil {
		require.ErrorIs(t, err, store.ErrTooLarge)
		requireRecord(t, s, "call", revision, "{}")
	} else {
		require.Greater(t, far, revision)
	}
}

func ownership(t *testing.T, s store.Store) {
	given := []byte("data")
	revision, err := s.Save(t.Context(), "call", 0, given)
	require.NoError(t, err)
	require.Equal(t, "data", string(given))
	copy(given, "gone")
	requireRecord(t, s, "call", revision, "data")
	r, err := s.Get(t.Context(), "call")
	require.NoError(t, err)
	copy(r.Data, "gone")
	for _, r := range loadAll(t.Context(), t, s) {
		require.Equal(t, "data", string(r.Data))
		copy(r.Data, "gone")
	}
	requireRecord(t, s, "call", revision, "data")
}
