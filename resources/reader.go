package resources

import (
	"bytes"
	"sync"
)

// A reader goes through text that is known to be one JSON value, so that on the
// way nothing can be malformed: commas and colons say nothing that the values
// between them do not, and are passed over like white space.
type reader struct {
	text    []byte
	at      int
	escapes bool  // whether any string has one
	err     error // set when there is too much to keep; nothing more is read then
	recent  recent
}

// readers saves each text the making of one.
//
//nolint:gochecknoglobals // a pool holds nothing between uses
var readers = sync.Pool{New: func() any { return new(reader) }}

// newReader returns ErrMalformed for what is not one JSON value.
func newReader(text []byte) (*reader, error) {
	text, err := valid(text)
	if err != nil {
		return nil, err
	}
	r := readers.Get().(*reader)
	r.text, r.escapes = text, bytes.IndexByte(text, '\\') >= 0
	return r, nil
}

func (r *reader) release() {
	*r = reader{}
	readers.Put(r)
}

// kind is the next value's first character; numbers are '0', and 0 means there
// is none. The reader stands at it then.
func (r *reader) kind() byte {
	for ; r.at < len(r.text); r.at++ {
		switch c := r.text[r.at]; c {
		case ' ', '\t', '\r', '\n', ',', ':':
		case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
			return '0'
		default:
			return c
		}
	}
	return 0
}

// enter consumes the next value's opening bracket, if it has that one.
func (r *reader) enter(bracket byte) bool {
	if r.kind() != bracket {
		return false
	}
	r.at++
	return true
}

// more reports whether something stands before the closing bracket, and consumes
// the bracket if nothing does.
func (r *reader) more(bracket byte) bool {
	switch r.kind() {
	case bracket:
		r.at++
		return false
	case 0:
		return false
	default:
		return true
	}
}

// unquoted consumes the string the reader stands at, and returns what it stands
// for. The bytes may be those of the text.
func (r *reader) unquoted() []byte {
	inside := r.text[r.at+1:]
	end := bytes.IndexByte(inside, '"')
	if !r.escapes || bytes.IndexByte(inside[:end], '\\') < 0 {
		r.at += end + 2
		return inside[:end]
	}
	start := r.at
	r.skip()
	return unescape(r.text[start+1 : r.at-1])
}

// named consumes the string the reader stands at if it is that name, spelt
// without escapes.
func (r *reader) named(name string) bool {
	end := r.at + 1 + len(name)
	if end >= len(r.text) || r.text[end] != '"' || string(r.text[r.at+1:end]) != name {
		return false
	}
	r.at = end + 1
	return true
}

// word consumes the number or literal the reader stands at.
func (r *reader) word() []byte {
	start := r.at
	for r.at < len(r.text) && !endsWord(r.text[r.at]) {
		r.at++
	}
	return r.text[start:r.at]
}

func endsWord(c byte) bool {
	return c == ',' || c == '}' || c == ']' || c == ' ' || c == '\n' || c == '\r' || c == '\t'
}

// skip consumes the next value.
func (r *reader) skip() {
	if r.kind() == 0 {
		return
	}
	for depth := 0; ; {
		switch r.text[r.at] {
		case '{', '[':
			depth++
			r.at++
		case '}', ']':
			depth--
			r.at++
		case '"':
			r.at = endOfString(r.text, r.at)
		default:
			r.word()
		}
		if depth == 0 {
			return
		}
		r.kind()
	}
}

// endOfString is the place after the string that starts at a place.
func endOfString(text []byte, at int) int {
	for at++; text[at] != '"'; at++ {
		if text[at] == '\\' {
			at++
		}
	}
	return at + 1
}

// raw consumes the next value and returns a copy without white space.
func (r *reader) raw() Raw {
	r.kind()
	start := r.at
	r.skip()
	return compact(r.text[start:r.at])
}

// rawFrom consumes the value that stands at a place, of which some may be read
// already.
func (r *reader) rawFrom(start int) Raw {
	if r.err != nil {
		return nil
	}
	r.at = start
	return r.raw()
}

// kept is a string of the text's as it is to be kept: its own copy, or that of
// an equal one before it.
func (r *reader) kept(text []byte) string { return r.recent.string(text) }

// keep adds to an object's properties without a field, which are looked through
// one by one.
func (r *reader) keep(unknown []property, name string, value Raw) []property {
	if r.err != nil {
		return unknown
	}
	unknown, room := keep(unknown, name, value)
	if !room {
		r.err = r.problem("too many properties without a field")
		r.at = len(r.text)
	}
	return unknown
}

func (r *reader) problem(what string) error { return malformed(what, int64(r.at)) }

// compact returns a copy of a JSON text without the white space between values.
func compact(text []byte) Raw {
	out := make(Raw, 0, len(text))
	for at := 0; at < len(text); {
		switch text[at] {
		case ' ', '\t', '\r', '\n':
			at++
		case '"':
			end := endOfString(text, at)
			out = append(out, text[at:end]...)
			at = end
		default:
			out = append(out, text[at])
			at++
		}
	}
	return out
}

// recent has strings that a text has said lately, so that it need not keep two
// that are equal: a roster names the same tenant, language and region a hundred
// times over.
type recent [64]string

// What is longer is hardly ever said twice.
const longestRecent = 64

func (s *recent) string(text []byte) string {
	size := len(text)
	if size == 0 || size > longestRecent {
		return string(text)
	}
	const spread = 0x9e3779b1 // of Fibonacci hashing; the upper six bits choose
	hash := uint32(size)<<24 | uint32(text[0])<<16 | uint32(text[size/2])<<8 | uint32(text[size-1])
	place := &s[hash*spread>>26]
	if string(text) != *place {
		*place = string(text)
	}
	return *place
}
