package resources

import (
	"iter"
	"slices"
	"strings"
)

// Wire is embedded in every resource and keeps what its fields cannot say:
// which properties the text named, which were null, and those that have no
// field. A resource made by hand has an empty Wire, and says just what its
// non-zero fields say.
type Wire struct {
	present Fields
	null    Fields
	unknown *[]property
}

type property struct {
	name  string
	value Raw
}

// Property returns a property that has no field of its own, or whose value did
// not have its field's shape. Names match in any case, the very name before any
// other spelling of it.
func (w *Wire) Property(name string) (Raw, bool) {
	var other Raw
	found := false
	for unknown, value := range w.Properties() {
		if unknown == name {
			return value, true
		}
		if !found && strings.EqualFold(unknown, name) {
			other, found = value, true
		}
	}
	return other, found
}

// Properties ranges over all properties that have no field of their own, in
// the order of the text.
func (w *Wire) Properties() iter.Seq2[string, Raw] {
	return func(yield func(string, Raw) bool) {
		if w.unknown == nil {
			return
		}
		for _, p := range *w.unknown {
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
	properties := w.cloneUnknown()
	at := slices.IndexFunc(properties, func(p property) bool { return p.name == name })
	if at < 0 {
		properties = append(properties, property{name, value})
	} else {
		properties[at].value = value
	}
	w.unknown = &properties
}

func (w *Wire) full() bool { return w.unknown != nil && len(*w.unknown) >= maxUnknown }

func (w *Wire) cloneUnknown() []property {
	if w.unknown == nil {
		return nil
	}
	return slices.Clone(*w.unknown)
}

// maxUnknown bounds the properties of one object that have no field. The
// platform's largest resource has some forty properties in all.
const maxUnknown = 256

// keep reports false when there is no room for one more name.
func (w *Wire) keep(name string, value Raw) bool {
	if w.unknown == nil {
		w.unknown = new([]property)
	}
	for i, p := range *w.unknown {
		if p.name == name {
			(*w.unknown)[i].value = value
			return true
		}
	}
	if len(*w.unknown) >= maxUnknown {
		return false
	}
	*w.unknown = append(*w.unknown, property{name, value})
	return true
}

// wireOf lets the codec find the Wire of any resource, embedded or not.
func (w *Wire) wireOf() *Wire { return w }
