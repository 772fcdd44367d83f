package scenario

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
)

// slot is what may stand in a place of a line. Read returns how many words it
// took; none says that what stands there is something else, and why may say
// what is wrong with it.
type slot struct {
	what string
	read func(p *parser, tokens []token) (value any, used int, why string)
	// list names all there is, where it is a list.
	list func(p *parser) []string
}

func (s slot) names(p *parser) []string {
	if s.list == nil {
		return nil
	}
	return s.list(p)
}

// slots are what the words in capital letters of a pattern stand for.
func slots() map[string]slot {
	return map[string]slot{
		"NEW":      {what: "a name", read: readNew},
		"TITLE":    {what: "a title", read: readRest},
		"BOT":      named("a bot", aBot),
		"PERSON":   named("a person or a phone", aPerson, aPhone),
		"MEETING":  named("a meeting", aMeeting),
		"PARTY":    named("a person, a phone or a bot", aPerson, aPhone, aBot),
		"WHO":      named("a person, a phone, a meeting or a bot", aPerson, aPhone, aMeeting, aBot),
		"PEOPLE":   {what: "people, with commas or “and” between them", read: readPeople, list: func(p *parser) []string { return p.namesOf(aPerson, aPhone) }},
		"DURATION": one("a duration such as 5s or 500ms", readDuration),
		"SPEED":    one("how many seconds pass in one, such as 10", readSpeed),
		"NUMBER":   one("a number such as +14255550123", readNumber),
		"KEYS":     one("keys such as 2, 12# or *", readKeys),
		"URI":      one("an address such as *menu.wav", readURI),
		"CODE":     one("a code and subcode such as 480/10076", readCode),
		"STATUS":   one("a status such as 404", readCount),
		"METHOD":   choice("GET", "POST", "PATCH", "DELETE"),
		"WAITS":    choice("guests", "everybody", "nobody"),
		"REASON":   choice("none", "busy", "forbidden"),
		"NEWS":     choice("recording", "notRecording", "failed"),
		"COMMAND":  {what: "a command", read: readCommand},
		"FAULT":    {what: "a fault and its arguments", read: readFault, list: faultNames},
	}
}

func named(what string, kinds ...kind) slot {
	return slot{
		what: what,
		read: func(p *parser, tokens []token) (any, int, string) { return p.readName(tokens, what, kinds) },
		list: func(p *parser) []string { return p.namesOf(kinds...) },
	}
}

func (p *parser) readName(tokens []token, what string, kinds []kind) (any, int, string) {
	if len(tokens) == 0 || tokens[0].quoted {
		return nil, 0, ""
	}
	name := tokens[0].text
	e := p.lookUp(name)
	switch {
	case e != nil && slices.Contains(kinds, e.kind):
		return e, 1, ""
	case e != nil:
		return nil, 0, fmt.Sprintf("%s is %s, and this needs %s", name, e.kind, what)
	default:
		return nil, 0, ""
	}
}

// one is a slot of one word.
func one(what string, read func(text string) (any, bool)) slot {
	return slot{what: what, read: func(_ *parser, tokens []token) (any, int, string) {
		if len(tokens) == 0 {
			return nil, 0, ""
		}
		if value, ok := read(tokens[0].text); ok {
			return value, 1, ""
		}
		return nil, 0, ""
	}}
}

func choice(words ...string) slot {
	s := one(either(words), func(text string) (any, bool) { return text, slices.Contains(words, text) })
	s.list = func(*parser) []string { return words }
	return s
}

func readNew(p *parser, tokens []token) (any, int, string) {
	if len(tokens) == 0 || tokens[0].quoted {
		return nil, 0, ""
	}
	name := tokens[0].text
	if !regexp.MustCompile(`^\pL[\pL\pN_-]*$`).MatchString(name) {
		return nil, 0, fmt.Sprintf("“%s” cannot be a name, which is one word that begins with a letter", name)
	}
	if slices.Contains(reserved(), name) {
		return nil, 0, fmt.Sprintf("“%s” is a word of the language; choose another name", name)
	}
	if e := p.scenario.names[name]; e != nil {
		return nil, 0, fmt.Sprintf("%s is %s already, since line %d; choose another name", name, e.kind, e.line)
	}
	return name, 1, ""
}

func reserved() []string {
	words := []string{"bot", "when", "for", "must", "and", "then", "platform", "tenant", "itself", "to", "on", "within", "as", "of", "with", "by"}
	for _, f := range forms() {
		if first := parsePattern(f.pattern)[0].word; first != "" {
			words = append(words, first)
		}
	}
	return words
}

func readRest(_ *parser, tokens []token) (any, int, string) {
	var words []string
	for _, t := range tokens {
		if n := len(words); n > 0 && (t.text == "," || t.text == ":") && !t.quoted {
			words[n-1] += t.text
			continue
		}
		words = append(words, t.text)
	}
	return strings.Join(words, " "), len(tokens), ""
}

// readPeople reads names with commas or “and” between them.
func readPeople(p *parser, tokens []token) (any, int, string) {
	var people []*entity
	used := 0
	for {
		value, one, why := p.readName(tokens[used:], "a person or a phone", []kind{aPerson, aPhone})
		if one == 0 {
			return nil, 0, why
		}
		person, _ := value.(*entity)
		people = append(people, person)
		used++
		if used+1 >= len(tokens) || tokens[used].text != "," && tokens[used].text != "and" {
			return people, used, ""
		}
		used++
	}
}

func readDuration(text string) (any, bool) {
	d, err := time.ParseDuration(text)
	return d, err == nil && d >= 0 && d <= 24*time.Hour
}

func readSpeed(text string) (any, bool) {
	speed, err := strconv.ParseFloat(text, 64)
	return speed, err == nil && speed >= 0.01 && speed <= 1000
}

func readCount(text string) (any, bool) {
	count, err := strconv.Atoi(text)
	return count, err == nil && count >= 0
}

func readNumber(text string) (any, bool) {
	return text, regexp.MustCompile(`^\+[0-9]{3,15}$`).MatchString(text)
}

func readURI(text string) (any, bool) {
	return text, strings.ContainsAny(text, ":*./")
}

func readKeys(text string) (any, bool) {
	var keys []resources.Tone
	for _, key := range text {
		switch {
		case key >= '0' && key <= '9':
			keys = append(keys, resources.Tone("tone"+string(key)))
		case key == '*':
			keys = append(keys, resources.ToneStar)
		case key == '#':
			keys = append(keys, resources.TonePound)
		default:
			return nil, false
		}
	}
	return keys, len(keys) > 0
}

// ending is a result as the platform puts it: a code and a subcode.
type ending struct{ code, subcode int32 }

func readCode(text string) (any, bool) {
	code, subcode, both := strings.Cut(text, "/")
	first, err := strconv.ParseInt(code, 10, 32)
	if err != nil || first < 0 {
		return nil, false
	}
	if !both {
		return ending{int32(first), 0}, true
	}
	second, err := strconv.ParseInt(subcode, 10, 32)
	return ending{int32(first), int32(second)}, err == nil && second >= 0
}

// word is one of a command's.
type word struct {
	text string
	at   token
}

// readCommand reads a command and its arguments: what the lexer took apart at
// commas and colons is whole again.
func readCommand(_ *parser, tokens []token) (any, int, string) {
	var words []word
	behind := token{}
	for _, t := range tokens {
		if t.line == behind.line && t.column == behind.column && !t.quoted && len(words) > 0 {
			words[len(words)-1].text += t.text
		} else {
			words = append(words, word{t.text, t})
		}
		width := len([]rune(t.text))
		if t.quoted {
			width += 2
		}
		behind = token{line: t.line, column: t.column + width}
	}
	return words, len(tokens), ""
}
