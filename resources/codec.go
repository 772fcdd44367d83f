package resources

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"

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
func Decode[T any](data []byte) (*T, error) {
	r, err := newReader(data)
	if err != nil {
		return nil, err
	}
	defer r.release()
	value := new(T)
	if !planFor[T]().decode(r, pointerTo(value)) {
		return nil, r.problem("want an object")
	}
	if r.err != nil {
		return nil, r.err
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

// valid returns the text with what is no UTF-8 replaced, or ErrMalformed if it is
// not one JSON value. Whoever reads on need not look for mistakes any more.
func valid(text []byte) ([]byte, error) {
	if !utf8.Valid(text) {
		text = bytes.ToValidUTF8(text, []byte("\uFFFD"))
	}
	if jsontext.Value(text).IsValid(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)) {
		return text, nil
	}
	decoder := jsontext.NewDecoder(bytes.NewReader(text), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if err := decoder.SkipValue(); err != nil {
		return nil, malformed("syntax error or end of text", decoder.InputOffset())
	}
	return nil, malformed("text after the value", decoder.InputOffset())
}

func malformed(what string, at int64) error {
	return fmt.Errorf("%w: %s at byte %d", ErrMalformed, what, at)
}

// unescape returns what the text between a JSON string's quotes stands for.
func unescape(text []byte) []byte {
	quoted := append(append([]byte{'"'}, text...), '"')
	// A lone surrogate is replaced and reported; the replaced text is what we want.
	plain, _ := jsontext.AppendUnquote(nil, quoted)
	return plain
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
