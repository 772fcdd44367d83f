// Package storetest has the tests that every [store.Store] must pass. A store's own tests call [Run].
package storetest

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/store"
)

// Backend is how the tests come by stores. They change no store but those they get from it, and close none: Open does
// that with t.Cleanup, where there is something to close.
type Backend struct {
	// Open returns a store on a new place that holds no records.
	Open func(t *testing.T) store.Store
	// Beside, if set, returns a second store on the place of one that Open returned, as another process has it that
	// works there at the same time.
	Beside func(t *testing.T, first store.Store) store.Store
	// Reopen, if set, ends a store that Open or Reopen returned and returns another one on its place, as the next
	// process has it.
	Reopen func(t *testing.T, before store.Store) store.Store
}

// Run tests all that a [store.Store] promises, each promise as a subtest, some of them at random by a model. What is
// seen by other processes and after a restart is tested where the backend can show it.
func Run(t *testing.T, backend Backend) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, store.Store){
		"a saved record is got back":                saved,
		"save needs the revision of the record":     saveConflicts,
		"delete needs the revision of the record":   deleteConflicts,
		"revisions grow and are never used again":   revisionsGrow,
		"call ids are any bytes":                    callIDs,
		"call ids have their bounds":                invalidCallIDs,
		"data is any bytes":                         data,
		"what the caller holds is the caller's":     ownership,
		"load gives every record once":              load,
		"load ends when the loop ends":              loadBreaks,
		"the loop of load may change records":       loadAndChange,
		"nothing is done for an ended context":      endedContext,
		"load ends with its context":                loadEndedContext,
		"of many who make a record one does":        oneCreates,
		"of many who change a record none is lost":  noneIsLost,
		"calls are saved side by side":              sideBySide,
		"every sequence of operations fits a model": model,
	} {
		t.Run(name, func(t *testing.T) { test(t, backend.Open(t)) })
	}
	if backend.Beside != nil {
		t.Run("two processes cannot overwrite each other", func(t *testing.T) {
			first := backend.Open(t)
			twoProcesses(t, first, backend.Beside(t, first))
		})
	}
	if backend.Reopen != nil {
		t.Run("records outlive the process", func(t *testing.T) { outlive(t, backend) })
		t.Run("revisions are not used again by the next process", func(t *testing.T) { revisionsOutlive(t, backend) })
	}
}

// save saves, and requires that it is done.
func save(t testing.TB, s store.Store, callID string, revision uint64, data string) uint64 {
	t.Helper()
	saved, err := s.Save(t.Context(), callID, revision, []byte(data))
	require.NoError(t, err)
	require.Greater(t, saved, revision)
	return saved
}

func requireRecord(t testing.TB, s store.Store, callID string, revision uint64, data string) {
	t.Helper()
	r, err := s.Get(t.Context(), callID)
	require.NoError(t, err)
	require.Equal(t, callID, r.CallID)
	require.Equal(t, revision, r.Revision)
	require.Equal(t, data, string(r.Data))
}

func requireNone(t testing.TB, s store.Store, callID string) {
	t.Helper()
	r, err := s.Get(t.Context(), callID)
	require.ErrorIs(t, err, store.ErrNotFound)
	require.Zero(t, r)
}

// loadAll requires that every record can be read and comes once.
func loadAll(ctx context.Context, t testing.TB, s store.Store) map[string]store.Record {
	t.Helper()
	all := map[string]store.Record{}
	for r, err := range s.Load(ctx) {
		require.NoError(t, err)
		require.NotContains(t, all, r.CallID)
		all[r.CallID] = r
	}
	return all
}
