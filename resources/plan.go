package resources

import (
	"reflect"
	"strings"
	"sync"
)

// A plan is how one struct type goes to and from JSON, worked out once from
// its tags. Every field has a shape; a value that does not fit its field's
// shape is kept raw rather than refused, because what the platform sends
// changes without notice and no call may be lost for it.
type plan struct {
	graphType string
	fields    []field
	names     map[string]int // as the wire spells them
	folded    map[string]int // lower case, for the wire's other spellings
}

type field struct {
	name  string
	index []int
	shape shape
}

// shape is how one Go type looks on the wire. decode reports false, with
// nothing or only part of the value consumed, when the value does not fit.
type shape interface {
	decode(r *reader, into reflect.Value) (fits bool, err error)
	encode(w *writer, from reflect.Value) error
	equal(a, b reflect.Value) bool
}

// plans memoises a pure function of the type, as encoding/json does.
//
//nolint:gochecknoglobals // the same for everybody, and bounded by the types there are
var plans sync.Map

func planFor[T any]() *plan { return planOf(reflect.TypeFor[T]()) }

func planOf(t reflect.Type) *plan {
	if known, ok := plans.Load(t); ok {
		return known.(*plan)
	}
	p := &plan{names: map[string]int{}, folded: map[string]int{}}
	if named, ok := reflect.TypeAssert[interface{ graphType() string }](reflect.New(t)); ok {
		p.graphType = named.graphType()
	}
	for _, f := range reflect.VisibleFields(t) {
		name := f.Tag.Get("json")
		if f.Anonymous || name == "" {
			continue
		}
		p.names[name] = len(p.fields)
		p.folded[strings.ToLower(name)] = len(p.fields)
		p.fields = append(p.fields, field{name, f.Index, shapeOf(f.Type)})
	}
	known, _ := plans.LoadOrStore(t, p)
	return known.(*plan)
}

func pointerTo[T any](value *T) reflect.Value { return reflect.ValueOf(value).Elem() }

func (p *plan) wire(value reflect.Value) *Wire {
	return value.Addr().Interface().(interface{ wireOf() *Wire }).wireOf()
}

func (p *plan) lookup(name []byte) (int, bool) {
	if i, known := p.names[string(name)]; known {
		return i, true
	}
	i, known := p.folded[strings.ToLower(string(name))]
	return i, known
}

func (p *plan) decode(r *reader, into reflect.Value) (bool, error) {
	if r.kind() != '{' {
		return false, nil
	}
	if err := r.token(); err != nil {
		return false, err
	}
	wire := p.wire(into)
	wire.present |= fieldDecoded
	for r.kind() != '}' {
		quoted, err := r.scalar()
		if err != nil {
			return false, err
		}
		if err := p.decodeProperty(r, into, wire, unquote(quoted)); err != nil {
			return false, err
		}
	}
	return true, r.token()
}

func (p *plan) decodeProperty(r *reader, into reflect.Value, wire *Wire, name []byte) error {
	i, known := p.lookup(name)
	if !known {
		return p.decodeUnknown(r, wire, string(name))
	}
	bit := Fields(1) << i
	target := into.FieldByIndex(p.fields[i].index)
	if r.kind() == 'n' {
		wire.present |= bit
		wire.null |= bit
		target.SetZero()
		return r.skip()
	}
	var before reflect.Value // what the same text said of it already
	if wire.present.Has(bit) {
		before = reflect.New(target.Type()).Elem()
		before.Set(target)
	}
	start := r.here()
	fits, err := p.fields[i].shape.decode(r, target)
	switch {
	case err != nil:
		return err
	case fits:
		wire.present |= bit
		wire.null &^= bit
		return nil
	case before.IsValid():
		target.Set(before)
	default:
		target.SetZero()
	}
	raw, err := r.rawFrom(start)
	if err != nil {
		return err
	}
	return r.keep(wire, p.fields[i].name, raw)
}

func (p *plan) decodeUnknown(r *reader, wire *Wire, name string) error {
	if name == odataType && p.graphType != "" && r.kind() == '"' {
		quoted, err := r.scalar()
		if err != nil {
			return err
		}
		if string(unquote(quoted)) == p.graphType {
			wire.present |= fieldType
			return nil
		}
		return r.keep(wire, name, Raw(string(quoted)))
	}
	raw, err := r.raw()
	if err != nil {
		return err
	}
	return r.keep(wire, name, raw)
}

func (p *plan) encode(w *writer, from reflect.Value) error {
	if err := w.beginObject(); err != nil {
		return err
	}
	wire := p.wire(from)
	if err := p.encodeType(w, wire); err != nil {
		return err
	}
	for i := range p.fields {
		if err := p.encodeField(w, from, wire, i); err != nil {
			return err
		}
	}
	for name, value := range wire.Properties() {
		if err := w.text(name); err != nil {
			return err
		}
		if err := w.raw(value); err != nil {
			return err
		}
	}
	return w.endObject()
}

// encodeType names the type of everything made by hand, since the platform
// wants it wherever a property can hold several types, and of what came with
// its name.
func (p *plan) encodeType(w *writer, wire *Wire) error {
	if p.graphType == "" || wire.present.Has(fieldDecoded) && !wire.present.Has(fieldType) {
		return nil
	}
	if _, other := wire.Property(odataType); other {
		return nil
	}
	if err := w.text(odataType); err != nil {
		return err
	}
	return w.text(p.graphType)
}

func (p *plan) encodeField(w *writer, from reflect.Value, wire *Wire, i int) error {
	value := from.FieldByIndex(p.fields[i].index)
	zero, bit := value.IsZero(), Fields(1)<<i
	if zero && !wire.present.Has(bit) {
		return nil
	}
	if err := w.text(p.fields[i].name); err != nil {
		return err
	}
	if zero && (wire.null.Has(bit) || value.Kind() == reflect.Pointer || value.Kind() == reflect.Slice || value.Kind() == reflect.Interface) {
		return w.null()
	}
	return p.fields[i].shape.encode(w, value)
}

func (p *plan) equal(a, b reflect.Value) bool {
	for i := range p.fields {
		if !p.fields[i].equal(a, b) {
			return false
		}
	}
	mine, theirs := p.wire(a).cloneUnknown(), p.wire(b).cloneUnknown()
	if len(mine) != len(theirs) {
		return false
	}
	for _, property := range mine {
		other, known := p.wire(b).Property(property.name)
		if !known || string(other) != string(property.value) {
			return false
		}
	}
	return true
}

func (f *field) equal(a, b reflect.Value) bool {
	return f.shape.equal(a.FieldByIndex(f.index), b.FieldByIndex(f.index))
}
