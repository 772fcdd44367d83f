package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

// ErrInUse is returned by [OpenFiles] for a folder that somebody else has open.
var ErrInUse = errors.New("the folder is in use by another process, or opened twice in this one: " +
	"end the other, or give each a folder of its own")

// FilesOptions are the options of [OpenFiles]. The zero value is the safe choice.
type FilesOptions struct {
	// SkipSync leaves it to the operating system when to bring files to the disk. Records still survive the end of the
	// process, kill -9 included, but a power cut or a crash of the machine may lose or damage those saved last. It pays
	// where a sync is slow, as on network volumes; on a fast local disk it may gain next to nothing: measure it.
	SkipSync bool
}

// OpenFiles opens a folder of records, and makes it if there is none. A folder it makes is open to this user alone; the
// permissions of one that is there are left as they are. Its files are for this user alone in either case: they hold
// what a call holds, names of people included. Unfinished files of a process that was killed are removed.
//
// The folder is locked until Close or the end of the process. OpenFiles returns [ErrInUse] when another has it, in this
// process or in any other of this machine. On a network share it depends on the share whether other machines are kept
// out too. On systems without file locks (WebAssembly, Plan 9) it returns an error that wraps errors.ErrUnsupported.
func OpenFiles(dir string, options FilesOptions) (*Files, error) {
	files, err := openFiles(dir, options)
	if err != nil {
		return nil, fmt.Errorf("store: open folder %q: %w", dir, err)
	}
	return files, nil
}

func openFiles(dir string, options FilesOptions) (*Files, error) {
	if dir == "" {
		return nil, errors.New("no folder is named; name one that survives a restart")
	}
	path, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if err := makeFolder(path); err != nil {
		return nil, hint(err)
	}
	lock := flock.New(filepath.Join(path, lockFile), flock.SetPermissions(0o600))
	if locked, err := lock.TryLock(); err != nil {
		return nil, hint(err)
	} else if !locked {
		return nil, ErrInUse
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, errors.Join(hint(err), lock.Close())
	}
	f := &Files{folder: &folder{root: root, path: path, skipSync: options.SkipSync}, lock: lock}
	f.revisions.folder = f.folder
	if err := f.begin(); err != nil {
		return nil, errors.Join(hint(err), f.Close())
	}
	return f, nil
}

// hint adds what to do where that is not plain from the error.
func hint(err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("this process must be allowed to write in the folder: %w", err)
	}
	return err
}

// begin tidies up after the process before and takes the first revisions, which shows that the folder can be written.
func (f *Files) begin() error {
	names, err := f.folder.names()
	if err != nil {
		return err
	}
	for _, name := range names {
		if temporaryName.MatchString(name) {
			if err := f.folder.root.Remove(name); err != nil {
				return err
			}
		}
	}
	end, err := f.reservedRevisions(names)
	if err != nil {
		return err
	}
	f.revisions.begin(end)
	return f.revisions.reserve(end + reserved)
}

// reservedRevisions returns the last revision that may have been given.
func (f *Files) reservedRevisions(names []string) (uint64, error) {
	r, err := f.folder.record(revisionsFile)
	lost := errors.Is(err, ErrDamaged)
	if err == nil || !lost && !errors.Is(err, fs.ErrNotExist) {
		return r.Revision, err
	}
	var last uint64
	for _, name := range names {
		isRecord := recordName.MatchString(name)
		lost = lost || isRecord || asideName.MatchString(name)
		if !isRecord {
			continue
		}
		r, err := f.folder.record(name)
		if err != nil && !errors.Is(err, ErrDamaged) {
			return 0, err
		}
		last = max(last, r.Revision)
	}
	if lost {
		last += leap
	}
	return last, nil
}
