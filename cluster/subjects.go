package cluster

import (
	"errors"
	"hash/fnv"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/graphcalls/graphcalls-go/resources"
)

// names are the subjects, streams and keys of one fleet. Everything that comes
// from outside is escaped in them: see token.
//
//	graphcalls.<name>.inbox.<partition>.<call>   the queue: what the platform said of a call
//	graphcalls.<name>.beat                       each member, several times in a lease: I live
//	graphcalls.<name>.member.<member>            requests to one member
//	<name>_inbox                                 the stream of the queue
//	<name>_calls                                 the bucket of records:  <partition>.<call>
//	<name>_fleet                                 the bucket of the fleet: table, beat.<member>
type names struct{ fleet string }

const (
	tableKey   = "table"
	beatPrefix = "beat."
)

var errName = errors.New("a fleet's name must be of letters, digits, - and _, 64 at most: set Options.Name")

func newNames(name string) (names, error) {
	if !isName(name) {
		return names{}, errName
	}
	return names{name}, nil
}

func isName(text string) bool {
	return text != "" && len(text) <= 64 && !strings.ContainsFunc(text, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && r != '-' && r != '_'
	})
}

func (n names) inboxStream() string { return n.fleet + "_inbox" }
func (n names) callsBucket() string { return n.fleet + "_calls" }
func (n names) fleetBucket() string { return n.fleet + "_fleet" }

func (n names) inbox(partition, call string) string {
	return "graphcalls." + n.fleet + ".inbox." + partition + "." + call
}

func (n names) beats() string               { return "graphcalls." + n.fleet + ".beat" }
func (n names) member(member string) string { return "graphcalls." + n.fleet + ".member." + member }

// token is an id as a part of a subject or key: letters, digits and - as they
// are, any other byte as = and two hexadecimal digits. Ids of the platform are
// left as they are, and so can be read.
func token(id string) string {
	if !strings.ContainsFunc(id, func(r rune) bool { return r >= utf8.RuneSelf || !isPlain(byte(r)) }) {
		return id
	}
	const digits = "0123456789ABCDEF"
	var text strings.Builder
	for _, b := range []byte(id) {
		if isPlain(b) {
			text.WriteByte(b)
		} else {
			text.Write([]byte{'=', digits[b>>4], digits[b&15]})
		}
	}
	return text.String()
}

func isPlain(b byte) bool {
	return b == '-' || b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
}

// untoken takes token back; false for what is none.
func untoken(text string) (id string, ok bool) {
	var bytes []byte
	for i := 0; i < len(text); i++ {
		if text[i] != '=' {
			bytes = append(bytes, text[i])
			continue
		}
		if i+3 > len(text) {
			return "", false
		}
		b, err := strconv.ParseUint(text[i+1:i+3], 16, 8)
		if err != nil {
			return "", false
		}
		bytes = append(bytes, byte(b))
		i += 2
	}
	return string(bytes), len(bytes) > 0
}

// home is the partition of a call whose address names none: the same at every
// instance, however the id is spelt.
func home(callID string, partitions int) int {
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(resources.Key(callID))) // never fails
	return int(mix(hash.Sum64()) % uint64(partitions))
}

// mix spreads what differs in few bits over all of them.
func mix(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}
