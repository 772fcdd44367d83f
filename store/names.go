package store

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strconv"
	"strings"
)

const (
	lockFile        = "lock"
	recordSuffix    = ".call"
	temporarySuffix = ".tmp"
	damagedSuffix   = ".damaged"
)

// Of all files in the folder, only those of these names are read, replaced or removed.
var (
	recordName    = regexp.MustCompile(`^[0-9a-f]{64}\.call$`)
	temporaryName = regexp.MustCompile(`^([0-9a-f]{64}|revisions)\.[0-9]+\.tmp$`)
	asideName     = regexp.MustCompile(`^[0-9a-f]{64}\.[0-9]+\.damaged$`)
)

// fileName is bounded, and safe and different for every call id on every file system, those that do not tell case apart
// included.
func fileName(callID string) string {
	sum := sha256.Sum256([]byte(callID))
	return hex.EncodeToString(sum[:]) + recordSuffix
}

// beside returns the name of another file about the same record.
func beside(name string, revision uint64, suffix string) string {
	return strings.TrimSuffix(name, recordSuffix) + "." + strconv.FormatUint(revision, 10) + suffix
}
