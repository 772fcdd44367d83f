package resources

import (
	"reflect"
	"strings"
	"sync/atomic"
)

// A plan is how one struct type goes to and from JSON, worked out once from
// its tags. Every field has a shape; a value that does not fit its field's
// shape is kept raw rather than refused, because what the platform sends
// changes without notice and no call may be lost for it.
type plan struct {
	graphType  string
	quotedType string // in quotes
	wireAt     spot
	fields     []field
	all        Fields         // those there are
	names      []string       // the fields' and, behind them, @odata.type
	quoted     []string       // these, in quotes and with a colon
	lengths    [][]int        // places among the names, by the length of the name
	folded     map[string]int // the fields' places, by the name in lower case
	follows    []atomic.Int32 // the place that came after each lately and, last of all, the one that came first
	usual      usual
}

type field struct {
	name  string
	at    spot
	shape shape
}

// shape is how one Go type looks on the wire. decode reports false, with
// nothing or only part of the value consumed, when the value does not fit.
type shape interface {
	decode(r *reader, into reflect.Value) (fits bool)
	encode(w *writer, from reflect.Value) error
	equal(a, b reflect.Value) bool
	pack(p *packer, from reflect.Value)
	unpack(u *unpacker, into reflect.Value)
	// detach has a copy, which is shallow and not zero, keep no text alive but
	// its own.
	detach(d *detacher, copied reflect.Value)
}

func planFor[T any]() *plan { return planOf(reflect.TypeFor[T]()) }

func planOf(t reflect.Type) *plan { return shapeOf(t).(structShape).plan() }

func newPlan(t reflect.Type) *plan {
	wire, _ := t.FieldByName("Wire")
	p := &plan{graphType: graphTypeOf(t), quotedType: `"` + graphTypeOf(t) + `"`, wireAt: spotOf(wire.Index), folded: map[string]int{}}
	for _, f := range reflect.VisibleFields(t) {
		if name := f.Tag.Get("json"); !f.Anonymous && name != "" {
			p.all |= 1 << len(p.fields)
			p.fields = append(p.fields, field{name, spotOf(f.Index), shapeOf(f.Type)})
			p.folded[strings.ToLower(name)] = len(p.names)
			p.name(name)
		}
	}
	p.name(odataType)
	p.follows = make([]atomic.Int32, len(p.names)+1)
	return p
}

func (p *plan) name(name string) {
	for len(p.lengths) <= len(name) {
		p.lengths = append(p.lengths, nil)
	}
	p.lengths[len(name)] = append(p.lengths[len(name)], len(p.names))
	p.names = append(p.names, name)
	p.quoted = append(p.quoted, `"`+name+`":`)
}

func pointerTo[T any](value *T) reflect.Value { return reflect.ValueOf(value).Elem() }

// says is what a resource's text named; tell puts it there.
func (p *plan) says(value reflect.Value) *said {
	wire, _ := reflect.TypeAssert[Wire](p.wireAt.of(value))
	return wire.said
}

func (p *plan) tell(value reflect.Value, says *said) {
	p.wireAt.of(value).Set(reflect.ValueOf(Wire{says}))
}

// place finds a name among the plan's.
func (p *plan) place(name string) (int, bool) {
	if len(name) < len(p.lengths) {
		for _, i := range p.lengths[len(name)] {
			if p.names[i] == name {
				return i, true
			}
		}
	}
	i, known := p.folded[strings.ToLower(name)]
	return i, known
}

// field finds a field by its name, spelt as the platform does.
func (p *plan) field(name string) (int, bool) {
	i, known := p.place(name)
	return i, known && i < len(p.fields) && p.names[i] == name
}

func (p *plan) decode(r *reader, into reflect.Value) bool {
	if !r.enter('{') {
		return false
	}
	says := said{present: fieldDecoded}
	for last := len(p.names); r.more('}'); {
		place, name, known := p.next(r, last)
		switch {
		case !known:
			says.unknown = r.keep(says.unknown, name, r.raw())
			continue
		case place == len(p.fields):
			p.decodeType(r, &says)
		default:
			p.decodeField(r, into, &says, place)
		}
		last = place
	}
	p.tell(into, p.usual.share(says))
	return true
}

// next consumes a name and returns its place, or the name itself where it is
// none of the plan's. Since the platform names things in the same order every
// time, the name that came next the last time is tried first.
func (p *plan) next(r *reader, last int) (place int, name string, known bool) {
	follows := &p.follows[last]
	if guess := int(follows.Load()); r.pass(p.quoted[guess]) {
		return guess, "", true
	}
	name = r.name()
	if place, known = p.place(name); known {
		follows.Store(int32(place))
	}
	return place, name, known
}

func (p *plan) decodeField(r *reader, into reflect.Value, says *said, i int) {
	f, bit := &p.fields[i], Fields(1)<<i
	repeated := says.present.Has(bit)
	if r.kind() == 'n' && r.literal("null") {
		says.present |= bit
		says.null |= bit
		if repeated {
			f.of(into).SetZero()
		}
		return
	}
	target, start := f.of(into), r.place
	var before reflect.Value // what the same text said of it already
	if repeated {
		before = reflect.New(target.Type()).Elem()
		before.Set(target)
		target.SetZero()
	}
	if f.shape.decode(r, target) {
		says.present |= bit
		says.null &^= bit
		return
	}
	if before.IsValid() {
		target.Set(before)
	} else {
		target.SetZero()
	}
	says.unknown = r.keep(says.unknown, f.name, r.rawFrom(start))
}

func (p *plan) decodeType(r *reader, says *said) {
	if p.graphType != "" && r.pass(p.quotedType) {
		says.present |= fieldType
		return
	}
	says.unknown = r.keep(says.unknown, odataType, r.raw())
}

func (p *plan) encode(w *writer, from reflect.Value) error {
	if err := w.beginObject(); err != nil {
		return err
	}
	says := p.says(from).orNothing()
	if err := p.encodeType(w, says); err != nil {
		return err
	}
	for i := range p.fields {
		if err := p.encodeField(w, from, says, i); err != nil {
			return err
		}
	}
	for _, unknown := range says.unknown {
		if err := w.text(unknown.name); err != nil {
			return err
		}
		if err := w.raw(unknown.value); err != nil {
			return err
		}
	}
	return w.endObject()
}

// encodeType names the type of everything made by hand, since the platform
// wants it wherever a property can hold several types, and of what came with
// its name.
func (p *plan) encodeType(w *writer, says said) error {
	if p.graphType == "" || says.present.Has(fieldDecoded) && !says.present.Has(fieldType) {
		return nil
	}
	if _, other := find(says.unknown, odataType); other {
		return nil
	}
	if err := w.text(odataType); err != nil {
		return err
	}
	return w.text(p.graphType)
}

func (p *plan) encodeField(w *writer, from reflect.Value, says said, i int) error {
	value := p.fields[i].of(from)
	zero, bit := value.IsZero(), Fields(1)<<i
	if zero && !says.present.Has(bit) {
		return nil
	}
	if err := w.text(p.fields[i].name); err != nil {
		return err
	}
	if zero && (says.null.Has(bit) || value.Kind() == reflect.Pointer || value.Kind() == reflect.Slice || value.Kind() == reflect.Interface) {
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
	return sameUnknown(p.says(a), p.says(b))
}

// of is the field of a struct.
func (f *field) of(value reflect.Value) reflect.Value { return f.at.of(value) }

// spot is where in a struct a field is.
type spot struct {
	outer int
	inner []int // within that one, which is embedded; mostly empty
}

func spotOf(index []int) spot { return spot{index[0], index[1:]} }

func (s *spot) of(value reflect.Value) reflect.Value {
	value = value.Field(s.outer)
	if len(s.inner) == 0 {
		return value
	}
	return value.FieldByIndex(s.inner)
}

func (f *field) equal(a, b reflect.Value) bool { return f.shape.equal(f.of(a), f.of(b)) }
