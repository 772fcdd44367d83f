package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"slices"
	"sync"

	"github.com/gofrs/flock"
)

// Files is a [Store] in a folder of this machine, one file for each call, for one process at a time. Once Save or
// Delete returns nil, the change survives the end of the process and, unless FilesOptions.SkipSync is set, a power cut,
// as far as the file system and the disk keep their word. A record's file is the old or the new one, never half.
//
// Saves of different calls go to the disk side by side; those of one call follow each other. A context is respected
// until a file takes its place, and when one of its errors is returned nothing has changed; a write to the disk that
// is under way is not cut off. Data may have up to 64 MiB.
//
// A file that is not what was saved is never read as a record and never removed: whoever comes upon it, Load mostly,
// renames it to end in ".damaged" and returns a *[RecordError] that wraps [ErrDamaged] and says where it lies. From
// then on there is no record of that call, and whoever owns it saves it anew with revision 0. Files with names of other
// kinds are left alone.
//
// It starts no goroutine.
type Files struct {
	folder    *folder
	lock      *flock.Flock
	turns     turns
	revisions revisions

	life   sync.RWMutex // held to read by every operation
	closed bool
}

var _ Store = (*Files)(nil)

// Close waits for the operations under way and lets go of the folder; whatever is done afterwards returns [ErrClosed].
// Nothing is lost without it. A second Close does nothing.
func (f *Files) Close() error {
	f.life.Lock()
	defer f.life.Unlock()
	if f.closed {
		return nil
	}
	f.closed = true
	if err := errors.Join(f.folder.root.Close(), f.lock.Close()); err != nil {
		return fmt.Errorf("store: close folder %q: %w", f.folder.path, err)
	}
	return nil
}

// Save implements [Store].
func (f *Files) Save(ctx context.Context, callID string, revision uint64, data []byte) (uint64, error) {
	var saved uint64
	err := f.work(ctx, callID, func(name string) (err error) {
		saved, err = f.save(ctx, name, Record{CallID: callID, Revision: revision, Data: data})
		return err
	})
	return saved, wrap("save", callID, err)
}

func (f *Files) save(ctx context.Context, name string, r Record) (uint64, error) {
	if len(r.Data) > maxData {
		return 0, ErrTooLarge
	}
	found, err := f.read(name)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return 0, err
	}
	if found.Revision != r.Revision {
		return 0, ErrConflict
	}
	if r.Revision, err = f.revisions.next(); err != nil {
		return 0, err
	}
	if err := f.folder.write(beside(name, r.Revision, temporarySuffix), name, encode(r), ctx.Err); err != nil {
		return 0, err
	}
	return r.Revision, nil
}

// Delete implements [Store].
func (f *Files) Delete(ctx context.Context, callID string, revision uint64) error {
	return wrap("delete", callID, f.work(ctx, callID, func(name string) error {
		found, err := f.read(name)
		switch {
		case errors.Is(err, ErrNotFound):
			return nil
		case err != nil:
			return err
		case found.Revision != revision:
			return ErrConflict
		}
		return f.folder.remove(name)
	}))
}

// Get implements [Store].
func (f *Files) Get(ctx context.Context, callID string) (Record, error) {
	if err := CheckCallID(callID); err != nil {
		return Record{}, wrap("get", callID, err)
	}
	found, err := f.readInTurn(ctx, fileName(callID))
	return found, wrap("get", callID, err)
}

// Load implements [Store].
func (f *Files) Load(ctx context.Context) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		names, err := f.recordNames(ctx)
		if err != nil {
			yield(Record{}, wrapLoad(err))
			return
		}
		for _, name := range names {
			found, err := f.readInTurn(ctx, name)
			if errors.Is(err, ErrNotFound) {
				continue
			}
			var one *RecordError
			goesOn := err == nil || errors.As(err, &one)
			if !yield(found, wrapLoad(err)) || !goesOn {
				return
			}
		}
	}
}

// recordNames returns the files of records.
func (f *Files) recordNames(ctx context.Context) ([]string, error) {
	if err := f.enter(ctx); err != nil {
		return nil, err
	}
	defer f.life.RUnlock()
	names, err := f.folder.names()
	return slices.DeleteFunc(names, func(name string) bool { return !recordName.MatchString(name) }), err
}

// work does something with the file of a call, when it is its turn.
func (f *Files) work(ctx context.Context, callID string, do func(name string) error) error {
	if err := CheckCallID(callID); err != nil {
		return err
	}
	name := fileName(callID)
	return f.inTurn(ctx, name, func() error { return do(name) })
}

func (f *Files) inTurn(ctx context.Context, name string, do func() error) error {
	if err := f.enter(ctx); err != nil {
		return err
	}
	defer f.life.RUnlock()
	done, err := f.turns.take(ctx, name)
	if err != nil {
		return err
	}
	defer done()
	return do()
}

func (f *Files) readInTurn(ctx context.Context, name string) (found Record, err error) {
	err = f.inTurn(ctx, name, func() error {
		found, err = f.read(name)
		return err
	})
	return found, err
}

// enter keeps the store open until life is unlocked.
func (f *Files) enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	f.life.RLock()
	if f.closed {
		f.life.RUnlock()
		return ErrClosed
	}
	return nil
}

// read returns the record in a file, ErrNotFound, or a *RecordError. A damaged file is moved aside. It must be the
// file's turn.
func (f *Files) read(name string) (Record, error) {
	found, err := f.folder.record(name)
	if err == nil && (fileName(found.CallID) != name || found.Revision == 0) {
		err = fmt.Errorf("%w: it is not the record that belongs under this name", ErrDamaged)
	}
	switch {
	case err == nil:
		return found, nil
	case errors.Is(err, fs.ErrNotExist):
		return Record{}, ErrNotFound
	case errors.Is(err, ErrDamaged):
		return Record{}, f.moveAside(name, err)
	}
	return Record{}, &RecordError{Place: f.folder.place(name), Err: err}
}

func (f *Files) moveAside(name string, damage error) error {
	damaged := &RecordError{Place: f.folder.place(name), Err: damage}
	revision, err := f.revisions.next()
	if err == nil {
		aside := beside(name, revision, damagedSuffix)
		if err = f.folder.rename(name, aside); err == nil {
			damaged.Place = f.folder.place(aside)
			damaged.Err = fmt.Errorf("%w; it was moved there, and may be deleted", damage)
		}
	}
	if err != nil {
		damaged.Err = fmt.Errorf("%w; it could not be moved aside: %w", damage, err)
	}
	return damaged
}
