package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/simulator/scenario"
)

const runUsage = `callsim run plays scenarios: stories in text of who calls a bot, what goes wrong,
and what the bot must make of it. It fails when one of them does.

  callsim run scenarios/transfer.callsim                     play one that says how to start its bot
  callsim run -bot 'python bot.py' scenarios/*.callsim       play all, with this bot
  callsim run -verbose -output scenarios/transfer.callsim    tell the whole story, and what the bot prints

docs/scenarios.md has the language. Exit code 1 means that a scenario failed, 2 that
it could not be read.

Flags:
`

// rehearsal is what the flags of callsim run say.
type rehearsal struct {
	bot             string
	speed           float64
	verbose, output bool
	files           []string
}

func parseRehearsal(args []string, out io.Writer) (*rehearsal, error) {
	var r rehearsal
	flags := flag.NewFlagSet("callsim run", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&r.bot, "bot", "", "the `command` that starts a bot for which the scenario names none, in words\nwith spaces between them")
	flags.Float64Var(&r.speed, "speed", 0, "how many times `faster` than real the platform's time runs; the scenario's own when 0")
	flags.BoolVar(&r.verbose, "verbose", false, "tell the whole story of scenarios that pass as well")
	flags.BoolVar(&r.output, "output", false, "show what bots print, as it comes")
	err := flags.Parse(args)
	r.files = flags.Args()
	switch {
	case errors.Is(err, flag.ErrHelp):
		say(out, "%v", runUsage)
		flags.SetOutput(out)
		flags.PrintDefaults()
		return nil, err
	case err != nil:
		return nil, fmt.Errorf("callsim run: %w; callsim run -help explains the flags", err)
	case len(r.files) == 0:
		return nil, errors.New("callsim run: name the scenarios to play, such as callsim run scenarios/transfer.callsim")
	case r.speed < 0:
		return nil, fmt.Errorf("callsim run: -speed %v: must not be negative", r.speed)
	}
	return &r, nil
}

func runScenarios(ctx context.Context, args []string, out, errs io.Writer) int {
	r, err := parseRehearsal(args, out)
	if errors.Is(err, flag.ErrHelp) {
		return exitWell
	}
	if err != nil {
		say(errs, "%v\n", err)
		return exitUsage
	}
	stories, err := readStories(r.files)
	if err != nil {
		say(errs, "%v\n", err)
		return exitUsage
	}
	runner := &scenario.Runner{Command: strings.Fields(r.bot), Configure: func(o *simulator.Options) {
		if r.speed > 0 {
			o.Speed = r.speed
		}
	}}
	if r.output {
		runner.Output = &lockedWriter{to: errs}
	}
	code := exitWell
	for _, story := range stories {
		report := runner.Run(ctx, story)
		switch {
		case !report.Passed():
			code = exitFailed
			say(out, "%v", report)
		case r.verbose:
			say(out, "%v", report)
		default:
			say(out, "%v\n", report.Summary())
		}
		if ctx.Err() != nil {
			return exitFailed
		}
	}
	return code
}

// readStories reads all before any is played, so that all mistakes are told at
// once.
func readStories(files []string) ([]*scenario.Scenario, error) {
	var stories []*scenario.Scenario
	var all error
	for _, file := range files {
		text, err := os.ReadFile(file) //nolint:gosec // the user names it
		if err != nil {
			all = errors.Join(all, fmt.Errorf("callsim run: %w", err))
			continue
		}
		story, err := scenario.Parse(file, string(text))
		all = errors.Join(all, err)
		stories = append(stories, story)
	}
	return stories, all
}

// lockedWriter is written to by one at a time.
type lockedWriter struct {
	mu sync.Mutex
	to io.Writer
}

func (w *lockedWriter) Write(text []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.to.Write(text)
}
