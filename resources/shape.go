package resources

import (
	"bytes"
	"reflect"
	"strconv"
	"strings"
	"time"
)

func shapeOf(t reflect.Type) shape {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return timeShape{}
	case t == reflect.TypeFor[time.Duration]():
		return durationShape{}
	case t == reflect.TypeFor[Raw]():
		return rawShape{}
	case t == reflect.TypeFor[Data]():
		return dataShape{}
	case t.Kind() == reflect.Interface:
		return familyShape{familyOf(t)}
	case t.Kind() == reflect.Pointer:
		return pointerShape{t.Elem(), shapeOf(t.Elem())}
	case t.Kind() == reflect.Slice:
		return listShape{t, shapeOf(t.Elem())}
	case t.Kind() == reflect.Struct:
		return structShape{t}
	case t.Kind() == reflect.Bool:
		return boolShape{}
	case t.Kind() == reflect.Float64:
		return floatShape{}
	case t.Kind() == reflect.String:
		return textShape{wordsOf(t)}
	default: // the tests decode every type, so a kind forgotten here fails there
		return integerShape{}
	}
}

// textShape is a string; words, where there are any, is an enum's vocabulary.
type textShape struct{ words vocabulary }

func (s textShape) decode(r *reader, into reflect.Value) (bool, error) {
	if r.kind() != '"' {
		return false, nil
	}
	quoted, err := r.scalar()
	if err != nil {
		return false, err
	}
	into.SetString(s.words.canonical(unquote(quoted)))
	return true, nil
}

func (textShape) encode(w *writer, from reflect.Value) error { return w.text(from.String()) }
func (textShape) equal(a, b reflect.Value) bool              { return a.String() == b.String() }

// bare takes the quotes off a number or boolean that came as a string.
func bare(r *reader) ([]byte, bool, error) {
	switch r.kind() {
	case '"', '0', 't', 'f':
	default:
		return nil, false, nil
	}
	scalar, err := r.scalar()
	if err != nil {
		return nil, false, err
	}
	if scalar[0] == '"' {
		scalar = bytes.TrimSpace(unquote(scalar))
	}
	return scalar, true, nil
}

type boolShape struct{}

func (boolShape) decode(r *reader, into reflect.Value) (bool, error) {
	start := r.kind()
	text, ok, err := bare(r)
	if !ok || err != nil {
		return false, err
	}
	value, parseErr := strconv.ParseBool(strings.ToLower(string(text)))
	if parseErr != nil || start == '0' {
		return false, nil //nolint:nilerr // it does not fit, which is no error
	}
	into.SetBool(value)
	return true, nil
}

func (boolShape) encode(w *writer, from reflect.Value) error { return w.boolean(from.Bool()) }
func (boolShape) equal(a, b reflect.Value) bool              { return a.Bool() == b.Bool() }

type integerShape struct{}

func (integerShape) decode(r *reader, into reflect.Value) (bool, error) {
	text, ok, err := bare(r)
	if !ok || err != nil {
		return false, err
	}
	value, parseErr := strconv.ParseInt(string(text), 10, into.Type().Bits())
	if parseErr != nil {
		return false, nil //nolint:nilerr // it does not fit, which is no error
	}
	into.SetInt(value)
	return true, nil
}

func (integerShape) encode(w *writer, from reflect.Value) error { return w.integer(from.Int()) }
func (integerShape) equal(a, b reflect.Value) bool              { return a.Int() == b.Int() }

type floatShape struct{}

func (floatShape) decode(r *reader, into reflect.Value) (bool, error) {
	if r.kind() != '0' {
		return false, nil
	}
	text, err := r.scalar()
	if err != nil {
		return false, err
	}
	value, parseErr := strconv.ParseFloat(string(text), 64)
	if parseErr != nil {
		return false, nil //nolint:nilerr // it does not fit, which is no error
	}
	into.SetFloat(value)
	return true, nil
}

func (floatShape) encode(w *writer, from reflect.Value) error { return w.float(from.Float()) }
func (floatShape) equal(a, b reflect.Value) bool              { return a.Float() == b.Float() }

type timeShape struct{}

func (timeShape) decode(r *reader, into reflect.Value) (bool, error) {
	if r.kind() != '"' {
		return false, nil
	}
	quoted, err := r.scalar()
	if err != nil {
		return false, err
	}
	moment, parseErr := time.Parse(time.RFC3339, string(unquote(quoted)))
	if parseErr != nil || moment.IsZero() {
		return false, nil //nolint:nilerr // it does not fit, which is no error
	}
	into.Set(reflect.ValueOf(moment.UTC()))
	return true, nil
}

func (timeShape) encode(w *writer, from reflect.Value) error {
	return w.text(from.Interface().(time.Time).UTC().Format(time.RFC3339Nano))
}

func (timeShape) equal(a, b reflect.Value) bool {
	return a.Interface().(time.Time).Equal(b.Interface().(time.Time))
}

type rawShape struct{}

func (rawShape) decode(r *reader, into reflect.Value) (bool, error) {
	raw, err := r.raw()
	into.SetBytes(raw)
	return true, err
}

func (rawShape) encode(w *writer, from reflect.Value) error { return w.raw(Raw(from.Bytes())) }
func (rawShape) equal(a, b reflect.Value) bool              { return bytes.Equal(a.Bytes(), b.Bytes()) }

// structShape looks its plan up late, so that types may refer to each other.
type structShape struct{ of reflect.Type }

func (s structShape) decode(r *reader, into reflect.Value) (bool, error) {
	return planOf(s.of).decode(r, into)
}

func (s structShape) encode(w *writer, from reflect.Value) error { return planOf(s.of).encode(w, from) }
func (s structShape) equal(a, b reflect.Value) bool              { return planOf(s.of).equal(a, b) }

type pointerShape struct {
	elem reflect.Type
	to   shape
}

func (s pointerShape) decode(r *reader, into reflect.Value) (bool, error) {
	value := reflect.New(s.elem)
	fits, err := s.to.decode(r, value.Elem())
	if fits && err == nil {
		into.Set(value)
	}
	return fits, err
}

func (s pointerShape) encode(w *writer, from reflect.Value) error {
	return s.to.encode(w, from.Elem())
}

func (s pointerShape) equal(a, b reflect.Value) bool {
	if a.IsNil() || b.IsNil() || a.Pointer() == b.Pointer() {
		return a.Pointer() == b.Pointer()
	}
	return s.to.equal(a.Elem(), b.Elem())
}

type listShape struct {
	list reflect.Type
	of   shape
}

func (s listShape) decode(r *reader, into reflect.Value) (bool, error) {
	if r.kind() != '[' {
		return false, nil
	}
	if err := r.token(); err != nil {
		return false, err
	}
	list := reflect.MakeSlice(s.list, 0, 4)
	for n := 0; r.kind() != ']'; n++ {
		list = reflect.Append(list, reflect.Zero(s.list.Elem()))
		if fits, err := s.of.decode(r, list.Index(n)); err != nil || !fits {
			return false, err
		}
	}
	into.Set(list)
	return true, r.token()
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
	for i := range a.Len() {
		if !s.of.equal(a.Index(i), b.Index(i)) {
			return false
		}
	}
	return true
}
