package scenario

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Kind says what an entry of a report is.
type Kind int

// The kinds of entries.
const (
	Act    Kind = iota // a line of the scenario that was done
	Deed               // something a bot, or somebody who listens to it, did
	Fact               // something the platform knows of
	Met                // an expectation that was met
	Failed             // a line that went wrong
)

// Entry is one line of a report's story.
type Entry struct {
	// At is how far the story was, in its own seconds.
	At   time.Duration
	Kind Kind
	Line int    // of the scenario, or 0
	Who  string // of deeds and facts
	Text string
	// Detail says what came instead, where something else was expected.
	Detail []string
}

// Report is what came of a run.
type Report struct {
	// Scenario is the name given to Parse, and Title what the text calls itself.
	Scenario, Title string
	Entries         []Entry
	// Expectations is how many lines that expect something there are.
	Expectations int
	// NotReached are the lines that were not reached, as the run had failed.
	NotReached []int
	// Took is how long the story was, in its own seconds.
	Took time.Duration
	// Output is what programs that were started have printed, the last of it.
	Output string
}

// Passed reports whether nothing went wrong.
func (r *Report) Passed() bool { return !r.failed() }

func (r *Report) failed() bool {
	for _, e := range r.Entries {
		if e.Kind == Failed {
			return true
		}
	}
	return false
}

// finish puts the story in order: a request is seen when it has been answered,
// and what came of it before.
func (r *Report) finish(took time.Duration) {
	r.Took = took
	slices.SortStableFunc(r.Entries, func(a, b Entry) int { return cmp.Compare(a.At, b.At) })
}

func (r *Report) missed(one *statement) {
	inLine := func(e Entry) bool { return e.Kind == Failed && e.Line == one.line }
	if !slices.ContainsFunc(r.Entries, inLine) {
		r.NotReached = append(r.NotReached, one.line)
	}
}

// Summary is the report in one line.
func (r *Report) Summary() string {
	if r.Passed() {
		return fmt.Sprintf("ok    %s: %s (%s, %s)", r.Scenario, r.Title, count(r.Expectations, "expectation"), clock(r.Took))
	}
	for _, e := range r.Entries {
		if e.Kind == Failed {
			return fmt.Sprintf("FAIL  %s:%d: %s (%s)", r.Scenario, e.Line, e.Text, clock(r.Took))
		}
	}
	return ""
}

// WriteTo writes the story and the summary, for people to read.
func (r *Report) WriteTo(w io.Writer) (int64, error) {
	n, err := io.WriteString(w, r.String())
	return int64(n), err
}

// String is the story and the summary, for people to read.
func (r *Report) String() string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s: %s\n", r.Scenario, r.Title)
	for _, e := range r.Entries {
		e.write(&out)
	}
	if len(r.NotReached) > 0 {
		fmt.Fprintf(&out, "%12s%s\n", "", "not reached: "+lines(r.NotReached))
	}
	if !r.Passed() && r.Output != "" {
		out.WriteString("  what the programs printed:\n")
		for row := range strings.Lines(r.Output) {
			out.WriteString("    | " + strings.TrimRight(row, "\n") + "\n")
		}
	}
	out.WriteString(r.Summary() + "\n")
	return out.String()
}

func (e Entry) write(out *strings.Builder) {
	mark := " "
	switch e.Kind {
	case Act:
		mark = ">"
	case Met:
		mark = "+"
	case Failed:
		mark = "X"
	case Deed, Fact:
	}
	text := e.Text
	if e.Who != "" {
		text = e.Who + " " + text
	}
	place := ""
	if e.Line > 0 {
		place = fmt.Sprintf("  (line %d)", e.Line)
	}
	fmt.Fprintf(out, "%10s %s %s%s\n", clock(e.At), mark, text, place)
	for _, detail := range e.Detail {
		fmt.Fprintf(out, "%14s%s\n", "", detail)
	}
}

func clock(d time.Duration) string { return fmt.Sprintf("%.3fs", d.Seconds()) }

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// lines writes line numbers, with those in a row shortened.
func lines(numbers []int) string {
	if len(numbers) == 1 {
		return fmt.Sprintf("line %d", numbers[0])
	}
	return fmt.Sprintf("lines %d to %d", numbers[0], numbers[len(numbers)-1])
}
