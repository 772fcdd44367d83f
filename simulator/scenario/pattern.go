package scenario

import (
	"slices"
	"strings"
	"unicode"
)

// pattern is what a line of one form looks like: words that stand for
// themselves, slots in capital letters, and parts in brackets that may be left
// out.
type pattern []element

type element struct {
	word     string
	slot     string
	optional pattern
}

func parsePattern(text string) pattern {
	words := strings.Fields(strings.NewReplacer("[", " [ ", "]", " ] ").Replace(text))
	parsed, _ := parseElements(words)
	return parsed
}

func parseElements(words []string) (parsed pattern, rest []string) {
	for len(words) > 0 {
		word := words[0]
		words = words[1:]
		switch {
		case word == "]":
			return parsed, words
		case word == "[":
			var group pattern
			group, words = parseElements(words)
			parsed = append(parsed, element{optional: group})
		case unicode.IsUpper(rune(word[0])):
			parsed = append(parsed, element{slot: word})
		default:
			parsed = append(parsed, element{word: word})
		}
	}
	return parsed, nil
}

// args are what stood in a line's slots, by slot and in order, and the words that
// stood for themselves.
type args struct{ values []argument }

type argument struct {
	slot  string
	value any
}

func (a args) with(slot string, value any) args {
	return args{append(slices.Clip(a.values), argument{slot, value})}
}

// arg returns what stood in a slot, or the zero value when it was left out.
func arg[T any](a args, slot string) T {
	for _, given := range a.values {
		if given.slot == slot {
			value, _ := given.value.(T)
			return value
		}
	}
	var none T
	return none
}

func (a args) has(slot string) bool {
	return slices.ContainsFunc(a.values, func(given argument) bool { return given.slot == slot })
}

// matcher tries patterns on the words of a line, and keeps what would have been
// right where the best of them failed.
type matcher struct {
	parser   *parser
	tokens   []token
	farthest int
	expected []expected
}

// expected is something that could have stood in a place.
type expected struct {
	what       string   // for people
	candidates []string // what can be typed
	why        string   // what is wrong with what stands there, if that is known
}

// match reports whether a pattern fits all words from at on.
func (m *matcher) match(rest pattern, at int, found args) (args, bool) {
	if len(rest) == 0 {
		if at == len(m.tokens) {
			return found, true
		}
		m.miss(at, expected{what: "the end of the line"})
		return found, false
	}
	first, rest := rest[0], rest[1:]
	switch {
	case first.optional != nil:
		if whole, ok := m.match(slices.Concat(first.optional, rest), at, found); ok {
			return whole, true
		}
		return m.match(rest, at, found)
	case first.word != "":
		if at == len(m.tokens) || m.tokens[at].quoted || m.tokens[at].text != first.word {
			m.miss(at, expected{what: first.word, candidates: []string{first.word}})
			return found, false
		}
		return m.match(rest, at+1, found.with(first.word, true))
	default:
		kind := m.parser.slots[first.slot]
		value, used, why := kind.read(m.parser, m.tokens[at:])
		if used == 0 {
			m.miss(at, expected{what: kind.what, candidates: kind.names(m.parser), why: why})
			return found, false
		}
		return m.match(rest, at+used, found.with(first.slot, value))
	}
}

func (m *matcher) miss(at int, e expected) {
	if at > m.farthest {
		m.farthest, m.expected = at, nil
	}
	if at == m.farthest && !slices.ContainsFunc(m.expected, func(other expected) bool { return other.what == e.what }) {
		m.expected = append(m.expected, e)
	}
}

const mostListed = 12 // of what would have been right

// mistake says what is wrong with the line.
func (m *matcher) mistake(end token) error {
	place, what := end, "the line ends too early"
	if m.farthest < len(m.tokens) {
		place = m.tokens[m.farthest]
		what = "“" + place.text + "” is not understood here"
	}
	var candidates, list []string
	known := false // what is wrong with it
	for _, e := range m.expected {
		if e.why != "" {
			what, known = e.why, true
		}
		candidates = append(candidates, e.candidates...)
		list = append(list, e.what)
	}
	switch meant := suggest(place.text, candidates); {
	case place.text != "" && meant != "":
		what += "; did you mean " + meant + "?"
	case known:
	case len(list) > mostListed:
		what += "; expected " + strings.Join(list[:mostListed], ", ") + ", …"
	default:
		what += "; expected " + either(list)
	}
	return m.parser.mistakeAt(place, what)
}
