package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// folder writes whole files into one folder of the file system.
type folder struct {
	root     *os.Root
	path     string
	skipSync bool
}

// makeFolder makes a folder and those it is in, open to this user alone, and sees that their names are durable.
func makeFolder(path string) error {
	var parents []string
	for at := path; ; at = filepath.Dir(at) {
		if _, err := os.Stat(at); !errors.Is(err, fs.ErrNotExist) || at == filepath.Dir(at) {
			break
		}
		parents = append(parents, filepath.Dir(at))
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return err
	}
	for _, parent := range parents {
		if err := syncFolder(os.Open(parent)); err != nil { //nolint:gosec // which folder is the caller's choice
			return err
		}
	}
	return nil
}

// names returns what regular files are in the folder.
func (f *folder) names() ([]string, error) {
	entries, err := fs.ReadDir(f.root.FS(), ".")
	if err != nil {
		return nil, err
	}
	var names []string
	for _, entry := range entries {
		if entry.Type().IsRegular() {
			names = append(names, entry.Name())
		}
	}
	return names, nil
}

// record returns the record in a file, or an error that wraps fs.ErrNotExist, ErrDamaged, or what keeps it from being
// read.
func (f *folder) record(name string) (Record, error) {
	info, err := f.root.Stat(name)
	if err != nil {
		return Record{}, err
	}
	if info.Size() > int64(maxFileSize) {
		return Record{}, fmt.Errorf("%w: the file is too large for a record, it has %d bytes", ErrDamaged, info.Size())
	}
	content, err := f.root.ReadFile(name)
	if err != nil {
		return Record{}, err
	}
	return decode(content)
}

// write brings content to the disk as a temporary file, then gives it its name, in place of the file that has it, and
// makes that durable. After an error the file of that name is as it was, unless making the change durable is all that
// failed. What stands against the change by the time the content is written may still stop it.
func (f *folder) write(temporary, name string, content []byte, stop func() error) error {
	file, err := f.root.OpenFile(temporary, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	if err == nil && !f.skipSync {
		err = file.Sync()
	}
	err = errors.Join(err, file.Close())
	if err == nil {
		err = stop()
	}
	if err == nil {
		err = f.root.Rename(temporary, name)
	}
	if err != nil {
		return errors.Join(err, f.root.Remove(temporary))
	}
	return f.sync()
}

// rename gives a file another name for good.
func (f *folder) rename(name, another string) error {
	if err := f.root.Rename(name, another); err != nil {
		return err
	}
	return f.sync()
}

// remove removes a file for good.
func (f *folder) remove(name string) error {
	if err := f.root.Remove(name); err != nil {
		return err
	}
	return f.sync()
}

// sync returns when all changes made to the folder before are durable. The file system brings many of them to the disk at
// once where they come together.
func (f *folder) sync() error {
	if f.skipSync {
		return nil
	}
	if err := syncFolder(f.root.Open(".")); err != nil {
		return fmt.Errorf("it is done, but may be undone by a power cut: %w", err)
	}
	return nil
}

func (f *folder) place(name string) string { return filepath.Join(f.path, name) }
