package resources

import "reflect"

// Packed is a resource at rest: all that it says, in a fraction of the memory. It
// is for keeping many of which few are read. The zero Packed holds none.
//
// Two that are equal hold resources that say the same. Two that are not may do so
// too, in other words: a field that one text has as false, another may leave out.
type Packed[T any] struct{ form string }

// Pack returns a resource, a struct of this package or another that embeds [Wire],
// in its resting form, which shares nothing with it.
func Pack[T any](resource *T) Packed[T] {
	p := packers.Get().(*packer)
	defer packers.Put(p)
	return Packed[T]{string(formOf(p, resource))}
}

// Holds reports whether a resource would be packed as this. It takes no memory.
func (p Packed[T]) Holds(resource *T) bool {
	to := packers.Get().(*packer)
	defer packers.Put(to)
	return string(formOf(to, resource)) == p.form
}

func formOf[T any](p *packer, resource *T) []byte {
	p.form = p.form[:0]
	if v, ok := any(resource).(visitable); ok {
		p.visit(v, planFor[T]())
	} else {
		planFor[T]().pack(p, pointerTo(resource))
	}
	return p.form
}

// Unpack returns the resource anew, with all that came with it: nulls that were
// spelt out, and unknown properties in their order. It returns nil for the zero
// Packed.
func (p Packed[T]) Unpack() *T {
	if p.form == "" {
		return nil
	}
	u := unpackers.Get().(*unpacker)
	defer u.release()
	u.form = p.form
	resource := new(T)
	if v, ok := any(resource).(visitable); ok {
		u.visit(v, planFor[T]())
	} else {
		planFor[T]().unpack(u, pointerTo(resource))
	}
	return resource
}

// Filled returns the resource's fields that are not zero, and does not unpack it
// for that.
func (p Packed[T]) Filled() Fields {
	if p.form == "" {
		return 0
	}
	filled, _ := (&unpacker{form: p.form}).begin(planFor[T]())
	return filled
}

func (p *plan) pack(to *packer, from reflect.Value) {
	start, filled := to.begin(p), Fields(0)
	for i := range p.fields {
		f := &p.fields[i]
		if value := f.of(from); !value.IsZero() {
			filled |= 1 << i
			f.shape.pack(to, value)
		}
	}
	to.end(p, start, filled, p.says(from))
}

func (p *plan) unpack(from *unpacker, into reflect.Value) {
	filled, flags := from.begin(p)
	for i := range filled.each() {
		f := &p.fields[i]
		f.shape.unpack(from, f.of(into))
	}
	p.tell(into, from.end(p, filled, flags))
}
