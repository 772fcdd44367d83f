//go:build unix

package store

import (
	"errors"
	"os"
	"syscall"
)

// syncFolder makes the names in a folder durable, and closes it. Some file systems, network shares mostly, cannot; they
// say so, and are taken at that.
func syncFolder(dir *os.File, err error) error {
	if err != nil {
		return err
	}
	err = dir.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) {
		err = nil
	}
	return errors.Join(err, dir.Close())
}
