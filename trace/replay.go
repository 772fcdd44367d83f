package trace

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"sync"

	"github.com/graphcalls/graphcalls-go/internal/reduce"
)

// Step is one line of a trace, played.
type Step struct {
	Line  int
	Entry *Entry
	// Call is how the call stands after it; nil for a line that reached none. It goes
	// on with the next step.
	Call *Call
	// Verdict, Events and Participants are what came of it in the replay.
	Verdict      string
	Events       []Event
	Participants int
	// Panicked says that working it in panicked, and with what. The call stays as it
	// was, as it does in a client.
	Panicked string
	// Differences are how that is not what was recorded.
	Differences []Difference
}

// Difference is something that a replay has otherwise than it was recorded.
type Difference struct {
	Line             int
	Call             string
	What             string // verdict, events, participants, revision or state
	Recorded, Played string
}

func (d Difference) String() string {
	return fmt.Sprintf("line %d, call %s: %s recorded: %s; replayed: %s", d.Line, d.Call, d.What, d.Recorded, d.Played)
}

// Result is what a replay led to.
type Result struct {
	// Calls are in the order of their first lines.
	Calls []*Call
	Lines int
	// Difference is the first that there is from what was recorded; nil for none.
	Difference *Difference
	// Missing counts lines that are missing, for they came faster than they could be
	// written; the first are missing before line MissingAt. Calls that are not Whole
	// are exact again from where they went on, and a call whose last lines are missing
	// is as it was before them.
	Missing   uint64
	MissingAt int
	// Truncated says that the last line was cut off, as when the process was killed.
	Truncated bool
}

// Find returns the lives of a call, in order.
func (r *Result) Find(id string) []*Call {
	var found []*Call
	for _, call := range r.Calls {
		if call.ID == id {
			found = append(found, call)
		}
	}
	return found
}

// Replay plays a trace to its end. A line that cannot be read or played is a
// *LineError, with the Result up to there.
func Replay(r io.Reader) (*Result, error) {
	result := new(Result)
	known := map[*Call]bool{}
	for step, err := range Steps(r) {
		switch {
		case errors.Is(err, ErrTruncated):
			result.Truncated = true
			return result, nil
		case err != nil:
			return result, err
		}
		result.Lines++
		if step.Call != nil && !known[step.Call] {
			known[step.Call] = true
			result.Calls = append(result.Calls, step.Call)
		}
		if result.Difference == nil && len(step.Differences) > 0 {
			result.Difference = &step.Differences[0]
		}
		if step.Entry.Kind == KindMissing {
			if result.Missing += step.Entry.Missing; result.MissingAt == 0 {
				result.MissingAt = step.Line
			}
		}
	}
	return result, nil
}

// Steps plays a trace line by line. It ends after the first error, which is a
// *LineError unless it is the reader's own.
func Steps(r io.Reader) iter.Seq2[*Step, error] {
	return func(yield func(*Step, error) bool) {
		p := newPlayer()
		for reader := NewReader(r); ; {
			entry, err := reader.Next()
			if errors.Is(err, io.EOF) {
				return
			}
			var step *Step
			if err == nil {
				step, err = p.play(reader.Line(), entry)
			}
			if !yield(step, err) || err != nil {
				return
			}
		}
	}
}

// player plays the lines of a trace, one after another.
type player struct {
	lives map[uint64]*Call // of the recording under way
}

// reducer is made once, for that takes some milliseconds.
var reducer = sync.OnceValue(reduce.NewReducer) //nolint:gochecknoglobals // it holds nothing of any call

func newPlayer() *player { return &player{map[uint64]*Call{}} }

func (p *player) play(line int, e *Entry) (*Step, error) {
	step := &Step{Line: line, Entry: e}
	var err error
	switch {
	case e.Kind == KindTrace:
		p.lives = map[uint64]*Call{}
	case e.Kind == KindMissing, e.reachedNoCall():
	case e.givesState():
		err = p.give(step)
	case e.worksOnCall():
		err = p.work(step)
	default:
		err = fmt.Errorf("%w: there is no kind %q", ErrMalformed, e.Kind)
	}
	if err != nil {
		return nil, &LineError{line, err}
	}
	return step, nil
}

// give has a call stand as the line says.
func (p *player) give(step *Step) error {
	e := step.Entry
	state, err := reduce.Restore(e.State)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	call := p.lives[e.Life]
	if call == nil {
		call = &Call{ID: e.Call, Life: e.Life, Whole: true}
		p.lives[e.Life] = call
	} else {
		call.Whole = false
	}
	call.become(state.AtRevision(e.Revision))
	step.Call, step.Participants = call, state.Roster.Len()
	return nil
}

// work has a call work on what the line says.
func (p *player) work(step *Step) error {
	e := step.Entry
	call := p.lives[e.Life]
	switch {
	case e.Begins && call != nil:
		return fmt.Errorf("%w: call %s, life %d, begins twice", ErrMalformed, e.Call, e.Life)
	case e.Begins:
		call = &Call{ID: e.Call, Life: e.Life, Begins: true, Whole: true}
		call.become(reduce.New(e.Call))
		p.lives[e.Life] = call
	case call == nil:
		return fmt.Errorf("%w: no line says how call %s, life %d, begins", ErrMalformed, e.Call, e.Life)
	}
	input, err := e.input(call.state, call.stateAt)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	outcome := step.reduce(call.state, input)
	call.become(outcome.State)
	step.Call, step.Verdict, step.Events = call, string(outcome.Verdict), eventsOf(outcome.Events)
	step.Participants = outcome.State.Roster.Len()
	call.Events = append(call.Events, step.Events...)
	return step.compare(outcome.State)
}

// reduce shields the replay from a mistake in the rules, as a client does.
func (s *Step) reduce(before *reduce.State, input reduce.Input) (outcome reduce.Outcome) {
	defer func() {
		if problem := recover(); problem != nil {
			s.Panicked = fmt.Sprint(problem)
			outcome = reduce.Outcome{State: before, Verdict: reduce.Unplaced}
		}
	}()
	return reducer().Reduce(before, input)
}

func (s *Step) compare(after *reduce.State) error {
	e := s.Entry
	s.differ("verdict", e.Verdict, s.Verdict)
	if !sameEvents(e.Events, s.Events) {
		s.note("events", describe(e.Events), describe(s.Events))
	}
	s.differ("participants", strconv.Itoa(e.Participants), strconv.Itoa(s.Participants))
	s.differ("revision", strconv.FormatUint(e.Revision, 10), strconv.FormatUint(after.Revision(), 10))
	if e.Digest == "" {
		return nil
	}
	snapshot, err := after.Snapshot()
	s.differ("state", e.Digest, digestOf(snapshot))
	return err
}

func (s *Step) differ(what, recorded, played string) {
	if recorded != played {
		s.note(what, recorded, played)
	}
}

func (s *Step) note(what, recorded, played string) {
	s.Differences = append(s.Differences, Difference{s.Line, s.Entry.Call, what, recorded, played})
}

func describe(events []Event) string {
	if len(events) == 0 {
		return "none"
	}
	var list []string
	for e := range slices.Values(events) {
		list = append(list, e.String())
	}
	return fmt.Sprint(list)
}
