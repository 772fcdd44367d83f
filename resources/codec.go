package resources

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
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
	r := newReader(data)
	defer r.release()
	value := new(T)
	fits, err := planFor[T]().decode(r, pointerTo(value))
	if err == nil && !fits {
		err = r.problem("want an object")
	}
	if err == nil {
		err = r.end()
	}
	if err != nil {
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

// reader and writer are the whole of what this package needs of a JSON library.
type reader struct {
	decoder *jsontext.Decoder
	input   []byte
}

// decoders saves each text the making of one.
//
//nolint:gochecknoglobals // a pool holds nothing between uses
var decoders = sync.Pool{New: func() any { return jsontext.NewDecoder(&bytes.Buffer{}) }}

func newReader(data []byte) *reader {
	if !utf8.Valid(data) {
		data = bytes.ToValidUTF8(data, []byte("\uFFFD"))
	}
	decoder := decoders.Get().(*jsontext.Decoder)
	decoder.Reset(bytes.NewBuffer(data), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	return &reader{decoder: decoder, input: data}
}

func (r *reader) release() {
	r.decoder.Reset(&bytes.Buffer{})
	decoders.Put(r.decoder)
}

// kind is the next value's first character; numbers are '0', literals their
// first letter, and 0 means there is none.
func (r *reader) kind() byte { return byte(r.decoder.PeekKind()) }

// token consumes one bracket.
func (r *reader) token() error {
	_, err := r.decoder.ReadToken()
	return r.malformed(err)
}

// scalar consumes the next value; the bytes are good until the next call.
func (r *reader) scalar() ([]byte, error) {
	value, err := r.decoder.ReadValue()
	return value, r.malformed(err)
}

func (r *reader) skip() error { return r.malformed(r.decoder.SkipValue()) }

// text consumes the next value and returns it as it stands in the input, to be
// read again; it is not a copy.
func (r *reader) text() (Raw, error) {
	value, err := r.decoder.ReadValue()
	if err != nil {
		return nil, r.malformed(err)
	}
	end := r.decoder.InputOffset()
	return Raw(r.input[end-int64(len(value)) : end]), nil
}

func (r *reader) raw() (Raw, error) {
	value, err := r.decoder.ReadValue()
	if err != nil {
		return nil, r.malformed(err)
	}
	return compact(value), nil
}

// place marks where a value starts, so that it can be had raw when, halfway
// through, it turns out not to have its field's shape.
type place struct {
	offset int64
	depth  int
}

func (r *reader) here() place { return place{r.decoder.InputOffset(), r.decoder.StackDepth()} }

func (r *reader) rawFrom(start place) (Raw, error) {
	for r.decoder.StackDepth() > start.depth {
		if err := r.token(); err != nil {
			return nil, err
		}
	}
	if r.decoder.InputOffset() == start.offset {
		return r.raw()
	}
	value := r.input[start.offset:r.decoder.InputOffset()]
	return compact(bytes.TrimLeft(value, " \t\r\n:,")), nil
}

func (r *reader) end() error {
	if r.kind() != 0 || len(bytes.TrimSpace(r.decoder.UnreadBuffer())) > 0 {
		return r.problem("text after the value")
	}
	return nil
}

// keep adds to an object's properties without a field, which are looked through
// one by one.
func (r *reader) keep(wire *Wire, name string, value Raw) error {
	if !wire.keep(name, value) {
		return r.problem("too many properties without a field")
	}
	return nil
}

func (r *reader) malformed(err error) error {
	if err == nil {
		return nil
	}
	return r.problem("syntax error or end of text")
}

func (r *reader) problem(what string) error {
	return fmt.Errorf("%w: %s at byte %d", ErrMalformed, what, r.decoder.InputOffset())
}

func compact(value []byte) Raw {
	out := jsontext.Value(bytes.Clone(value))
	if err := out.Compact(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true), jsontext.PreserveRawStrings(true)); err != nil {
		return Raw(value)
	}
	return Raw(out)
}

// unquote returns the text of a JSON string; the result may alias quoted.
func unquote(quoted []byte) []byte {
	if !bytes.ContainsRune(quoted, '\\') {
		return quoted[1 : len(quoted)-1]
	}
	// A lone surrogate is replaced and reported; the replaced text is what we want.
	text, _ := jsontext.AppendUnquote(nil, quoted)
	return text
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
