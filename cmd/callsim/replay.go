package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/graphcalls/graphcalls-go/trace"
)

const replayUsage = `callsim replay plays a trace again: what a client of this SDK has recorded
(Client.RecordTrace), call by call, and what becomes of it. It says so where that is not
what was recorded.

  callsim replay trace.jsonl                    the edges and the end of each call
  callsim replay -events trace.jsonl            keys, media, lobby and operations as well
  callsim replay -call 1b2c -steps trace.jsonl  every line of the calls whose id begins so

Exit code 1 means that something became of it otherwise than was recorded, 2 that the
trace could not be read. docs/traces.md has the format.

Flags:
`

// showing is what the flags of callsim replay say.
type showing struct {
	call          string
	events, steps bool
	file          string
}

func parseShowing(args []string, out io.Writer) (*showing, error) {
	var s showing
	flags := flag.NewFlagSet("callsim replay", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&s.call, "call", "", "show only calls whose `id` begins so")
	flags.BoolVar(&s.events, "events", false, "show all events, not edges alone")
	flags.BoolVar(&s.steps, "steps", false, "show every line, and what became of it")
	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		say(out, "%v", replayUsage)
		flags.SetOutput(out)
		flags.PrintDefaults()
		return nil, err
	case err != nil:
		return nil, fmt.Errorf("callsim replay: %w; callsim replay -help explains the flags", err)
	case flags.NArg() != 1:
		return nil, errors.New("callsim replay: name one trace, such as callsim replay trace.jsonl")
	}
	s.file = flags.Arg(0)
	return &s, nil
}

func replay(args []string, out, errs io.Writer) int {
	show, err := parseShowing(args, out)
	if errors.Is(err, flag.ErrHelp) {
		return exitWell
	}
	if err != nil {
		say(errs, "%v\n", err)
		return exitUsage
	}
	file, err := os.Open(show.file)
	if err != nil {
		say(errs, "callsim replay: %v\n", err)
		return exitUsage
	}
	defer func() { _ = file.Close() }()
	p := &playback{show: show, out: out, told: map[*trace.Call]*strings.Builder{}}
	for step, err := range trace.Steps(file) {
		if errors.Is(err, trace.ErrTruncated) {
			p.note("the trace breaks off in line %d", p.lines+1)
			break
		}
		if err != nil {
			say(errs, "callsim replay: %s: %v\n", show.file, err)
			return exitUsage
		}
		p.take(step)
	}
	return p.finish()
}

// playback tells of a trace what its reader wants to know.
type playback struct {
	show  *showing
	out   io.Writer
	calls []*trace.Call
	told  map[*trace.Call]*strings.Builder
	notes []string
	first *trace.Difference
	lines int
}

func (p *playback) note(format string, args ...any) {
	p.notes = append(p.notes, fmt.Sprintf(format, args...))
}

func (p *playback) take(step *trace.Step) {
	p.lines++
	if step.Entry.Kind == trace.KindMissing {
		p.note("%d lines are missing before line %d: calls that are not whole go on from how they stood afterwards", step.Entry.Missing, step.Line)
	}
	if p.first == nil && len(step.Differences) > 0 {
		p.first = &step.Differences[0]
	}
	if step.Panicked != "" {
		p.note("line %d panics: %s", step.Line, step.Panicked)
	}
	if step.Call == nil || !strings.HasPrefix(step.Call.ID, p.show.call) {
		return
	}
	text := p.told[step.Call]
	if text == nil {
		text = &strings.Builder{}
		p.told[step.Call] = text
		p.calls = append(p.calls, step.Call)
		if !step.Call.Begins {
			fmt.Fprintf(text, "  %s  %s: %s\n", clock(step), step.Entry.Kind, step.Call.Resource().State)
		}
	}
	if p.show.steps && step.Verdict != "" {
		fmt.Fprintf(text, "  %s  line %d: %s, %s\n", clock(step), step.Line, step.Entry.Kind, step.Verdict)
	}
	for _, event := range step.Events {
		if event.IsEdge() || p.show.events || p.show.steps {
			fmt.Fprintf(text, "  %s  %v\n", clock(step), &event)
		}
	}
}

func clock(step *trace.Step) string { return step.Entry.Time.UTC().Format("15:04:05.000") }

// finish tells what it has gathered, and returns the exit code.
func (p *playback) finish() int {
	for _, call := range p.calls {
		say(p.out, "call %s%s\n%s%s\n", call.ID, parts(call), p.told[call], ending(call))
	}
	for _, note := range p.notes {
		say(p.out, "note: %s\n", note)
	}
	if p.first != nil {
		say(p.out, "different: %v\n", p.first)
		return exitFailed
	}
	say(p.out, "ok: %d lines, all as recorded; calls shown: %d\n", p.lines, len(p.told))
	return exitWell
}

// parts says what of a call the trace does not have.
func parts(call *trace.Call) string {
	if call.Whole {
		return ""
	}
	return " (not whole)"
}

func ending(call *trace.Call) string {
	cause, ended := call.Ended()
	if !ended {
		return fmt.Sprintf("  goes on as %s with %d participants", call.Resource().State, len(call.Participants()))
	}
	text := "  ended, " + cause
	if result := call.Resource().ResultInfo; result != nil {
		text += fmt.Sprintf(" %d/%d", result.Code, result.Subcode)
	}
	return text
}
