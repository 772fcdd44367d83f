package resources

import (
	"iter"
	"slices"
	"strings"
	"sync/atomic"
)

// Wire is embedded in every resource and keeps what its fields cannot say:
// which properties the text named, which were null, and those that have no
// field. A resource made by hand has an empty Wire, and says just what its
// non-zero fields say.
type Wire struct {
	said *said // never changed, since other resources may say the same
}

// said is what a text named.
type said struct {
	present Fields
	null    Fields
	unknown []property // never changed in place
}

type property struct {
	name  string
	value Raw
}

func (w *Wire) says() said { return w.said.orNothing() }

func (s *said) orNothing() said {
	if s == nil {
		return said{}
	}
	return *s
}

// Property returns a property that has no field of its own, or whose value did
// not have its field's shape. Names match in any case, the very name before any
// other spelling of it.
func (w *Wire) Property(name string) (Raw, bool) { return find(w.says().unknown, name) }

func find(unknown []property, name string) (Raw, bool) {
	var other Raw
	found := false
	for _, p := range unknown {
		if p.name == name {
			return p.value, true
		}
		if !found && strings.EqualFold(p.name, name) {
			other, found = p.value, true
		}
	}
	return other, found
}

// Properties ranges over all properties that have no field of their own, in
// the order of the text.
func (w *Wire) Properties() iter.Seq2[string, Raw] {
	return func(yield func(string, Raw) bool) {
		for _, p := range w.says().unknown {
			if !yield(p.name, p.value) {
				return
			}
		}
	}
}

// SetProperty adds or replaces a property that has no field of its own, for
// something the platform learnt after this package was written. It must not
// be called on a resource others may be reading.
func (w *Wire) SetProperty(name string, value Raw) {
	says := w.says()
	says.unknown = set(slices.Clone(says.unknown), name, value)
	w.said = &says
}

// set adds or replaces a property in place.
func set(unknown []property, name string, value Raw) []property {
	at := slices.IndexFunc(unknown, func(p property) bool { return p.name == name })
	if at < 0 {
		return append(unknown, property{name, value})
	}
	unknown[at].value = value
	return unknown
}

// maxUnknown bounds the properties of one object that have no field. The
// platform's largest resource has some forty properties in all.
const maxUnknown = 256

// keep is set, but for reporting false when there is no room for one more name.
func keep(unknown []property, name string, value Raw) ([]property, bool) {
	kept := set(unknown, name, value)
	if len(kept) > maxUnknown {
		return unknown, false
	}
	return kept, true
}

// sameUnknown reports whether two resources have the same properties without a
// field, in whatever order.
func sameUnknown(a, b *said) bool {
	if a == b {
		return true
	}
	mine, theirs := a.orNothing().unknown, b.orNothing().unknown
	if len(mine) != len(theirs) {
		return false
	}
	for _, p := range mine {
		other, known := find(theirs, p.name)
		if !known || string(other) != string(p.value) {
			return false
		}
	}
	return true
}

// usual is what a type's texts have named lately. One differs little from the
// next, so that resources share it instead of keeping it each; it has nothing of
// what the texts said in it.
type usual [8]atomic.Pointer[said]

func (u *usual) share(says said) *said {
	if says.unknown != nil {
		own := says
		return &own
	}
	const spread = 0x9e3779b97f4a7c15 // of Fibonacci hashing; the upper three bits choose
	place := &u[uint64(says.present^says.null*3)*spread>>61]
	if known := place.Load(); known != nil && known.present == says.present && known.null == says.null {
		return known
	}
	fresh := says
	place.Store(&fresh)
	return &fresh
}
