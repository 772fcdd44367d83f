package trace

import "strings"

// place is where in a JSON text a value is.
type place struct {
	name   string // of the property; that of the list for what is in one
	object []byte // the object's text
	inside bool   // some property on the way has a name that nobody knows
}

// rules say what becomes of the values and names of a JSON text. What they return
// is JSON again.
type rules interface {
	// text is given a string as it stands there, with its quotes, as is number what is
	// no string.
	text(at place, quoted []byte) []byte
	number(at place, literal []byte) []byte
	// property is given a property's name, with its quotes, and says whether it is one
	// that is known.
	property(at place, quoted []byte) (name []byte, known bool)
}

// rewrite returns a JSON text, which must be valid, with other values. What the
// rules leave alone stays as it is to the byte, white space excepted.
func rewrite(text []byte, by rules) []byte {
	r := &rewriter{text: text, by: by, out: make([]byte, 0, len(text)+len(text)/8)}
	r.value(place{})
	return r.out
}

type rewriter struct {
	text []byte
	at   int
	out  []byte
	by   rules
}

// peek passes over white space.
func (r *rewriter) peek() byte {
	for ; r.at < len(r.text); r.at++ {
		switch c := r.text[r.at]; c {
		case ' ', '\t', '\r', '\n':
		default:
			return c
		}
	}
	return 0
}

func (r *rewriter) value(at place) {
	switch r.peek() {
	case '{':
		r.object(at)
	case '[':
		r.list(at)
	case '"':
		r.out = append(r.out, r.by.text(at, r.quoted())...)
	default:
		r.out = append(r.out, r.by.number(at, r.literal())...)
	}
}

func (r *rewriter) object(at place) {
	inner := place{object: r.text[r.at:], inside: at.inside}
	r.copy()
	for r.peek() != '}' && r.at < len(r.text) {
		if r.peek() == ',' {
			r.copy()
			r.peek()
		}
		quoted := r.quoted()
		inner.name = plain(quoted)
		name, known := r.by.property(inner, quoted)
		r.out = append(r.out, name...)
		r.peek()
		r.copy() // the colon
		member := inner
		member.inside = inner.inside || !known
		r.value(member)
	}
	r.copy()
}

func (r *rewriter) list(at place) {
	r.copy()
	for r.peek() != ']' && r.at < len(r.text) {
		if r.peek() == ',' {
			r.copy()
		}
		r.value(at)
	}
	r.copy()
}

// copy takes one character over.
func (r *rewriter) copy() {
	if r.at < len(r.text) {
		r.out = append(r.out, r.text[r.at])
		r.at++
	}
}

// quoted takes a string.
func (r *rewriter) quoted() []byte {
	start := r.at
	for r.at++; r.at < len(r.text) && r.text[r.at] != '"'; r.at++ {
		if r.text[r.at] == '\\' {
			r.at++
		}
	}
	r.at = min(r.at+1, len(r.text))
	return r.text[start:r.at]
}

// literal takes a number, true, false or null.
func (r *rewriter) literal() []byte {
	start := r.at
	for r.at < len(r.text) && strings.IndexByte(",]} \t\r\n", r.text[r.at]) < 0 {
		r.at++
	}
	return r.text[start:r.at]
}
