package scenario

import (
	"context"
	"slices"
	"time"

	"github.com/graphcalls/graphcalls-go/simulator"
)

// Scenario is a story a bot is to take part in, as [Parse] has read it. It never
// changes, and can be run more than once and at the same time.
type Scenario struct {
	name, title string
	speed       float64
	patience    time.Duration
	prompts     time.Duration
	names       map[string]*entity
	entities    []*entity // in the order of the text
	statements  []*statement
	started     map[*entity]bool // bots that have a line of their own for it
}

// Name is the name given to Parse.
func (s *Scenario) Name() string { return s.name }

// Title is what the text calls itself, or else its name.
func (s *Scenario) Title() string { return s.title }

// Bots are the names of the bots in it, in the order they come.
func (s *Scenario) Bots() []string {
	var names []string
	for _, bot := range s.of(aBot) {
		names = append(names, bot.name)
	}
	return names
}

func (s *Scenario) of(kinds ...kind) []*entity {
	return slices.DeleteFunc(slices.Clone(s.entities), func(e *entity) bool { return !slices.Contains(kinds, e.kind) })
}

// What is so where the text does not say it.
const (
	defaultPatience = 10 * time.Second
	defaultPrompts  = time.Second
)

// Options are those of the platform the scenario asks for: its speed, how long
// prompts last, seconds of recordings that are seconds, that keys reach only
// bots that asked for them, and room to remember the whole story.
func (s *Scenario) Options() simulator.Options {
	return simulator.Options{
		Speed:                   s.speed,
		PromptDuration:          s.prompts,
		MediaSecond:             time.Second,
		RequireToneSubscription: true,
		Remember:                100_000,
	}
}

// act is one thing done in the course of the story.
type act func(ctx context.Context, p *play) error

func nothing(context.Context, *play) error { return nil }

// startLate starts the bots that have no line for it: when all that is to be
// there before is there.
func (s *Scenario) startLate() {
	at := slices.IndexFunc(s.statements, func(one *statement) bool { return !one.setting })
	line := 1
	if at < 0 {
		at = len(s.statements)
	} else {
		line = s.statements[at].line
	}
	for _, bot := range s.of(aBot) {
		if !s.started[bot] {
			s.statements = slices.Insert(s.statements, at, &statement{line: line, text: "start " + bot.name, do: startBot(bot, nil), setting: true})
			at++
		}
	}
}
