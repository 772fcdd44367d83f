//go:build linux || darwin

package store_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/store"
)

const (
	ownFolder = "STORE_TEST_OWN_FOLDER"
	nobody    = 65534
)

// inOwnProcess runs the test once more in a process that it may limit as it likes, with a folder for any user. There it
// returns true.
func inOwnProcess(t *testing.T) (dir string, here bool) {
	t.Helper()
	if dir = os.Getenv(ownFolder); dir != "" {
		return dir, true
	}
	dir = t.TempDir()
	if os.Getuid() == 0 {
		require.NoError(t, os.Chmod(filepath.Dir(dir), 0o755))
		require.NoError(t, os.Chown(dir, nobody, nobody))
	}
	program, err := os.Executable()
	require.NoError(t, err)
	command := exec.CommandContext(t.Context(), program, "-test.v", "-test.run=^"+t.Name()+"$")
	command.Env = append(os.Environ(), ownFolder+"="+dir)
	out, err := command.CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Contains(t, string(out), "--- PASS: "+t.Name())
	return "", false
}

// limit sets what this process may use at most, until the returned function is called or the test ends.
func limit(t *testing.T, resource int, most uint64) (lift func()) {
	t.Helper()
	var before syscall.Rlimit
	require.NoError(t, syscall.Getrlimit(resource, &before))
	lift = func() { require.NoError(t, syscall.Setrlimit(resource, &before)) }
	t.Cleanup(lift)
	require.NoError(t, syscall.Setrlimit(resource, &syscall.Rlimit{Cur: most, Max: before.Max}))
	return lift
}

// A write that breaks off in the middle, as on a full disk, leaves the record as it was.
func TestAWriteThatBreaksOffChangesNothing(t *testing.T) {
	dir, here := inOwnProcess(t)
	if !here {
		return
	}
	s := open(t, dir, store.FilesOptions{})
	revision := save(t, s, "call", 0, "data")
	lift := limit(t, syscall.RLIMIT_FSIZE, 8<<10)
	for _, callID := range []string{"call", "another"} {
		r, err := s.Get(t.Context(), callID)
		if err != nil {
			require.ErrorIs(t, err, store.ErrNotFound)
		}
		_, err = s.Save(t.Context(), callID, r.Revision, make([]byte, 64<<10))
		require.ErrorIs(t, err, syscall.EFBIG)
		require.NotErrorIs(t, err, store.ErrConflict)
	}
	require.Empty(t, matches(t, dir, "*.tmp"))
	records, failures := loadAll(t, s)
	require.Empty(t, failures)
	require.Len(t, records, 1)
	require.Equal(t, store.Record{CallID: "call", Revision: revision, Data: []byte("data")}, records["call"])
	revision = save(t, s, "call", revision, "what is small enough is saved")
	lift()
	save(t, s, "call", revision, strings.Repeat("x", 64<<10))
}

// That a file cannot be opened is no damage.
func TestWhatCannotBeReadNowIsNotMovedAside(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.FilesOptions{})
	revisions := map[string]uint64{}
	for n := range 5 {
		id := fmt.Sprint("call-", n)
		revisions[id] = save(t, s, id, 0, "data")
	}
	lift := limit(t, syscall.RLIMIT_NOFILE, 256)
	var held []*os.File
	release := func() {
		for _, file := range held {
			require.NoError(t, file.Close())
		}
		held = nil
	}
	t.Cleanup(release)
	var seen, failed int
	for r, err := range s.Load(t.Context()) {
		if err == nil {
			seen++
			require.Contains(t, revisions, r.CallID)
			held = openAll(t)
			continue
		}
		failed++
		require.ErrorIs(t, err, syscall.EMFILE)
		var one *store.RecordError
		require.ErrorAs(t, err, &one)
		require.Equal(t, ".call", filepath.Ext(one.Place))
	}
	require.Equal(t, 1, seen)
	require.Equal(t, 4, failed)
	for id, revision := range revisions {
		for _, err := range []error{s.Delete(t.Context(), id, revision), saveErr(t, s, id, revision), saveErr(t, s, "new", 0)} {
			require.ErrorIs(t, err, syscall.EMFILE)
			require.NotErrorIs(t, err, store.ErrDamaged)
		}
	}
	_, failures := loadAll(t, s)
	require.Len(t, failures, 1)
	var one *store.RecordError
	require.NotErrorAs(t, failures[0], &one, "records may be missing")
	release()
	lift()
	require.Empty(t, matches(t, dir, "*.damaged"))
	records, failures := loadAll(t, s)
	require.Empty(t, failures)
	require.Len(t, records, 5)
}

func saveErr(t *testing.T, s store.Store, callID string, revision uint64) error {
	t.Helper()
	_, err := s.Save(t.Context(), callID, revision, nil)
	return err
}

// openAll opens files until no more can be.
func openAll(t *testing.T) []*os.File {
	t.Helper()
	var held []*os.File
	for {
		file, err := os.Open(os.DevNull)
		if errors.Is(err, syscall.EMFILE) {
			return held
		}
		require.NoError(t, err)
		held = append(held, file)
	}
}

// Nothing is read-only to root, so that this is tested as another user.
func TestAReadOnlyFolder(t *testing.T) {
	dir, here := inOwnProcess(t)
	if !here {
		return
	}
	if os.Getuid() == 0 {
		require.NoError(t, syscall.Setgid(nobody))
		require.NoError(t, syscall.Setuid(nobody))
	}
	require.NotZero(t, os.Getuid())
	t.Cleanup(func() { require.NoError(t, os.Chmod(dir, 0o700)) })

	require.NoError(t, os.Chmod(dir, 0o500))
	for _, path := range []string{dir, filepath.Join(dir, "within")} {
		_, err := store.OpenFiles(path, store.FilesOptions{})
		require.ErrorIs(t, err, fs.ErrPermission)
		require.ErrorContains(t, err, "must be allowed to write in the folder")
	}

	require.NoError(t, os.Chmod(dir, 0o700))
	s := open(t, dir, store.FilesOptions{})
	save(t, s, "damaged", 0, "data")
	content := damage(t, dir, damages()["one bit"])
	revision := save(t, s, "call", 0, "data")
	require.NoError(t, os.Chmod(dir, 0o500))
	requireReadOnly(t, s, dir, revision)

	require.NoError(t, os.Chmod(dir, 0o700))
	save(t, s, "call", revision, "again")
	_, failures := loadAll(t, s)
	require.Len(t, failures, 1)
	requireMovedAside(t, dir, content, failures[0])
}

func requireReadOnly(t *testing.T, s store.Store, dir string, revision uint64) {
	t.Helper()
	for _, err := range []error{
		saveErr(t, s, "call", revision), saveErr(t, s, "new", 0), s.Delete(t.Context(), "call", revision),
	} {
		require.ErrorIs(t, err, fs.ErrPermission)
		require.NotErrorIs(t, err, store.ErrConflict)
	}
	for range 2 {
		records, failures := loadAll(t, s)
		require.Len(t, records, 1)
		require.Equal(t, revision, records["call"].Revision)
		require.Len(t, failures, 1)
		require.ErrorIs(t, failures[0], store.ErrDamaged)
		require.ErrorIs(t, failures[0], fs.ErrPermission)
		require.Len(t, matches(t, dir, "*.call"), 2, "what cannot be moved aside stays where it is")
	}
}
