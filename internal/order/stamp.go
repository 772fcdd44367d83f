package order

import (
	"slices"

	"github.com/graphcalls/graphcalls-go/resources"
)

// Stamp ranks a fact by where it was said: in a resource's Version, if it had
// one, and in a state of that Band. The higher was said later.
type Stamp struct {
	Version uint64
	Band    int
}

// Before reports whether s was surely said before other.
func (s Stamp) Before(other Stamp) bool {
	if s.Version != 0 && other.Version != 0 && s.Version != other.Version {
		return s.Version < other.Version
	}
	return s.Band < other.Band
}

// Stamps remembers for each property of a resource how late it was said, so
// that a fact that comes late fills what nobody said later, and overwrites
// nothing newer. It makes any order of arrival end in the same facts. The zero
// Stamps knows of none; a Stamps is never changed.
type Stamps struct {
	groups []stamped
	names  []named // properties without a field
}

type named struct {
	name  string
	stamp Stamp
}

type stamped struct {
	stamp  Stamp
	fields resources.Fields
}

// Admit returns those of fields that stamp may set: those never set, and those
// not set by a later stamp.
func (s Stamps) Admit(stamp Stamp, fields resources.Fields) resources.Fields {
	for _, g := range s.groups {
		if stamp.Before(g.stamp) {
			fields &^= g.fields
		}
	}
	return fields
}

// With returns the stamps after fields were set by stamp, and whether they
// differ from those before.
func (s Stamps) With(stamp Stamp, fields resources.Fields) (Stamps, bool) {
	if fields == 0 || s.has(stamp, fields) {
		return s, false
	}
	groups := make([]stamped, 0, len(s.groups)+1)
	for _, g := range s.groups {
		g.fields &^= fields
		if g.stamp == stamp {
			fields |= g.fields
		} else if g.fields != 0 {
			groups = append(groups, g)
		}
	}
	return Stamps{append(groups, stamped{stamp, fields}), s.names}, true
}

// AdmitName is Admit for a property without a field of its own.
func (s Stamps) AdmitName(stamp Stamp, name string) bool {
	at := s.named(name)
	return at < 0 || !stamp.Before(s.names[at].stamp)
}

// WithName is With for a property without a field of its own.
func (s Stamps) WithName(stamp Stamp, name string) (Stamps, bool) {
	at := s.named(name)
	if at >= 0 && s.names[at].stamp == stamp {
		return s, false
	}
	s.names = slices.Clone(s.names)
	if at < 0 {
		s.names = append(s.names, named{name, stamp})
	} else {
		s.names[at].stamp = stamp
	}
	return s, true
}

func (s Stamps) named(name string) int {
	return slices.IndexFunc(s.names, func(n named) bool { return n.name == name })
}

func (s Stamps) has(stamp Stamp, fields resources.Fields) bool {
	return slices.ContainsFunc(s.groups, func(g stamped) bool { return g.stamp == stamp && g.fields.Has(fields) })
}
