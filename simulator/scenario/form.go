package scenario

import (
	"slices"
	"time"
)

// form is one way to write a line.
type form struct {
	pattern string
	says    string
	build   func(p *parser, a args) (act, error)
	// setting says that what the line does is done before bots start, and
	// expects that it is an expectation.
	setting, expects bool
	// waits says that it does nothing but wait.
	waits bool

	parsed pattern
}

// forms are all ways to write a line but those that expect or wait for
// something, which clauses make.
func forms() []form {
	return slices.Concat(settings(), orders(), people(), platformForms(), faultForms())
}

// allForms are forms, and those that clauses make.
func allForms() []form {
	all := forms()
	for _, c := range clauses() {
		all = append(all, c.forms()...)
	}
	for i := range all {
		all[i].parsed = parsePattern(all[i].pattern)
	}
	return all
}

// forms are the three that a clause makes: when it happens, that it must, and
// that it must not.
func (c clause) forms() []form {
	condition := func(a args) condition {
		met := c.build(a)
		met.subject = arg[*entity](a, c.subject)
		return met
	}
	limit := func(p *parser, a args) time.Duration {
		if a.has("DURATION") {
			return arg[time.Duration](a, "DURATION")
		}
		return p.scenario.patience
	}
	must := func(inOrder bool) func(*parser, args) (act, error) {
		return func(p *parser, a args) (act, error) { return expect(condition(a), limit(p, a), inOrder), nil }
	}
	return []form{
		{pattern: c.subject + " must " + c.base + " [within DURATION]", expects: true, build: must(false)},
		{pattern: "then " + c.subject + " must " + c.base + " [within DURATION]", expects: true, build: must(true)},
		{pattern: c.subject + " must not " + c.base + " [for DURATION]", expects: true, build: func(_ *parser, a args) (act, error) {
			if a.has("DURATION") {
				return forbidFor(condition(a), arg[time.Duration](a, "DURATION")), nil
			}
			return forbid(condition(a)), nil
		}},
		{pattern: "when " + c.subject + " " + c.third() + " [within DURATION]", waits: true, build: func(p *parser, a args) (act, error) {
			return hold(condition(a), limit(p, a)), nil
		}},
	}
}

// settings say what there is, before anything happens.
func settings() []form {
	declaration := func(k kind, dress func(*entity, args)) func(*parser, args) (act, error) {
		return func(p *parser, a args) (act, error) {
			e := &entity{kind: k, name: arg[string](a, "NEW")}
			dress(e, a)
			p.declare(e, token{line: p.now})
			return nil, nil
		}
	}
	return []form{
		{pattern: "scenario TITLE", says: "what the report calls it", build: func(p *parser, a args) (act, error) {
			p.scenario.title = arg[string](a, "TITLE")
			return nil, nil
		}},
		{pattern: "speed SPEED", says: "how many seconds of the story pass in one of ours; 1 unless said", build: func(p *parser, a args) (act, error) {
			p.scenario.speed = arg[float64](a, "SPEED")
			return nil, nil
		}},
		{pattern: "patience DURATION", says: "how long the lines below wait where they do not say it; 10s unless said", build: func(p *parser, a args) (act, error) {
			p.scenario.patience = arg[time.Duration](a, "DURATION")
			return nil, nil
		}},
		{pattern: "prompts last DURATION", says: "how long every prompt plays; 1s unless said", build: func(p *parser, a args) (act, error) {
			p.scenario.prompts = arg[time.Duration](a, "DURATION")
			return nil, nil
		}},
		{pattern: "bot NEW", says: "a bot and its name; without such a line there is one, and its name is bot", build: declaration(aBot, func(*entity, args) {})},
		{pattern: "person NEW [TITLE]", says: "somebody with a Teams client, and their full name", build: declaration(aPerson, func(e *entity, a args) {
			if e.title = arg[string](a, "TITLE"); e.title == "" {
				e.title = e.name
			}
		})},
		{pattern: "phone NEW NUMBER", says: "somebody with nothing but a telephone", build: declaration(aPhone, func(e *entity, a args) { e.number = arg[string](a, "NUMBER") })},
		{pattern: "meeting NEW [organized by PERSON] [without passcode] [lobby for WAITS]", says: "a scheduled meeting, and which bots wait in its lobby: guests unless said", build: declaration(aMeeting, func(e *entity, a args) {
			e.organizer, e.lobby, e.open = arg[*entity](a, "PERSON"), arg[string](a, "WAITS"), a.has("without")
		})},
		{pattern: "policy BOT records PEOPLE", says: "whenever one of them enters a meeting, the bot is called to record", setting: true, build: func(_ *parser, a args) (act, error) {
			return setPolicy(arg[*entity](a, "BOT"), arg[[]*entity](a, "PEOPLE")), nil
		}},
		{pattern: "program NEW : COMMAND", says: "a program that is to run beside the bots; it is told in LISTEN what to listen at", setting: true, build: startProgram},
		{pattern: "start BOT [: COMMAND]", says: "starts a bot here, with this command; without such a line it is started before the first thing that happens", setting: true, build: func(p *parser, a args) (act, error) {
			bot, command := arg[*entity](a, "BOT"), arg[[]word](a, "COMMAND")
			p.scenario.started[bot] = true
			return startBot(bot, texts(command)), p.checkPlaceholders(command)
		}},
	}
}

func startProgram(p *parser, a args) (act, error) {
	command := arg[[]word](a, "COMMAND")
	e := p.declare(&entity{kind: aProgram, name: arg[string](a, "NEW"), command: texts(command)}, token{line: p.now})
	return runProgram(e), p.checkPlaceholders(command)
}

func texts(command []word) []string {
	var all []string
	for _, w := range command {
		all = append(all, w.text)
	}
	return all
}

// orders move the story on.
func orders() []form {
	return []form{
		{pattern: "wait DURATION", says: "lets time pass", build: func(_ *parser, a args) (act, error) {
			return pause(arg[time.Duration](a, "DURATION")), nil
		}},
		{pattern: "after DURATION", says: "lets time pass before what follows a colon: after 2s: Adele leaves", waits: true, build: func(_ *parser, a args) (act, error) {
			return pause(arg[time.Duration](a, "DURATION")), nil
		}},
	}
}
