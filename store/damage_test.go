package store_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/store"
)

// damages are what may become of a record's file.
func damages() map[string]func(file []byte) []byte {
	return map[string]func([]byte) []byte{
		"empty":              func([]byte) []byte { return nil },
		"cut off in half":    func(file []byte) []byte { return file[:len(file)/2] },
		"cut off at the end": func(file []byte) []byte { return file[:len(file)-1] },
		"zeros":              func(file []byte) []byte { return make([]byte, len(file)) },
		"zeros at the end":   func(file []byte) []byte { return append(file[:len(file)/2], make([]byte, len(file)-len(file)/2)...) },
		"one bit":            func(file []byte) []byte { file[len(file)/2] ^= 4; return file },
		"its checksum":       func(file []byte) []byte { file[len(file)-1] ^= 1; return file },
		"its version":        func(file []byte) []byte { file[7]++; return file },
		"something follows":  func(file []byte) []byte { return append(file, 'x') },
		"twice":              func(file []byte) []byte { return append(file, file...) },
		"another file":       func([]byte) []byte { return []byte("not a record at all, but long enough to be one") },
		"a very large one":   func([]byte) []byte { return make([]byte, 65<<20) },
	}
}

// damage changes the one file that is there, and returns what it holds then.
func damage(t *testing.T, dir string, change func([]byte) []byte) []byte {
	t.Helper()
	files := matches(t, dir, "*.call")
	require.Len(t, files, 1)
	file, err := os.ReadFile(files[0])
	require.NoError(t, err)
	file = change(file)
	require.NoError(t, os.WriteFile(files[0], file, 0o600))
	return file
}

func requireMovedAside(t *testing.T, dir string, content []byte, err error) {
	t.Helper()
	require.ErrorIs(t, err, store.ErrDamaged)
	var one *store.RecordError
	require.ErrorAs(t, err, &one)
	require.Equal(t, ".damaged", filepath.Ext(one.Place))
	require.Equal(t, dir, filepath.Dir(one.Place))
	require.ErrorContains(t, err, one.Place)
	kept, err := os.ReadFile(one.Place)
	require.NoError(t, err)
	require.True(t, bytes.Equal(content, kept), "it is kept as it was found")
	require.Empty(t, matches(t, dir, "*.tmp"))
}

func TestDamagedRecordsAreMovedAside(t *testing.T) {
	for name, change := range damages() {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := open(t, dir, store.FilesOptions{})
			save(t, s, "damaged", 0, "the data of this record")
			content := damage(t, dir, change)
			for n := range 5 {
				save(t, s, fmt.Sprint("whole-", n), 0, "data")
			}
			records, failures := loadAll(t, s)
			require.Len(t, records, 5, "the others are read")
			require.Len(t, failures, 1)
			requireMovedAside(t, dir, content, failures[0])
			require.NotContains(t, failures[0].Error(), "the data")

			records, failures = loadAll(t, s)
			require.Len(t, records, 5)
			require.Empty(t, failures, "it is reported once")
			revision := save(t, s, "damaged", 0, "anew")
			require.NoError(t, s.Close())
			records, failures = loadAll(t, open(t, dir, store.FilesOptions{}))
			require.Empty(t, failures)
			require.Equal(t, revision, records["damaged"].Revision)
			require.Len(t, matches(t, dir, "*.damaged"), 1, "it is still there")
		})
	}
}

func TestWhoeverComesUponDamageReportsIt(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.FilesOptions{})
	revision := uint64(0)
	for at, operation := range []func() error{
		func() error { _, err := s.Save(t.Context(), "call", revision, nil); return err },
		func() error { _, err := s.Save(t.Context(), "call", 0, nil); return err },
		func() error { return s.Delete(t.Context(), "call", revision) },
		func() error { _, err := s.Get(t.Context(), "call"); return err },
	} {
		before := revision
		revision = save(t, s, "call", 0, "data")
		require.Greater(t, revision, before)
		content := damage(t, dir, damages()["one bit"])
		err := operation()
		requireMovedAside(t, dir, content, err)
		require.NotErrorIs(t, err, store.ErrConflict)
		_, err = s.Get(t.Context(), "call")
		require.ErrorIs(t, err, store.ErrNotFound)
		_, err = s.Save(t.Context(), "call", revision, nil)
		require.ErrorIs(t, err, store.ErrConflict)
		require.Len(t, matches(t, dir, "*.damaged"), at+1, "each is kept")
	}
}

func TestARecordUnderAnothersNameIsDamage(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.FilesOptions{})
	save(t, s, "call", 0, "data")
	whole := matches(t, dir, "*.call")[0]
	copied := filepath.Join(dir, strings.Repeat("a", 64)+".call")
	content, err := os.ReadFile(whole)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(copied, content, 0o600))
	records, failures := loadAll(t, s)
	require.Len(t, records, 1)
	require.Len(t, failures, 1)
	requireMovedAside(t, dir, content, failures[0])
}

func TestForeignFilesAreLeftAlone(t *testing.T) {
	dir := t.TempDir()
	hash := strings.Repeat("0", 64)
	foreign := []string{
		".DS_Store", "desktop.ini", "notes.txt", "x.call", hash + ".call.bak", hash + " copy.call", strings.Repeat("F", 64) + ".call",
		"upload.tmp", hash + ".x.tmp", hash + ".1.damaged", "revisions.old",
	}
	for _, name := range foreign {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(name), 0o600))
	}
	require.NoError(t, os.MkdirAll(filepath.Join(dir, strings.Repeat("1", 64)+".call", "inside"), 0o700))
	ours := []string{hash + ".12.tmp", "revisions.7.tmp"}
	for _, name := range ours {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(name), 0o600))
	}
	s := open(t, dir, store.FilesOptions{})
	for _, name := range ours {
		require.NoFileExists(t, filepath.Join(dir, name), "unfinished files of ours are removed")
	}
	revision := save(t, s, "call", 0, "data")
	records, failures := loadAll(t, s)
	require.Empty(t, failures)
	require.Len(t, records, 1)
	require.NoError(t, s.Delete(t.Context(), "call", revision))
	for _, name := range foreign {
		content, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		require.Equal(t, name, string(content))
	}
	require.DirExists(t, filepath.Join(dir, strings.Repeat("1", 64)+".call", "inside"))
}

// Where it is lost which revisions were given, they go on well above those that can be seen.
func TestRevisionsGrowThoughTheirFileIsLost(t *testing.T) {
	for name, lose := range map[string]func(file string) error{
		"removed": os.Remove,
		"damaged": func(file string) error { return os.WriteFile(file, []byte("gcstore"), 0o600) },
		"emptied": func(file string) error { return os.Truncate(file, 0) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := open(t, dir, store.FilesOptions{})
			kept := save(t, s, "kept", 0, "data")
			deleted := save(t, s, "deleted", 0, "data")
			require.NoError(t, s.Delete(t.Context(), "deleted", deleted))
			require.NoError(t, s.Close())
			require.NoError(t, lose(filepath.Join(dir, "revisions")))
			s = open(t, dir, store.FilesOptions{})
			require.Greater(t, save(t, s, "deleted", 0, "data"), deleted)
			require.Greater(t, save(t, s, "kept", kept, "data"), deleted)
		})
	}
}
