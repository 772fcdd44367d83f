package resources

import (
	"fmt"
	"iter"
	"math/bits"
	"reflect"
	"slices"
	"strings"
)

// Fields is a set of a resource's properties. Which bit stands for which
// property depends on the type; [FieldNames] tells.
type Fields uint64

// A few bits stand for what every resource has, above those of its fields.
const (
	fieldUnknown Fields = 1 << 60 // the properties without a field: Undeclared
	fieldType    Fields = 1 << 61 // @odata.type, as the type's own
	fieldDecoded Fields = 1 << 62 // the resource came from text
	maxFields           = 60
)

// Undeclared stands for all properties without a field of their own.
const Undeclared = fieldUnknown

// Has reports whether all of others are in the set.
func (f Fields) Has(others Fields) bool { return f&others == others }

// Len counts the set's properties.
func (f Fields) Len() int { return bits.OnesCount64(uint64(f)) }

// each ranges over the set's places among a type's fields.
func (f Fields) each() iter.Seq[int] {
	return func(yield func(int) bool) {
		for ; f != 0; f &= f - 1 {
			if !yield(bits.TrailingZeros64(uint64(f))) {
				return
			}
		}
	}
}

// FieldsOf returns the properties a resource says something about: those its
// text named, null included, and those with a value.
func FieldsOf[T any](resource *T) Fields {
	p := planFor[T]()
	value := reflect.ValueOf(resource).Elem()
	says := p.says(value).orNothing()
	named := says.present &^ (fieldType | fieldDecoded)
	for i := range (p.all &^ named).each() {
		if !p.fields[i].of(value).IsZero() {
			named |= 1 << i
		}
	}
	if says.unknown != nil {
		named |= fieldUnknown
	}
	return named
}

// FieldNames returns the wire names of a set of T's properties. All
// properties without a field of their own count as one, named "*".
func FieldNames[T any](set Fields) []string {
	var names []string
	p := planFor[T]()
	for i := range p.fields {
		if set.Has(1 << i) {
			names = append(names, p.fields[i].name)
		}
	}
	if set.Has(fieldUnknown) {
		names = append(names, "*")
	}
	return names
}

// FieldNamed returns the set holding T's property of that wire name, or the
// empty set.
func FieldNamed[T any](name string) Fields {
	if i, known := planFor[T]().field(name); known {
		return 1 << i
	}
	return 0
}

// CheckFit returns ErrMalformed, with their names, where values in a resource's
// text did not have the shape of their fields, and so are kept as raw
// properties. What the platform sends need not fit; what a program has written
// itself should.
func CheckFit[T any](resource *T) error {
	p := planFor[T]()
	var misfits []string
	for _, property := range p.says(pointerTo(resource)).orNothing().unknown {
		if _, known := p.field(property.name); known {
			misfits = append(misfits, property.name)
		}
	}
	if misfits != nil {
		return fmt.Errorf("%w: not of the shape it should have: %s", ErrMalformed, strings.Join(misfits, ", "))
	}
	return nil
}

// Merge returns current with the given fields of news laid over it, and which
// of them thereby changed. A field news has as null is cleared. Of the
// properties without a field, those are taken that undeclared admits by name;
// nil admits all; past a few hundred of them names that are new are not taken.
// Neither input is changed; when nothing changes, the result is current itself.
// What is taken of news is detached, as by [Detach].
func Merge[T any](current, news *T, which Fields, undeclared func(name string) bool) (*T, Fields) {
	p := planFor[T]()
	from, base := reflect.ValueOf(news).Elem(), reflect.ValueOf(current).Elem()
	mine, theirs := p.says(base).orNothing(), p.says(from).orNothing()
	var changed Fields
	for i := range (which & p.all).each() {
		if !p.fields[i].equal(base, from) {
			changed |= 1 << i
		}
	}
	unknown := mine.unknown
	if which.Has(fieldUnknown) {
		var differs bool
		if unknown, differs = mergeUnknown(unknown, theirs.unknown, undeclared); differs {
			changed |= fieldUnknown
		}
	}
	if changed == 0 {
		return current, 0
	}
	merged := new(T)
	*merged = *current
	into := reflect.ValueOf(merged).Elem()
	p.take(into, from, changed&p.all)
	p.tell(into, p.usual.share(said{
		present: mine.present | changed&^fieldUnknown,
		null:    mine.null&^changed | theirs.null&changed,
		unknown: unknown,
	}))
	return merged, changed
}

// take sets some fields to what another resource has there.
func (p *plan) take(into, from reflect.Value, which Fields) {
	d := newDetacher()
	defer d.release()
	for i := range which.each() {
		field := p.fields[i].of(into)
		field.Set(p.fields[i].of(from))
		if !field.IsZero() {
			p.fields[i].shape.detach(d, field)
		}
	}
	d.settle()
}

// Equal reports whether two resources say the same, however they were spelt.
func Equal[T any](a, b *T) bool {
	if a == b || a == nil || b == nil {
		return a == b
	}
	return planFor[T]().equal(reflect.ValueOf(a).Elem(), reflect.ValueOf(b).Elem())
}

func mergeUnknown(current, news []property, admits func(string) bool) ([]property, bool) {
	merged, differs := current, false
	for _, p := range news {
		old, known := find(merged, p.name)
		if admits != nil && !admits(p.name) || known && string(old) == string(p.value) || !known && len(merged) >= maxUnknown {
			continue
		}
		if !differs {
			merged, differs = slices.Clone(current), true
		}
		merged = set(merged, strings.Clone(p.name), p.value)
	}
	return merged, differs
}

// WithoutNulls returns a resource that says nothing of what the given one has
// as null; that very one where it has none.
func WithoutNulls[T any](resource *T) *T {
	p := planFor[T]()
	says := p.says(pointerTo(resource)).orNothing()
	isNull := func(p property) bool { return string(p.value) == "null" }
	if says.null == 0 && !slices.ContainsFunc(says.unknown, isNull) {
		return resource
	}
	said := new(T)
	*said = *resource
	says.unknown = slices.DeleteFunc(slices.Clone(says.unknown), isNull)
	says.present, says.null = says.present&^says.null, 0
	p.tell(pointerTo(said), p.usual.share(says))
	return said
}
