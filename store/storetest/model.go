package storetest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/graphcalls/graphcalls-go/store"
)

// world is what a store should hold after what was done to it, for some calls of its own.
type world struct {
	store   store.Store
	prefix  string
	records map[string]store.Record
	last    map[string]uint64 // the last revision each call was given, deleted since or not
	given   []uint64
}

func model(t *testing.T, s store.Store) {
	run := 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		w := &world{store: s, prefix: fmt.Sprintf("run-%d/", run), records: map[string]store.Record{}, last: map[string]uint64{}}
		t.Repeat(map[string]func(*rapid.T){"save": w.save, "delete": w.delete, "get": w.get, "load": w.load})
		w.load(t)
		for id, r := range w.records {
			require.NoError(t, s.Delete(t.Context(), id, r.Revision))
		}
		clear(w.records)
		w.load(t)
	})
}

func (w *world) callID(t *rapid.T) string {
	return w.prefix + rapid.SampledFrom([]string{"a", "A", "a/b", "..", "\x00", "\xff"}).Draw(t, "call")
}

// revision is most often the right one, else one of the past, of another call, or of nobody.
func (w *world) revision(t *rapid.T, callID string) uint64 {
	right := w.records[callID].Revision
	others := append([]uint64{0, right + 1, 1, ^uint64(0)}, w.given...)
	return rapid.OneOf(rapid.Just(right), rapid.Just(right), rapid.SampledFrom(others)).Draw(t, "revision")
}

func (w *world) save(t *rapid.T) {
	id := w.callID(t)
	revision := w.revision(t, id)
	data := rapid.SliceOfN(rapid.Byte(), 0, 64).Draw(t, "data")
	got, err := w.store.Save(t.Context(), id, revision, data)
	if revision != w.records[id].Revision {
		require.ErrorIs(t, err, store.ErrConflict)
		require.Zero(t, got)
		return
	}
	require.NoError(t, err)
	require.Greater(t, got, w.last[id])
	w.records[id] = store.Record{CallID: id, Revision: got, Data: data}
	w.last[id] = got
	w.given = append(w.given, got)
}

func (w *world) delete(t *rapid.T) {
	id := w.callID(t)
	revision := w.revision(t, id)
	err := w.store.Delete(t.Context(), id, revision)
	if r, ok := w.records[id]; ok && r.Revision != revision {
		require.ErrorIs(t, err, store.ErrConflict)
		return
	}
	require.NoError(t, err)
	delete(w.records, id)
}

func (w *world) get(t *rapid.T) {
	id := w.callID(t)
	got, err := w.store.Get(t.Context(), id)
	want, ok := w.records[id]
	if !ok {
		require.ErrorIs(t, err, store.ErrNotFound)
		return
	}
	require.NoError(t, err)
	requireSame(t, want, got)
}

func (w *world) load(t *rapid.T) {
	seen := 0
	for got, err := range w.store.Load(t.Context()) {
		require.NoError(t, err)
		if !strings.HasPrefix(got.CallID, w.prefix) {
			continue // of a run that failed
		}
		require.Contains(t, w.records, got.CallID)
		requireSame(t, w.records[got.CallID], got)
		seen++
	}
	require.Len(t, w.records, seen)
}

func requireSame(t *rapid.T, want, got store.Record) {
	t.Helper()
	require.Equal(t, want.CallID, got.CallID)
	require.Equal(t, want.Revision, got.Revision)
	require.Equal(t, string(want.Data), string(got.Data))
}
