package resources

import (
	"bytes"
	"strings"
	"sync"
	"unicode/utf8"
)

// A reader goes through a JSON text once, from value to value, and finds its
// mistakes on the way. The first one ends it: to whoever reads on it is as if
// the text were over, and err says why. Whatever is passed over or kept raw is
// looked at as closely as the rest.
//
// What it returns are parts of the text, which is a copy of its own.
type reader struct {
	text string
	place
	plain bool // whether no string has an escape in it or, against the rules, a control character
	most  int  // how many values there may be; 0 where nobody counts
	err   error
}

// place is where in its text a reader stands.
type place struct {
	at     int
	depth  int  // brackets around it
	fresh  bool // whether it is right behind an opening one
	values int  // so far, or nearly so
}

// maxDepth bounds the brackets around a value, as jsontext does for what is written.
const maxDepth = 10_000

// readers saves each text the making of one.
//
//nolint:gochecknoglobals // a pool holds nothing between uses
var readers = sync.Pool{New: func() any { return new(reader) }}

// newReader replaces what is no UTF-8.
func newReader(text []byte) *reader {
	if !utf8.Valid(text) {
		text = bytes.ToValidUTF8(text, []byte("\uFFFD"))
	}
	r := readers.Get().(*reader)
	r.text = string(text)
	r.plain = plain(r.text)
	return r
}

func (r *reader) release() {
	*r = reader{}
	readers.Put(r)
}

// fail ends the reading, and says why if nothing did before.
func (r *reader) fail(what string) {
	if r.err == nil {
		r.err = malformed(what, r.at)
	}
	r.at = len(r.text)
}

// back returns to a place, unless the reading has ended.
func (r *reader) back(to place) {
	if r.err == nil {
		r.place = to
	}
}

// end fails where there is something left.
func (r *reader) end() error {
	if r.kind(); r.at < len(r.text) {
		r.fail("text after the value")
	}
	return r.err
}

// kind is the first character of what comes next, at which the reader stands
// then; 0 means that there is nothing.
func (r *reader) kind() byte {
	for ; r.at < len(r.text); r.at++ {
		if c := r.text[r.at]; c > ' ' || !isSpace(c) {
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
	r.depth++
	r.fresh = true
	if r.depth > maxDepth {
		r.fail("too many brackets around it")
	}
	return r.count()
}

// more reports whether another value, or a name, comes before the closing
// bracket. It consumes the comma before the one, and the other.
func (r *reader) more(bracket byte) bool {
	c := r.kind()
	fresh := r.fresh
	r.fresh = false
	switch {
	case c == bracket:
		r.at++
		r.depth--
		return false
	case fresh && c != 0:
		return true
	case c == ',':
		r.at++
		return r.count()
	default:
		r.fail("want a comma or a closing bracket")
		return false
	}
}

// count ends the reading of a text that has too many values.
func (r *reader) count() bool {
	r.values++
	if r.most > 0 && r.values > r.most {
		r.fail("more values than its length is good for")
	}
	return r.err == nil
}

// name consumes a name and the colon behind it.
func (r *reader) name() string {
	if r.kind() != '"' {
		r.fail("want a name")
		return ""
	}
	name := r.unquoted()
	if r.kind() != ':' {
		r.fail("want a colon")
		return ""
	}
	r.at++
	return name
}

// pass consumes what comes next if it is that, to the letter.
func (r *reader) pass(text string) bool {
	r.kind()
	return r.next(text)
}

// next is pass without white space before.
func (r *reader) next(text string) bool {
	if !strings.HasPrefix(r.text[r.at:], text) {
		return false
	}
	r.at += len(text)
	return true
}

// unquoted consumes the string the reader stands at, and returns what it stands
// for.
func (r *reader) unquoted() string {
	inside, escapes := r.quoted()
	if escapes {
		return unescape(inside)
	}
	return inside
}

// quoted consumes the string the reader stands at, and returns what is between
// its quotes.
func (r *reader) quoted() (inside string, escapes bool) {
	rest := r.text[r.at+1:]
	end := strings.IndexByte(rest, '"')
	if end == 0 {
		r.at += len(`""`)
		return "", false // which part of a text would not be
	}
	if end < 0 || !r.plain && !plain(rest[:end]) {
		return r.spelt()
	}
	r.at += end + 2
	return rest[:end], false
}

// spelt is quoted, character by character.
func (r *reader) spelt() (inside string, escapes bool) {
	start := r.at + 1
	for r.at = start; r.at < len(r.text); r.at++ {
		switch c := r.text[r.at]; {
		case c == '"':
			r.at++
			return r.text[start : r.at-1], escapes
		case c < ' ':
			r.fail("control character")
			return "", false
		case c == '\\':
			length := escapeLength(r.text[r.at:])
			if length == 0 {
				r.fail("no such escape")
				return "", false
			}
			escapes = true
			r.at += length - 1
		}
	}
	r.fail("want a quote")
	return "", false
}

// literal consumes that literal, and reports true.
func (r *reader) literal(literal string) bool {
	if !r.pass(literal) {
		r.fail("no such literal")
		return false
	}
	return true
}

// number consumes the number the reader stands at.
func (r *reader) number() string {
	start := r.at
	r.next("-")
	sound := r.next("0") || r.digits()
	if r.next(".") {
		sound = r.digits() && sound
	}
	if r.next("e") || r.next("E") {
		_ = r.next("+") || r.next("-")
		sound = r.digits() && sound
	}
	if !sound {
		r.fail("no such number")
		return ""
	}
	return r.text[start:r.at]
}

// digits consumes as many as there are, and reports whether there are any.
func (r *reader) digits() bool {
	start := r.at
	for r.at < len(r.text) && isDigit(r.text[r.at]) {
		r.at++
	}
	return r.at > start
}

// skip consumes the next value.
func (r *reader) skip() {
	switch r.kind() {
	case '{':
		for r.enter('{'); r.more('}'); {
			r.name()
			r.skip()
		}
	case '[':
		for r.enter('['); r.more(']'); {
			r.skip()
		}
	case '"':
		r.quoted()
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		r.number()
	case 't':
		r.literal("true")
	case 'f':
		r.literal("false")
	case 'n':
		r.literal("null")
	default:
		r.fail("want a value")
	}
}

// raw consumes the next value and returns a copy without white space.
func (r *reader) raw() Raw {
	r.kind()
	start := r.at
	r.skip()
	if r.err != nil {
		return nil
	}
	return compact(r.text[start:r.at])
}

// rawFrom consumes the value that stands at a place, of which some may be read
// already.
func (r *reader) rawFrom(start place) Raw {
	r.back(start)
	return r.raw()
}

// keep adds to an object's properties without a field, which are looked through
// one by one.
func (r *reader) keep(unknown []property, name string, value Raw) []property {
	if r.err != nil {
		return unknown
	}
	unknown, room := keep(unknown, name, value)
	if !room {
		r.fail("too many properties without a field")
	}
	return unknown
}
