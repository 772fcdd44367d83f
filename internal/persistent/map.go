// Package persistent has a map whose every version stays as it was: changing
// it gives a new version that shares all but the changed path with the old
// one. Readers need no lock, and telling two versions apart costs what changed
// and not what is there.
package persistent

import (
	"hash/maphash"
	"iter"
	"maps"
	"math/bits"
	"slices"
)

// Map is one version of a map from strings to V: a hash array mapped trie. The
// zero Map is empty. Maps may be copied and read from anywhere.
type Map[V any] struct {
	root *node[V]
	size int
}

const (
	bitsPerLevel = 5
	hashBits     = 64
)

// node has a bit per child that is there; an entry with a nil sub is a leaf.
type node[V any] struct {
	present uint32
	entries []entry[V]
}

type entry[V any] struct {
	sub  *node[V]
	leaf *leaf[V]
}

// leaf holds one key or, where hashes are equal to the last bit, a chain.
type leaf[V any] struct {
	key   string
	value V
	next  *leaf[V]
}

// A seed of the process keeps the shape of the trie out of reach of whoever
// chooses keys.
var seed = maphash.MakeSeed() //nolint:gochecknoglobals // never changes

func hashOf(key string) uint64 { return maphash.String(seed, key) }

// Len counts the entries.
func (m Map[V]) Len() int { return m.size }

// Get returns a key's value.
func (m Map[V]) Get(key string) (V, bool) {
	hash := hashOf(key)
	for n := m.root; n != nil; hash >>= bitsPerLevel {
		bit := uint32(1) << (hash & 31)
		if n.present&bit == 0 {
			break
		}
		e := n.entries[bits.OnesCount32(n.present&(bit-1))]
		if e.sub == nil {
			return e.leaf.get(key)
		}
		n = e.sub
	}
	var none V
	return none, false
}

func (l *leaf[V]) get(key string) (V, bool) {
	for ; l != nil; l = l.next {
		if l.key == key {
			return l.value, true
		}
	}
	var none V
	return none, false
}

// All ranges over the entries, in no order that means anything.
func (m Map[V]) All() iter.Seq2[string, V] {
	return func(yield func(string, V) bool) { m.root.each(yield) }
}

// Sorted ranges over the entries in the order of their keys.
func (m Map[V]) Sorted() iter.Seq2[string, V] {
	return func(yield func(string, V) bool) {
		entries := maps.Collect(m.All())
		for _, key := range slices.Sorted(maps.Keys(entries)) {
			if !yield(key, entries[key]) {
				return
			}
		}
	}
}

func (n *node[V]) each(yield func(string, V) bool) bool {
	if n == nil {
		return true
	}
	for _, e := range n.entries {
		if !e.each(yield) {
			return false
		}
	}
	return true
}

func (e entry[V]) each(yield func(string, V) bool) bool {
	if e.sub != nil {
		return e.sub.each(yield)
	}
	for l := e.leaf; l != nil; l = l.next {
		if !yield(l.key, l.value) {
			return false
		}
	}
	return true
}

// With returns a map that also has key with value.
func (m Map[V]) With(key string, value V) Map[V] {
	root, added := m.root.with(&leaf[V]{key: key, value: value}, hashOf(key), 0)
	if added {
		m.size++
	}
	m.root = root
	return m
}

func (n *node[V]) with(l *leaf[V], hash uint64, depth int) (*node[V], bool) {
	bit := uint32(1) << (hash >> depth & 31)
	if n == nil {
		return &node[V]{bit, []entry[V]{{leaf: l}}}, true
	}
	at := bits.OnesCount32(n.present & (bit - 1))
	if n.present&bit == 0 {
		entries := make([]entry[V], 0, len(n.entries)+1)
		entries = append(append(append(entries, n.entries[:at]...), entry[V]{leaf: l}), n.entries[at:]...)
		return &node[V]{n.present | bit, entries}, true
	}
	e, added := n.entries[at].with(l, hash, depth+bitsPerLevel)
	return n.replacing(at, e), added
}

func (e entry[V]) with(l *leaf[V], hash uint64, depth int) (entry[V], bool) {
	switch {
	case e.sub != nil:
		sub, added := e.sub.with(l, hash, depth)
		return entry[V]{sub: sub}, added
	case e.leaf.key == l.key || depth >= hashBits:
		rest, removed := e.leaf.without(l.key)
		return entry[V]{leaf: &leaf[V]{l.key, l.value, rest}}, !removed
	default: // two keys in one place: one level further they part
		var sub *node[V]
		for old := e.leaf; old != nil; old = old.next {
			sub, _ = sub.with(&leaf[V]{key: old.key, value: old.value}, hashOf(old.key), depth)
		}
		sub, added := sub.with(l, hash, depth)
		return entry[V]{sub: sub}, added
	}
}

func (l *leaf[V]) without(key string) (*leaf[V], bool) {
	if l == nil {
		return nil, false
	}
	if l.key == key {
		return l.next, true
	}
	rest, removed := l.next.without(key)
	if !removed {
		return l, false
	}
	return &leaf[V]{l.key, l.value, rest}, true
}

func (n *node[V]) replacing(at int, e entry[V]) *node[V] {
	entries := append([]entry[V](nil), n.entries...)
	entries[at] = e
	return &node[V]{n.present, entries}
}

// Without returns a map that lacks key.
func (m Map[V]) Without(key string) Map[V] {
	if root, removed := m.root.without(key, hashOf(key), 0); removed {
		return Map[V]{root, m.size - 1}
	}
	return m
}

func (n *node[V]) without(key string, hash uint64, depth int) (*node[V], bool) {
	bit := uint32(1) << (hash >> depth & 31)
	if n == nil || n.present&bit == 0 {
		return n, false
	}
	at := bits.OnesCount32(n.present & (bit - 1))
	e := n.entries[at]
	var removed bool
	if e.sub != nil {
		e.sub, removed = e.sub.without(key, hash, depth+bitsPerLevel)
	} else {
		e.leaf, removed = e.leaf.without(key)
	}
	switch {
	case !removed:
		return n, false
	case e.sub != nil || e.leaf != nil:
		return n.replacing(at, e), true
	case len(n.entries) == 1:
		return nil, true
	default:
		entries := make([]entry[V], 0, len(n.entries)-1)
		entries = append(append(entries, n.entries[:at]...), n.entries[at+1:]...)
		return &node[V]{n.present &^ bit, entries}, true
	}
}

// Change is how one key differs between two maps.
type Change[V any] struct {
	Key          string
	Old, New     V
	InOld, InNew bool
}

// Changes ranges over the keys of two maps that may differ. Parts the maps
// share are not looked at; a key in both may be reported with equal values.
func Changes[V any](old, latest Map[V]) iter.Seq[Change[V]] {
	return func(yield func(Change[V]) bool) {
		changesBetween(entry[V]{sub: old.root}, entry[V]{sub: latest.root}, yield)
	}
}

func changesBetween[V any](old, latest entry[V], yield func(Change[V]) bool) bool {
	if old == latest {
		return true
	}
	if old.sub != nil && latest.sub != nil {
		return changesBelow(old.sub, latest.sub, yield)
	}
	there := Map[V]{}
	for key, value := range old.each2() {
		there = there.With(key, value)
	}
	for key, value := range latest.each2() {
		was, ok := there.Get(key)
		if !yield(Change[V]{key, was, value, ok, true}) {
			return false
		}
		there = there.Without(key)
	}
	for key, was := range there.All() {
		var none V
		if !yield(Change[V]{key, was, none, true, false}) {
			return false
		}
	}
	return true
}

func changesBelow[V any](old, latest *node[V], yield func(Change[V]) bool) bool {
	if old == latest {
		return true
	}
	for both := old.present | latest.present; both != 0; both &= both - 1 {
		bit := both & -both
		if !changesBetween(old.child(bit), latest.child(bit), yield) {
			return false
		}
	}
	return true
}

func (n *node[V]) child(bit uint32) entry[V] {
	if n.present&bit == 0 {
		return entry[V]{}
	}
	return n.entries[bits.OnesCount32(n.present&(bit-1))]
}

func (e entry[V]) each2() iter.Seq2[string, V] {
	return func(yield func(string, V) bool) { e.each(yield) }
}
