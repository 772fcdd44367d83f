package store_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/store"
	"github.com/graphcalls/graphcalls-go/store/storetest"
)

func TestFiles(t *testing.T) { runFiles(t, store.FilesOptions{}) }

func TestFilesWithoutSync(t *testing.T) { runFiles(t, store.FilesOptions{SkipSync: true}) }

func runFiles(t *testing.T, options store.FilesOptions) {
	t.Helper()
	folders := map[store.Store]string{}
	openIn := func(t *testing.T, dir string) store.Store {
		t.Helper()
		s := open(t, dir, options)
		folders[s] = dir
		return s
	}
	storetest.Run(t, storetest.Backend{
		Open: func(t *testing.T) store.Store { return openIn(t, t.TempDir()) },
		Reopen: func(t *testing.T, before store.Store) store.Store {
			require.NoError(t, before.(*store.Files).Close())
			return openIn(t, folders[before])
		},
	})
	for _, dir := range folders {
		require.Empty(t, matches(t, dir, "*.tmp"), "temporary files are not left behind")
		require.Empty(t, matches(t, dir, "*.damaged"))
	}
}

// open opens a folder until the end of the test.
func open(t *testing.T, dir string, options store.FilesOptions) *store.Files {
	t.Helper()
	s, err := store.OpenFiles(dir, options)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func save(t *testing.T, s store.Store, callID string, revision uint64, data string) uint64 {
	t.Helper()
	saved, err := s.Save(t.Context(), callID, revision, []byte(data))
	require.NoError(t, err)
	return saved
}

func matches(t *testing.T, dir, pattern string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, pattern))
	require.NoError(t, err)
	return found
}

// loadAll returns the records by call, and the errors.
func loadAll(t *testing.T, s store.Store) (records map[string]store.Record, failures []error) {
	t.Helper()
	records = map[string]store.Record{}
	for r, err := range s.Load(t.Context()) {
		if err != nil {
			require.Zero(t, r)
			failures = append(failures, err)
			continue
		}
		require.NotContains(t, records, r.CallID)
		records[r.CallID] = r
	}
	return records, failures
}

func TestAFolderIsMadeForThisUserAlone(t *testing.T) {
	above := t.TempDir()
	dir := filepath.Join(above, "bot", "calls")
	s := open(t, dir, store.FilesOptions{})
	save(t, s, "call", 0, "data")
	if runtime.GOOS == "windows" {
		return // permissions are those of the folder above
	}
	require.NoError(t, filepath.WalkDir(above, func(path string, entry fs.DirEntry, err error) error {
		require.NoError(t, err)
		info, err := entry.Info()
		require.NoError(t, err)
		want := fs.FileMode(0o600)
		if entry.IsDir() {
			want = 0o700
		}
		if path != above {
			require.Equal(t, want, info.Mode().Perm(), path)
		}
		return nil
	}))
}

func TestAFolderIsOpenedOnce(t *testing.T) {
	dir := t.TempDir()
	first := open(t, dir, store.FilesOptions{})
	_, err := store.OpenFiles(dir, store.FilesOptions{})
	require.ErrorIs(t, err, store.ErrInUse)
	require.ErrorContains(t, err, dir)
	require.ErrorContains(t, err, "give each a folder of its own")
	save(t, first, "call", 0, "data")
	require.NoError(t, first.Close())
	second := open(t, dir, store.FilesOptions{})
	records, failures := loadAll(t, second)
	require.Empty(t, failures)
	require.Len(t, records, 1)
}

func TestAFolderThatCannotBeOneIsRefused(t *testing.T) {
	_, err := store.OpenFiles("", store.FilesOptions{})
	require.ErrorContains(t, err, "name one")
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	for _, dir := range []string{file, filepath.Join(file, "calls")} {
		_, err = store.OpenFiles(dir, store.FilesOptions{})
		require.Error(t, err)
		require.ErrorContains(t, err, dir)
	}
}

func TestAClosedStoreDoesNothing(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.FilesOptions{})
	revision := save(t, s, "call", 0, "data")
	save(t, s, "another", 0, "data")
	records := 0
	var last error
	for _, err := range s.Load(t.Context()) {
		require.NoError(t, last)
		if last = err; err == nil {
			records++
			require.NoError(t, s.Close(), "the loop of Load may close the store")
		}
	}
	require.Equal(t, 1, records)
	require.ErrorIs(t, last, store.ErrClosed)
	require.NoError(t, s.Close())
	_, err := s.Save(t.Context(), "call", revision, nil)
	require.ErrorIs(t, err, store.ErrClosed)
	require.ErrorIs(t, s.Delete(t.Context(), "call", revision), store.ErrClosed)
	_, err = s.Get(t.Context(), "call")
	require.ErrorIs(t, err, store.ErrClosed)
	_, failures := loadAll(t, s)
	require.Len(t, failures, 1)
	require.ErrorIs(t, failures[0], store.ErrClosed)
}

// What was acknowledged before or while the store was closed is there afterwards.
func TestCloseWaitsForSaves(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.FilesOptions{})
	acknowledged := make([]uint64, 8)
	begun := make(chan struct{}, len(acknowledged))
	var savers sync.WaitGroup
	for n := range acknowledged {
		savers.Go(func() {
			for {
				saved, err := s.Save(t.Context(), strings.Repeat("x", n+1), acknowledged[n], []byte("data"))
				if err != nil {
					assert.ErrorIs(t, err, store.ErrClosed)
					return
				}
				if acknowledged[n] == 0 {
					begun <- struct{}{}
				}
				acknowledged[n] = saved
			}
		})
	}
	for range acknowledged {
		<-begun
	}
	require.NoError(t, s.Close())
	savers.Wait()
	records, failures := loadAll(t, open(t, dir, store.FilesOptions{}))
	require.Empty(t, failures)
	for n, revision := range acknowledged {
		require.Equal(t, revision, records[strings.Repeat("x", n+1)].Revision)
	}
}

func TestTooLarge(t *testing.T) {
	s := open(t, t.TempDir(), store.FilesOptions{SkipSync: true})
	revision := save(t, s, "call", 0, strings.Repeat("x", 64<<20))
	_, err := s.Save(t.Context(), "call", revision, make([]byte, 64<<20+1))
	require.ErrorIs(t, err, store.ErrTooLarge)
	r, err := s.Get(t.Context(), "call")
	require.NoError(t, err)
	require.Len(t, r.Data, 64<<20)
}
