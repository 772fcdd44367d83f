package scenario

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/graphcalls/graphcalls-go/simulator"
)

// play is one run of a scenario. It is used by one goroutine.
type play struct {
	*cast

	scenario *Scenario
	platform *simulator.Platform
	launcher launcher
	speed    float64 // seconds of the story in one of ours
	began    time.Time

	report  *Report
	events  []*event
	prompts map[string]*event // by the id of the operation
	bans    []*ban
	broken  *ban // that is met

	watch   *watch
	last    time.Duration // when what met the last expectation happened
	current *statement
}

// ban is something that must not happen.
type ban struct {
	condition

	line  int
	text  string
	since time.Duration
	by    *event // what broke it, if it was an event
}

// launcher starts what runs in processes of its own. Without one, all runs
// already.
type launcher interface {
	startBot(ctx context.Context, p *play, bot *entity, command []string) error
	startProgram(ctx context.Context, p *play, program *entity) error
	// exits tells of programs that have ended by themselves, of each once.
	exits() []string
}

var (
	errUnmet  = errors.New("an expectation was not met")
	errBroken = errors.New("something happened that must not")
)

func (s *Scenario) newPlay(platform *simulator.Platform, bots []*simulator.Bot, with launcher) *play {
	p := &play{
		cast: newCast(s, platform, bots), scenario: s, platform: platform, launcher: with, speed: s.speed, began: time.Now(),
		report: &Report{Scenario: s.name, Title: s.title}, prompts: map[string]*event{},
	}
	p.watch = newWatch(p)
	return p
}

// run tells the story to its end, or to where it went wrong.
func (p *play) run(ctx context.Context) *Report {
	for _, one := range p.scenario.statements {
		if one.expects {
			p.report.Expectations++
		}
		if p.report.failed() {
			p.report.missed(one)
			continue
		}
		if err := p.perform(ctx, one); err != nil {
			p.fail(ctx, one, err)
		}
	}
	if !p.report.failed() {
		p.look()
		p.settle()
	}
	p.report.finish(p.now())
	return p.report
}

// perform waits for what a line waits for, and does what it says.
func (p *play) perform(ctx context.Context, one *statement) error {
	p.current = one
	for _, wait := range one.before {
		if err := wait(ctx, p); err != nil {
			return err
		}
	}
	if !one.expects {
		p.tell(Entry{Line: one.line, Kind: Act, Text: one.text})
	}
	return one.do(ctx, p)
}

// settle says of what must not happen that it did not.
func (p *play) settle() {
	if p.broken != nil {
		p.tellBroken()
		return
	}
	for _, b := range p.bans {
		p.tell(Entry{Line: b.line, Kind: Met, Text: b.text})
	}
}

func (p *play) fail(ctx context.Context, one *statement, err error) {
	p.look()
	switch {
	case ctx.Err() != nil:
		p.tell(Entry{Line: one.line, Kind: Failed, Text: one.text, Detail: []string{"the run was ended: " + context.Cause(ctx).Error()}})
	case errors.Is(err, errBroken):
		p.tellBroken()
	case errors.Is(err, errUnmet): // told already
	default:
		p.report.Entries = slices.DeleteFunc(p.report.Entries, func(e Entry) bool { return e.Kind == Act && e.Line == one.line && e.Text == one.text })
		p.tell(Entry{Line: one.line, Kind: Failed, Text: one.text, Detail: []string{err.Error()}})
	}
}

func (p *play) tellBroken() {
	detail := "it is so"
	if by := p.broken.by; by != nil {
		detail = fmt.Sprintf("%s %s at %s", by.subject.name, by.text, clock(by.at))
	}
	p.tell(Entry{Line: p.broken.line, Kind: Failed, Text: p.broken.text, Detail: []string{detail}})
}

func (p *play) tell(e Entry) {
	e.At = p.now()
	p.report.Entries = append(p.report.Entries, e)
}

// now is how far the story is.
func (p *play) now() time.Duration { return p.told(time.Now()) }

func (p *play) told(at time.Time) time.Duration {
	return time.Duration(float64(at.Sub(p.began)) * p.speed)
}

// real is how long something takes that takes so long in the story.
func (p *play) real(told time.Duration) time.Duration {
	return time.Duration(float64(told) / p.speed)
}

// await waits for so long in the story until something is so. It fails when a
// ban is broken meanwhile, and when ctx ends.
func (p *play) await(ctx context.Context, limit time.Duration, so func() bool) (bool, error) {
	limited, cancel := context.WithTimeout(ctx, p.real(limit))
	defer cancel()
	met := false
	err := p.platform.WaitUntil(limited, func() bool {
		p.look()
		met = p.broken == nil && so()
		return met || p.broken != nil
	})
	switch {
	case p.broken != nil:
		return false, errBroken
	case ctx.Err() != nil:
		return false, context.Cause(ctx)
	case err != nil && !errors.Is(err, context.DeadlineExceeded):
		return false, err
	default:
		return met, nil
	}
}

// must waits, with the scenario's patience, for what an act needs.
func (p *play) must(ctx context.Context, so func() bool, otherwise string) error {
	met, err := p.await(ctx, p.scenario.patience, so)
	if err == nil && !met {
		err = fmt.Errorf("%s, and has not for %v", otherwise, p.scenario.patience)
	}
	return err
}

func pause(d time.Duration) act {
	return func(ctx context.Context, p *play) error {
		_, err := p.await(ctx, d, func() bool { return false })
		return err
	}
}

func startBot(bot *entity, command []string) act {
	return func(ctx context.Context, p *play) error {
		if p.launcher == nil {
			return nil
		}
		return p.launcher.startBot(ctx, p, bot, p.fill(p.scenario, p.platform, command))
	}
}

func runProgram(program *entity) act {
	return func(ctx context.Context, p *play) error {
		if p.launcher == nil {
			return nil
		}
		return p.launcher.startProgram(ctx, p, program)
	}
}

func setPolicy(bot *entity, people []*entity) act {
	return func(_ context.Context, p *play) error {
		var recorded []*simulator.Person
		for _, one := range people {
			recorded = append(recorded, p.person(one))
		}
		p.platform.Tenant().SetRecordingPolicy(p.bot(bot), recorded...)
		return nil
	}
}

// Run plays the scenario on a platform with bots that run already, in the order
// of [Scenario.Bots]; those that are missing are registered and ring nowhere. It
// adds the scenario's people and meetings to the platform, which should have
// been started with [Scenario.Options]. Lines that start a bot or a program do
// nothing. Run ends with the story, with the first thing that goes wrong, or
// with ctx; the report says which.
func (s *Scenario) Run(ctx context.Context, platform *simulator.Platform, bots ...*simulator.Bot) *Report {
	return s.newPlay(platform, slices.Clone(bots), nil).run(ctx)
}
