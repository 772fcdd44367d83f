// Package order puts what the platform says in its right place in time: which
// of two versions is newer, what was delivered before, what came for a call
// that is over, and what came for one that is not there yet.
package order

import (
	"strconv"
	"strings"
)

// Answer says how one version of a resource stands to another.
type Answer int

// The four answers there are.
const (
	CannotTell Answer = iota
	Older
	Same
	Newer
)

// Compare says how the version of an etag stands to that of another, current
// one. Etags that hold a number compare as numbers; all others are the same or
// cannot be told apart in time. Either may be empty, as in real traffic they
// are.
func Compare(etag, current string) Answer {
	mine, theirs := Version(etag), Version(current)
	switch {
	case etag == "" || current == "":
		return CannotTell
	case etag == current:
		return Same
	case mine == 0 || theirs == 0:
		return CannotTell
	case mine < theirs:
		return Older
	case mine > theirs:
		return Newer
	default:
		return Same
	}
}

// Version is the number in an etag such as W/"5445", or 0.
func Version(etag string) uint64 {
	digits := strings.Trim(strings.TrimPrefix(etag, "W/"), `"`)
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return 0 // which mostly it is; making an error of it costs more
	}
	number, err := strconv.ParseUint(digits, 10, 64)
	if err != nil {
		return 0
	}
	return number
}
