package trace

import (
	"bytes"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// content is what is in a line about one call.
type content struct {
	*sanitizer

	call string
}

func (c *content) clean(text json.RawMessage) json.RawMessage {
	if len(text) == 0 {
		return text
	}
	return rewrite(text, c)
}

func (c *content) property(at place, quoted []byte) ([]byte, bool) {
	if _, known := properties()[strings.ToLower(at.name)]; known {
		return quoted, !at.inside
	}
	if !at.inside && (isWord([]byte(at.name)) || isAnnotation(at.name)) {
		return quoted, false
	}
	return quote(c.pseudonyms.word("x", at.name)), false
}

func (c *content) number(at place, literal []byte) []byte {
	if isNumber(literal) && (at.inside || properties()[strings.ToLower(at.name)] != ordering) {
		return c.someNumber(literal)
	}
	return literal
}

// text of what nobody knows is replaced as it stands: two spellings of one text are
// different there.
func (c *content) text(at place, quoted []byte) []byte {
	if at.inside {
		return quote(c.of(string(quoted[1 : len(quoted)-1])))
	}
	text := plain(quoted)
	switch properties()[strings.ToLower(at.name)] {
	case ordering:
		if isOrdering(text) {
			return quoted
		}
	case vocabulary:
		return quote(c.sanitizer.word(text))
	case structural:
		if _, err := strconv.ParseBool(strings.ToLower(strings.TrimSpace(text))); err == nil {
			return quoted
		}
	case typeName:
		return quote(c.typeName(text))
	case path:
		return quote(c.path(text))
	case key:
		return quote(c.key(text))
	case tone:
		return quote(c.tone(c.call, sequenceOf(at.object), text))
	case propertyNames:
		if isWord([]byte(text)) || isAnnotation(text) {
			return quoted
		}
		return quote(c.pseudonyms.word("x", text))
	}
	return quote(c.of(text))
}

// typeName leaves a type's last name, by which it is known.
func (c *content) typeName(text string) string {
	at := strings.LastIndexByte(text, '.')
	if isWord([]byte(text)) || at < 0 {
		return c.sanitizer.word(text)
	}
	return c.pseudonyms.word("#x", text[:at]) + "." + c.sanitizer.word(text[at+1:])
}

// path replaces the ids in the path of a resource, and the host before it.
func (c *content) path(text string) string {
	text, _, _ = strings.Cut(text, "?")
	prefix := ""
	if scheme, rest, isURL := strings.Cut(text, "://"); isURL {
		host, below, _ := strings.Cut(rest, "/")
		prefix, text = c.url(scheme+"://"+host)+"/", below
	}
	segments := strings.Split(text, "/")
	for i, segment := range segments {
		switch strings.ToLower(segment) {
		case "", "app", "communications", "v1.0", "beta":
		case "calls":
			return prefix + strings.Join(append(segments[:i+1], c.belowCalls(segments[i+1:])...), "/")
		default:
			segments[i] = c.segment(segment)
		}
	}
	return prefix + strings.Join(segments, "/")
}

// belowCalls is a call's id, a collection of the call's, and an item's id, which is
// all that follows.
func (c *content) belowCalls(segments []string) []string {
	segments = slices.DeleteFunc(slices.Clone(segments), func(s string) bool { return s == "" })
	if len(segments) > 0 {
		segments[0] = c.segment(segments[0])
	}
	if len(segments) > 1 {
		segments[1] = c.sanitizer.word(segments[1])
	}
	if len(segments) > 2 && !strings.EqualFold(segments[2], "participants") {
		segments = append(segments[:2], c.segment(strings.Join(segments[2:], "/")))
	}
	return segments
}

func (c *content) segment(escaped string) string {
	text, err := url.PathUnescape(escaped)
	if err != nil {
		text = escaped
	}
	return url.PathEscape(c.of(text))
}

// key replaces what somebody without an id goes by: an identity of a kind, or their
// place.
func (c *content) key(text string) string {
	if strings.HasPrefix(text, "#") {
		return text
	}
	if kind, id, found := strings.Cut(text, ":"); found && isWord([]byte(kind)) {
		return kind + ":" + c.of(id)
	}
	return c.of(text)
}

// isAnnotation reports whether a name is one of OData's, such as
// participants@odata.context.
func isAnnotation(name string) bool {
	property, annotation, found := strings.Cut(name, "@odata.")
	return found && isWord([]byte(property)) && isWord([]byte(annotation))
}

// sequenceOf is the number of the key that an object begins a text with.
func sequenceOf(object []byte) int64 {
	var pressed struct {
		SequenceID json.RawMessage `json:"sequenceId"`
	}
	_ = json.NewDecoder(bytes.NewReader(object)).Decode(&pressed) // whose number cannot be read has none
	var number int64
	_ = json.Unmarshal(bytes.Trim(pressed.SequenceID, `"`), &number)
	return number
}

// isOrdering reports whether a text is the number of a version, or a time.
func isOrdering(text string) bool {
	_, err := time.Parse(time.RFC3339, text)
	return err == nil || strings.Trim(strings.TrimPrefix(text, "W/"), ` -"0123456789`) == ""
}
