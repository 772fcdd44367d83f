package storetest

import (
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/store"
)

const rivals = 8

// together runs one function for each rival at once and waits for all.
func together(do func(rival int)) {
	var all sync.WaitGroup
	start := make(chan struct{})
	for rival := range rivals {
		all.Go(func() {
			<-start
			do(rival)
		})
	}
	close(start)
	all.Wait()
}

func oneCreates(t *testing.T, s store.Store) {
	for round := range 10 {
		id := fmt.Sprintf("call-%d", round)
		var made, deleted atomic.Int64
		var revision atomic.Uint64
		together(func(int) {
			got, err := s.Save(t.Context(), id, 0, nil)
			if err == nil {
				made.Add(1)
				revision.Store(got)
			} else {
				assert.ErrorIs(t, err, store.ErrConflict)
			}
		})
		require.EqualValues(t, 1, made.Load())
		together(func(int) {
			if assert.NoError(t, s.Delete(t.Context(), id, revision.Load())) {
				deleted.Add(1)
			}
		})
		require.EqualValues(t, rivals, deleted.Load(), "it was this record, or none")
		requireNone(t, s, id)
	}
}

// noneIsLost has all rivals count in one record: each success is one more.
func noneIsLost(t *testing.T, s store.Store) {
	const each = 10
	save(t, s, "call", 0, "0")
	together(func(int) {
		for range each {
			assert.NoError(t, count(t, s, "call"))
		}
	})
	r, err := s.Get(t.Context(), "call")
	require.NoError(t, err)
	require.Equal(t, strconv.Itoa(rivals*each), string(r.Data))
}

// count adds one to the number in a record, trying again as long as others are faster.
func count(t *testing.T, s store.Store, callID string) error {
	t.Helper()
	for {
		r, err := s.Get(t.Context(), callID)
		if err != nil {
			return err
		}
		n, err := strconv.Atoi(string(r.Data))
		if err != nil {
			return err
		}
		if _, err = s.Save(t.Context(), callID, r.Revision, []byte(strconv.Itoa(n+1))); !errors.Is(err, store.ErrConflict) {
			return err
		}
	}
}

func sideBySide(t *testing.T, s store.Store) {
	var revisions sync.Map // every revision ever given to a call
	together(func(rival int) {
		id := fmt.Sprintf("call-%d", rival)
		last := uint64(0)
		for step := range 12 {
			got, err := s.Save(t.Context(), id, last, fmt.Append(nil, id, step))
			if !assert.NoError(t, err) {
				return
			}
			_, twice := revisions.LoadOrStore(fmt.Sprint(id, got), true)
			assert.False(t, twice)
			last = got
			if step%4 == 3 && step < 11 {
				assert.NoError(t, s.Delete(t.Context(), id, last))
				last = 0
			}
		}
	})
	all := loadAll(t.Context(), t, s)
	require.Len(t, all, rivals)
	for id, r := range all {
		require.Equal(t, fmt.Sprint(id, 11), string(r.Data))
	}
}

func twoProcesses(t *testing.T, first, second store.Store) {
	revision := save(t, first, "call", 0, "first's")
	requireRecord(t, second, "call", revision, "first's")
	_, err := second.Save(t.Context(), "call", 0, []byte("second's"))
	require.ErrorIs(t, err, store.ErrConflict)
	taken := save(t, second, "call", revision, "second's")
	_, err = first.Save(t.Context(), "call", revision, []byte("first's again"))
	require.ErrorIs(t, err, store.ErrConflict, "who lost the call is fenced off")
	require.ErrorIs(t, first.Delete(t.Context(), "call", revision), store.ErrConflict)
	requireRecord(t, first, "call", taken, "second's")
	require.NoError(t, second.Delete(t.Context(), "call", taken))
	requireNone(t, first, "call")
	again := save(t, first, "call", 0, "another")
	require.Greater(t, again, taken)
	require.ErrorIs(t, second.Delete(t.Context(), "call", taken), store.ErrConflict)

	save(t, first, "counted", 0, "0")
	var all sync.WaitGroup
	for _, s := range []store.Store{first, second} {
		all.Go(func() {
			for range 20 {
				assert.NoError(t, count(t, s, "counted"))
			}
		})
	}
	all.Wait()
	r, err := second.Get(t.Context(), "counted")
	require.NoError(t, err)
	require.Equal(t, "40", string(r.Data))
}
