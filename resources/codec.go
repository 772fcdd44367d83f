package resources

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
)

// Raw is JSON kept as it came: a property without a field of its own, or a
// value of a shape its field does not have.
type Raw = json.RawMessage

// ErrMalformed is returned for text that is not JSON, or not JSON of the kind
// asked for. It names the place, never the text.
var ErrMalformed = errors.New("malformed JSON")

// Decode reads one resource of type T, a struct of this package or another that
// embeds [Wire]. Properties and values T does not know are kept there; only text
// that is not a JSON object fails, with [ErrMalformed].
//
// The strings of what it returns share one copy of the text, which lives as long
// as any of them. [Detach] is for who keeps little of a text, or keeps it long.
func Decode[T any](data []byte) (*T, error) {
	r := newReader(data)
	defer r.release()
	return decode[T](r)
}

func decode[T any](r *reader) (*T, error) {
	value := new(T)
	if !planFor[T]().decode(r, pointerTo(value)) {
		r.fail("want an object")
	}
	if err := r.end(); err != nil {
		return nil, err
	}
	return value, nil
}

// Encode writes a resource, a pointer to such a struct, with all it was decoded
// from: unknown properties, and nulls that were spelt out.
func Encode(resource any) ([]byte, error) {
	var out bytes.Buffer
	w := newWriter(&out)
	if err := encodeAny(w, resource); err != nil {
		return nil, fmt.Errorf("encode %T: %w", resource, err)
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}

// What follows is the whole of what this package needs of a JSON library.

func malformed(what string, at int) error {
	return fmt.Errorf("%w: %s at byte %d", ErrMalformed, what, at)
}

// unescape returns what the text between a JSON string's quotes stands for.
func unescape(text string) string {
	// A lone surrogate is replaced and reported; the replaced text is what we want.
	plain, _ := jsontext.AppendUnquote(nil, `"`+text+`"`)
	return string(plain)
}

type writer struct{ encoder *jsontext.Encoder }

func newWriter(out *bytes.Buffer) *writer {
	return &writer{jsontext.NewEncoder(out, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true), jsontext.PreserveRawStrings(true))}
}

func (w *writer) beginObject() error       { return w.encoder.WriteToken(jsontext.BeginObject) }
func (w *writer) endObject() error         { return w.encoder.WriteToken(jsontext.EndObject) }
func (w *writer) beginArray() error        { return w.encoder.WriteToken(jsontext.BeginArray) }
func (w *writer) endArray() error          { return w.encoder.WriteToken(jsontext.EndArray) }
func (w *writer) text(text string) error   { return w.encoder.WriteToken(jsontext.String(text)) }
func (w *writer) boolean(value bool) error { return w.encoder.WriteToken(jsontext.Bool(value)) }
func (w *writer) integer(value int64) error {
	return w.encoder.WriteToken(jsontext.Int(value))
}
func (w *writer) float(value float64) error { return w.encoder.WriteToken(jsontext.Float(value)) }
func (w *writer) null() error               { return w.encoder.WriteToken(jsontext.Null) }
func (w *writer) raw(value Raw) error       { return w.encoder.WriteValue(jsontext.Value(value)) }
