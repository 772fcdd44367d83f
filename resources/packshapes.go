package resources

import (
	"math"
	"reflect"
	"time"
)

func (s textShape) pack(p *packer, from reflect.Value)     { p.text(from.String(), s.words.words) }
func (s textShape) unpack(u *unpacker, into reflect.Value) { into.SetString(u.text(s.words.words)) }

func (boolShape) pack(p *packer, from reflect.Value)     { p.boolean(from.Bool()) }
func (boolShape) unpack(u *unpacker, into reflect.Value) { into.SetBool(u.boolean()) }

func (integerShape) pack(p *packer, from reflect.Value)     { p.integer(from.Int()) }
func (integerShape) unpack(u *unpacker, into reflect.Value) { into.SetInt(u.integer()) }

func (durationShape) pack(p *packer, from reflect.Value)     { p.integer(from.Int()) }
func (durationShape) unpack(u *unpacker, into reflect.Value) { into.SetInt(u.integer()) }

func (floatShape) pack(p *packer, from reflect.Value) { p.number(math.Float64bits(from.Float())) }
func (floatShape) unpack(u *unpacker, into reflect.Value) {
	into.SetFloat(math.Float64frombits(u.number()))
}

func (timeShape) pack(p *packer, from reflect.Value) {
	moment := from.Interface().(time.Time)
	p.integer(moment.Unix())
	p.number(uint64(moment.Nanosecond()))
}

func (timeShape) unpack(u *unpacker, into reflect.Value) {
	into.Set(reflect.ValueOf(time.Unix(u.integer(), int64(u.number())).UTC()))
}

func (rawShape) pack(p *packer, from reflect.Value)     { p.string(string(from.Bytes())) }
func (rawShape) unpack(u *unpacker, into reflect.Value) { into.SetBytes([]byte(u.string())) }

func (s structShape) pack(p *packer, from reflect.Value)     { s.plan().pack(p, from) }
func (s structShape) unpack(u *unpacker, into reflect.Value) { s.plan().unpack(u, into) }

func (s pointerShape) pack(p *packer, from reflect.Value) {
	p.boolean(!from.IsNil())
	if !from.IsNil() {
		s.to.pack(p, from.Elem())
	}
}

func (s pointerShape) unpack(u *unpacker, into reflect.Value) {
	if u.boolean() {
		into.Set(reflect.New(s.elem))
		s.to.unpack(u, into.Elem())
	}
}

func (s listShape) pack(p *packer, from reflect.Value) {
	p.number(uint64(from.Len()))
	for i := range from.Len() {
		s.of.pack(p, from.Index(i))
	}
}

func (s listShape) unpack(u *unpacker, into reflect.Value) {
	length := int(u.number())
	into.Set(reflect.MakeSlice(s.list, length, length))
	for i := range length {
		s.of.unpack(u, into.Index(i))
	}
}
