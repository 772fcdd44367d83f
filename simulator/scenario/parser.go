package scenario

import (
	"errors"
	"regexp"
	"slices"
	"strings"
)

// parser reads one text.
type parser struct {
	scenario *Scenario
	forms    []form
	slots    map[string]slot
	now      int // the line that is read
	mistakes []error
}

const mostMistakes = 20 // that are worth telling at once

// Parse reads a scenario. The name, usually the file's, goes before every
// message. The error joins one [*SyntaxError] for each line that is wrong, 20 at
// most.
func Parse(name, text string) (*Scenario, error) {
	p := &parser{forms: allForms(), slots: slots()}
	p.scenario = &Scenario{name: name, title: name, speed: 1, patience: defaultPatience, prompts: defaultPrompts, names: map[string]*entity{}, started: map[*entity]bool{}}
	lines, mistakes := lex(name, text)
	p.mistakes = mistakes
	for _, l := range lines {
		p.line(l)
	}
	if len(lines) == 0 && len(p.mistakes) == 0 {
		p.mistakes = append(p.mistakes, &SyntaxError{name, 1, 1, "the scenario is empty; write one thing that happens to a line"})
	}
	if len(p.mistakes) > 0 {
		slices.SortStableFunc(p.mistakes, byPlace)
		return nil, errors.Join(p.mistakes[:min(len(p.mistakes), mostMistakes)]...)
	}
	p.scenario.startLate()
	return p.scenario, nil
}

func byPlace(a, b error) int {
	var one, other *SyntaxError
	if !errors.As(a, &one) || !errors.As(b, &other) {
		return 0
	}
	return one.Line - other.Line
}

func (p *parser) mistakeAt(t token, message string) error {
	return &SyntaxError{p.scenario.name, t.line, t.column, message}
}

// line reads one statement.
func (p *parser) line(l *line) {
	p.now = l.number
	read, why := p.statement(l.tokens, l.end)
	if why != nil {
		p.mistakes = append(p.mistakes, why)
		return
	}
	if read.do != nil {
		read.line, read.text = l.number, l.text
		p.scenario.statements = append(p.scenario.statements, read)
	}
}

// statement is what is done when the story comes to a line.
type statement struct {
	line   int
	text   string
	before []act // what it waits for
	do     act
	// expects says that the line is an expectation, which the report counts.
	expects bool
	// setting says that it is done before bots start.
	setting bool
}

// statement reads words that may begin with when, after or then.
func (p *parser) statement(tokens []token, end token) (*statement, error) {
	first := tokens[0]
	if first.quoted || first.text != "when" && first.text != "after" {
		return p.plain(tokens, end)
	}
	colon := slices.IndexFunc(tokens, func(t token) bool { return t.text == ":" && !t.quoted })
	if colon < 0 {
		if first.text == "after" {
			return nil, p.mistakeAt(end, "after a pause something must happen: after 2s: Adele leaves; to do nothing, write wait 2s")
		}
		return p.plain(tokens, end)
	}
	before, why := p.plain(tokens[:colon], tokens[colon])
	if why != nil {
		return nil, why
	}
	if colon+1 == len(tokens) {
		return nil, p.mistakeAt(end, "the line ends after the colon; write what happens then on the same line, or leave the colon out")
	}
	rest, why := p.statement(tokens[colon+1:], end)
	if why != nil {
		return nil, why
	}
	if rest.do == nil {
		return nil, p.mistakeAt(tokens[colon+1], "this cannot wait for anything; give it a line of its own")
	}
	rest.before, rest.setting = slices.Concat(before.before, rest.before), false
	return rest, nil
}

// plain reads words of one of the forms.
func (p *parser) plain(tokens []token, end token) (*statement, error) {
	m := &matcher{parser: p, tokens: tokens}
	for _, f := range p.forms {
		found, ok := m.match(f.parsed, 0, args{})
		if !ok {
			continue
		}
		do, why := f.build(p, found)
		if why != nil {
			return nil, why
		}
		if f.waits {
			return &statement{before: []act{do}, do: nothing}, nil
		}
		return &statement{do: do, expects: f.expects, setting: f.setting}, nil
	}
	if m.farthest == 0 {
		return nil, p.unknownStart(tokens[0])
	}
	return nil, m.mistake(end)
}

// unknownStart is a line whose first word nobody knows.
func (p *parser) unknownStart(first token) error {
	var words []string
	for _, f := range forms() {
		if word := parsePattern(f.pattern)[0].word; word != "" && !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	candidates := append(slices.Clone(words), p.namesOf(aBot, aPerson, aPhone, aMeeting)...)
	if meant := suggest(first.text, candidates); meant != "" {
		return p.mistakeAt(first, "“"+first.text+"” is not understood here; did you mean "+meant+"?")
	}
	if regexp.MustCompile(`^\p{Lu}`).MatchString(first.text) {
		return p.mistakeAt(first, "nobody is called "+first.text+" so far; say who it is in a line above, such as: person "+first.text)
	}
	return p.mistakeAt(first, "“"+first.text+"” is not understood here; a line begins with somebody's name or with "+either(words))
}

// lookUp finds who has a name. The word bot stands for the first bot there is.
func (p *parser) lookUp(name string) *entity {
	if name != "bot" {
		return p.scenario.names[name]
	}
	for _, e := range p.scenario.entities {
		if e.kind == aBot {
			return e
		}
	}
	return p.declare(&entity{kind: aBot, name: "bot"}, token{})
}

func (p *parser) declare(e *entity, at token) *entity {
	e.line = at.line
	p.scenario.names[e.name] = e
	p.scenario.entities = append(p.scenario.entities, e)
	return e
}

func (p *parser) namesOf(kinds ...kind) []string {
	var names []string
	for _, e := range p.scenario.entities {
		if slices.Contains(kinds, e.kind) {
			names = append(names, e.name)
		}
	}
	if slices.Contains(kinds, aBot) && !slices.Contains(names, "bot") {
		names = append(names, "bot")
	}
	return names
}

// checkPlaceholders checks the {name.field} of a command.
func (p *parser) checkPlaceholders(command []word) error {
	for _, w := range command {
		for _, match := range placeholder().FindAllStringSubmatch(w.text, -1) {
			if why := p.checkPlaceholder(match[1]); why != "" {
				return p.mistakeAt(w.at, "{"+match[1]+"} stands for nothing; "+why)
			}
		}
	}
	return nil
}

// placeholder matches what may be one. Braces have other uses in commands.
func placeholder() *regexp.Regexp {
	return regexp.MustCompile(`\{(\pL[\pL\pN_-]*(?:\.[\pL\pN_-]*)?)\}`)
}

func (p *parser) checkPlaceholder(text string) string {
	if text == "tenant" {
		return ""
	}
	name, field, dotted := strings.Cut(text, ".")
	e := p.lookUp(name)
	if e == nil {
		names := append(p.namesOf(aBot, aPerson, aPhone, aMeeting, aProgram), "tenant")
		switch meant := suggest(name, names); {
		case meant != "":
			return "did you mean " + meant + "?"
		case dotted:
			return "there is " + either(names)
		default:
			return ""
		}
	}
	if slices.Contains(e.kind.fields(), field) {
		return ""
	}
	if meant := suggest(field, e.kind.fields()); meant != "" {
		return "did you mean {" + name + "." + meant + "}?"
	}
	return "of " + e.kind.String() + " there is " + either(e.kind.fields())
}
