package order

import (
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
)

// Tombstone is what stays of a call that ended.
type Tombstone struct {
	CallID   string
	ChainID  string // of the notification or reply that began the call
	Outgoing bool
	Ended    time.Time
}

// Tombstones remembers the calls that ended, the latest so many of them, so
// that what comes late for one does not raise it from the dead.
type Tombstones struct{ calls *lru.Cache[string, Tombstone] }

// NewTombstones returns a memory of at least one call.
func NewTombstones(size int) *Tombstones {
	return &Tombstones{newCache[string, Tombstone](size)}
}

// maxChainBytes bounds a chain's id; the platform's are GUIDs.
const maxChainBytes = 1000

// Add remembers that a call ended. Of a chain id that is none nothing is kept.
func (t *Tombstones) Add(key string, stone Tombstone) {
	if len(stone.ChainID) > maxChainBytes {
		stone.ChainID = ""
	}
	if len(key) <= maxChainBytes {
		t.calls.Add(key, stone)
	}
}

// Get returns what stays of an ended call.
func (t *Tombstones) Get(key string) (Tombstone, bool) { return t.calls.Get(key) }

// Remove forgets an ended call, whose id the platform has given to a new one.
func (t *Tombstones) Remove(key string) { t.calls.Remove(key) }

// Len counts the calls remembered.
func (t *Tombstones) Len() int { return t.calls.Len() }

func newCache[K comparable, V any](size int) *lru.Cache[K, V] {
	cache, _ := lru.New[K, V](max(size, 1)) // its one error is a size below one
	return cache
}
