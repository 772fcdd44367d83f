package resources

import (
	"reflect"
	"slices"
	"strings"
	"sync"
)

// Detach returns a copy of a resource that says the same and keeps no text alive
// but its own: its strings, those of all that is in it included, have one place of
// just their length. It is for what is kept of a text of which little is kept, or
// for longer than the rest. T may also be an interface, such as [Operation].
func Detach[T any](resource *T) *T {
	copied := new(T)
	*copied = *resource
	d := newDetacher()
	defer d.release()
	shapeOf(reflect.TypeFor[T]()).detach(d, pointerTo(copied))
	d.settle()
	return copied
}

// A detacher gathers the strings of a copy in the making, until their length is
// known.
type detacher struct {
	texts  []reflect.Value
	length int
}

//nolint:gochecknoglobals // a pool holds nothing between uses
var detachers = sync.Pool{New: func() any { return new(detacher) }}

func newDetacher() *detacher { return detachers.Get().(*detacher) }

// maxGathered bounds what a detacher keeps room for between uses.
const maxGathered = 1 << 10

func (d *detacher) release() {
	if cap(d.texts) > maxGathered {
		d.texts = nil
	}
	clear(d.texts)
	d.texts, d.length = d.texts[:0], 0
	detachers.Put(d)
}

func (d *detacher) gather(text reflect.Value) {
	d.texts = append(d.texts, text)
	d.length += text.Len()
}

// settle gives the strings their place.
func (d *detacher) settle() {
	var own strings.Builder
	own.Grow(d.length)
	for _, text := range d.texts {
		start := own.Len()
		own.WriteString(text.String())
		text.SetString(own.String()[start:])
	}
}

func (p *plan) detach(d *detacher, copied reflect.Value) {
	for i := range p.fields {
		if field := p.fields[i].of(copied); !field.IsZero() {
			p.fields[i].shape.detach(d, field)
		}
	}
	if says := p.says(copied).orNothing(); says.unknown != nil {
		says.unknown = slices.Clone(says.unknown)
		for i := range says.unknown {
			d.gather(reflect.ValueOf(&says.unknown[i].name).Elem())
		}
		p.tell(copied, &says)
	}
}

// detach leaves an enumeration's word to whoever has it in common.
func (s textShape) detach(d *detacher, copied reflect.Value) {
	if at := slices.Index(s.words.words, copied.String()); at >= 0 {
		copied.SetString(s.words.words[at])
		return
	}
	d.gather(copied)
}

func (boolShape) detach(*detacher, reflect.Value)     {}
func (integerShape) detach(*detacher, reflect.Value)  {}
func (floatShape) detach(*detacher, reflect.Value)    {}
func (timeShape) detach(*detacher, reflect.Value)     {}
func (durationShape) detach(*detacher, reflect.Value) {}
func (rawShape) detach(*detacher, reflect.Value)      {} // never part of a text

func (s structShape) detach(d *detacher, copied reflect.Value) { s.plan().detach(d, copied) }

func (s pointerShape) detach(d *detacher, copied reflect.Value) {
	own := reflect.New(s.elem)
	own.Elem().Set(copied.Elem())
	s.to.detach(d, own.Elem())
	copied.Set(own)
}

func (s listShape) detach(d *detacher, copied reflect.Value) {
	own := reflect.MakeSlice(s.list, copied.Len(), copied.Len())
	reflect.Copy(own, copied)
	for i := range own.Len() {
		if element := own.Index(i); !element.IsZero() {
			s.of.detach(d, element)
		}
	}
	copied.Set(own)
}

func (familyShape) detach(d *detacher, copied reflect.Value) { detachAny(d, copied) }
func (dataShape) detach(d *detacher, copied reflect.Value)   { detachAny(d, copied) }

// detachAny detaches what an interface holds, which is what encodeAny can write.
func detachAny(d *detacher, copied reflect.Value) {
	if copied.IsNil() {
		return
	}
	held := reflect.New(copied.Elem().Type()).Elem()
	held.Set(copied.Elem())
	switch held.Kind() {
	case reflect.Struct: // an OperationData
		detachAny(d, held.Field(0))
	default:
		shapeOf(held.Type()).detach(d, held)
	}
	copied.Set(held)
}
