package resources

import (
	"bytes"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// shapes memoises a pure function of the type, as encoding/json does.
//
//nolint:gochecknoglobals // the same for everybody, and bounded by the types there are
var shapes sync.Map

func shapeOf(t reflect.Type) shape {
	if known, ok := shapes.Load(t); ok {
		return known.(shape)
	}
	known, _ := shapes.LoadOrStore(t, newShape(t))
	return known.(shape)
}

func newShape(t reflect.Type) shape {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return timeShape{}
	case t == reflect.TypeFor[time.Duration]():
		return durationShape{}
	case t == reflect.TypeFor[Raw](), t == reflect.TypeFor[RawData]():
		return rawShape{}
	case t == reflect.TypeFor[Data]():
		return dataShape{familyShape{operationFamily()}}
	case t.Kind() == reflect.Interface:
		return familyShape{familyOf(t)}
	case t.Kind() == reflect.Pointer:
		return pointerShape{t.Elem(), shapeOf(t.Elem())}
	case t.Kind() == reflect.Slice:
		return listShape{t, shapeOf(t.Elem()), new(atomic.Int32)}
	case t.Kind() == reflect.Struct:
		return structShape{sync.OnceValue(func() *plan { return newPlan(t) }), identical(t)}
	case t.Kind() == reflect.Bool:
		return boolShape{}
	case t.Kind() == reflect.Float64:
		return floatShape{}
	case t.Kind() == reflect.String:
		return textShape{wordsOf(t)}
	default: // the tests decode every type, so a kind forgotten here fails there
		return integerShape{t.Bits()}
	}
}

// textShape is a string; words, where there are any, is an enum's vocabulary.
type textShape struct{ words vocabulary }

func (s textShape) decode(r *reader, into reflect.Value) bool {
	if r.kind() != '"' {
		return false
	}
	into.SetString(s.words.canonical(r.unquoted()))
	return true
}

func (textShape) encode(w *writer, from reflect.Value) error { return w.text(from.String()) }
func (textShape) equal(a, b reflect.Value) bool              { return a.String() == b.String() }

type boolShape struct{}

func (boolShape) decode(r *reader, into reflect.Value) bool {
	switch r.kind() {
	case 't':
		into.SetBool(r.literal("true"))
		return true
	case 'f':
		into.SetBool(!r.literal("false"))
		return true
	case '"':
		value, err := strconv.ParseBool(strings.ToLower(strings.TrimSpace(r.unquoted())))
		into.SetBool(value)
		return err == nil
	default:
		return false
	}
}

func (boolShape) encode(w *writer, from reflect.Value) error { return w.boolean(from.Bool()) }
func (boolShape) equal(a, b reflect.Value) bool              { return a.Bool() == b.Bool() }

type integerShape struct{ bits int }

// decode takes the quotes off a number that came as a string.
func (s integerShape) decode(r *reader, into reflect.Value) bool {
	var digits string
	switch c := r.kind(); {
	case c == '-' || isDigit(c):
		digits = r.number()
	case c == '"':
		digits = strings.TrimSpace(r.unquoted())
	default:
		return false
	}
	value, err := strconv.ParseInt(digits, 10, s.bits)
	if err != nil {
		return false
	}
	into.SetInt(value)
	return true
}

func (integerShape) encode(w *writer, from reflect.Value) error { return w.integer(from.Int()) }
func (integerShape) equal(a, b reflect.Value) bool              { return a.Int() == b.Int() }

type floatShape struct{}

func (floatShape) decode(r *reader, into reflect.Value) bool {
	if c := r.kind(); c != '-' && !isDigit(c) {
		return false
	}
	value, err := strconv.ParseFloat(r.number(), 64)
	if err != nil {
		return false
	}
	into.SetFloat(value)
	return true
}

func (floatShape) encode(w *writer, from reflect.Value) error { return w.float(from.Float()) }
func (floatShape) equal(a, b reflect.Value) bool              { return a.Float() == b.Float() }

type timeShape struct{}

func (timeShape) decode(r *reader, into reflect.Value) bool {
	if r.kind() != '"' {
		return false
	}
	moment, err := time.Parse(time.RFC3339, r.unquoted())
	if err != nil || moment.IsZero() {
		return false
	}
	into.Set(reflect.ValueOf(moment.UTC()))
	return true
}

func (timeShape) encode(w *writer, from reflect.Value) error {
	return w.text(from.Interface().(time.Time).UTC().Format(time.RFC3339Nano))
}

func (timeShape) equal(a, b reflect.Value) bool {
	return a.Interface().(time.Time).Equal(b.Interface().(time.Time))
}

type rawShape struct{}

func (rawShape) decode(r *reader, into reflect.Value) bool {
	into.SetBytes(r.raw())
	return true
}

func (rawShape) encode(w *writer, from reflect.Value) error { return w.raw(Raw(from.Bytes())) }
func (rawShape) equal(a, b reflect.Value) bool              { return bytes.Equal(a.Bytes(), b.Bytes()) }

// structShape makes its plan late, so that types may refer to each other.
type structShape struct {
	plan      func() *plan
	identical func(a, b reflect.Value) bool // nil where only the plan can tell
}

func (s structShape) decode(r *reader, into reflect.Value) bool  { return s.plan().decode(r, into) }
func (s structShape) encode(w *writer, from reflect.Value) error { return s.plan().encode(w, from) }

func (s structShape) equal(a, b reflect.Value) bool {
	return s.identical != nil && s.identical(a, b) || s.plan().equal(a, b)
}

// identical compares, without a look at each field, the small structs that
// rosters are full of.
func identical(t reflect.Type) func(a, b reflect.Value) bool {
	switch t {
	case reflect.TypeFor[Identity]():
		return identicalAs[Identity]
	case reflect.TypeFor[MediaStream]():
		return identicalAs[MediaStream]
	default:
		return nil
	}
}

func identicalAs[T comparable](a, b reflect.Value) bool {
	mine, _ := reflect.TypeAssert[T](a)
	theirs, _ := reflect.TypeAssert[T](b)
	return mine == theirs
}

type pointerShape struct {
	elem reflect.Type
	to   shape
}

func (s pointerShape) decode(r *reader, into reflect.Value) bool {
	value := reflect.New(s.elem)
	if !s.to.decode(r, value.Elem()) {
		return false
	}
	into.Set(value)
	return true
}

func (s pointerShape) encode(w *writer, from reflect.Value) error {
	return s.to.encode(w, from.Elem())
}

func (s pointerShape) equal(a, b reflect.Value) bool {
	mine, theirs := a.Pointer(), b.Pointer()
	if mine == theirs || mine == 0 || theirs == 0 {
		return mine == theirs
	}
	return s.to.equal(a.Elem(), b.Elem())
}

type listShape struct {
	list  reflect.Type
	of    shape
	usual *atomic.Int32 // how many elements the latest list had
}

// maxUsual bounds what is made room for before it is there.
const maxUsual = 128

func (s listShape) decode(r *reader, into reflect.Value) bool {
	if !r.enter('[') {
		return false
	}
	n, usual := 0, int(s.usual.Load())
	for ; r.more(']'); n++ {
		switch {
		case n == 0:
			into.Grow(max(usual, 1))
		case n == into.Cap():
			into.Grow(1)
		}
		into.SetLen(n + 1)
		if !s.of.decode(r, into.Index(n)) {
			return false
		}
	}
	if n == 0 || n != usual { // resources are kept, so what is left over is given back
		exact := reflect.MakeSlice(s.list, n, n)
		reflect.Copy(exact, into)
		into.Set(exact)
	}
	into.SetCap(n)
	if n != usual && n <= maxUsual {
		s.usual.Store(int32(n))
	}
	return true
}

func (s listShape) encode(w *writer, from reflect.Value) error {
	if err := w.beginArray(); err != nil {
		return err
	}
	for i := range from.Len() {
		if err := s.of.encode(w, from.Index(i)); err != nil {
			return err
		}
	}
	return w.endArray()
}

func (s listShape) equal(a, b reflect.Value) bool {
	if a.Len() != b.Len() {
		return false
	}
	if a.Pointer() == b.Pointer() {
		return true
	}
	for i := range a.Len() {
		if !s.of.equal(a.Index(i), b.Index(i)) {
			return false
		}
	}
	return true
}
