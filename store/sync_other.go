//go:build !unix

package store

import "os"

// syncFolder closes a folder: these systems cannot sync one, and keep names in order by themselves.
func syncFolder(dir *os.File, err error) error {
	if err != nil {
		return err
	}
	return dir.Close()
}
