package trace

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/graphcalls/graphcalls-go/resources"
)

// ErrTellsOtherwise is returned for a trace that would not replay as it did once it
// is sanitized.
var ErrTellsOtherwise = errors.New("the sanitized trace would replay otherwise")

// Sanitize writes a trace without personal data, so that it can be shared: names,
// ids, telephone numbers, addresses, subjects, texts, hosts of URLs and whatever
// has a name this library does not know are replaced, and so are the digits that
// people pressed. What is the same in the trace is replaced by the same, under a
// key that is made for it and forgotten. What the order of things depends on
// stays: states, codes, numbers of versions and sequences, times, who is who.
//
// It plays both traces side by side: the sanitized one has the same verdicts,
// edges and other events, and as many people. If that cannot be had it returns a
// *LineError that matches ErrTellsOtherwise; nothing of such a trace should be
// shared. Other errors are those of Steps. A last line that is cut off is left
// out.
func Sanitize(w io.Writer, r io.Reader) error {
	s := &sanitizer{newPseudonyms(rand.Reader)}
	out := &Writer{to: w, secrets: &secrets{s.pseudonyms}}
	plainly, sanitized := newPlayer(), newPlayer()
	for reader := NewReader(r); ; {
		e, err := reader.Next()
		if errors.Is(err, io.EOF) || errors.Is(err, ErrTruncated) {
			return nil
		}
		if err != nil {
			return err
		}
		before, err := plainly.play(reader.Line(), e)
		if err != nil {
			return err
		}
		clean := s.entry(e)
		after, err := sanitized.play(reader.Line(), clean)
		if err != nil {
			return &LineError{reader.Line(), fmt.Errorf("%w: %w", ErrTellsOtherwise, err)}
		}
		if what := s.otherwise(before, after); what != "" {
			return &LineError{reader.Line(), fmt.Errorf("%w: %s", ErrTellsOtherwise, what)}
		}
		if err := s.digest(before, after); err != nil {
			return err
		}
		if err := out.write(clean); err != nil {
			return err
		}
	}
}

// otherwise says in what the sanitized line leads to something else.
func (s *sanitizer) otherwise(before, after *Step) string {
	switch {
	case before.Verdict != after.Verdict:
		return "verdict"
	case before.Participants != after.Participants:
		return "participants"
	case before.Panicked != after.Panicked:
		return "panic"
	case !sameEvents(s.events(before.Entry, before.Events), after.Events):
		return "events"
	default:
		return ""
	}
}

// digest names the sanitized state, or none at all where the state was not as
// recorded before.
func (s *sanitizer) digest(before, after *Step) error {
	if before.Entry.Digest == "" || after.Call == nil {
		after.Entry.Digest = ""
		return nil
	}
	for _, difference := range before.Differences {
		if difference.What == "state" {
			after.Entry.Digest = hex.EncodeToString(s.sum("digest", before.Entry.Digest)[:12])
			return nil
		}
	}
	snapshot, err := after.Call.Snapshot()
	after.Entry.Digest = digestOf(snapshot)
	return err
}

// sanitizer knows what is personal.
type sanitizer struct{ *pseudonyms }

func (s *sanitizer) entry(e *Entry) *Entry {
	clean := *e
	clean.Sanitized = e.Kind == KindTrace
	clean.Call, clean.Scenario, clean.Tenant = s.of(e.Call), s.of(e.Scenario), s.of(e.Tenant)
	clean.Message, clean.Mark = s.of(e.Message), s.of(e.Mark)
	clean.Cause, clean.Verdict, clean.About = s.word(e.Cause), s.word(e.Verdict), s.word(e.About)
	if e.Kind == KindUngrouped {
		clean.About = s.of(e.About)
	}
	in := &content{s, resources.Key(e.Call)}
	clean.Data, clean.People = in.clean(e.Data), in.clean(e.People)
	clean.State, clean.SinceState = in.clean(e.State), in.clean(e.SinceState)
	clean.Events = s.events(e, e.Events)
	return &clean
}

func (s *sanitizer) events(e *Entry, events []Event) []Event {
	clean := slices.Clone(events)
	for i := range clean {
		event := &clean[i]
		event.ID, event.Mark = s.of(event.ID), s.of(event.Mark)
		event.Kind, event.From = s.word(event.Kind), s.word(event.From)
		if event.Kind == eventTone {
			event.To = s.tone(resources.Key(e.Call), event.Sequence, event.To)
		} else {
			event.To = s.word(event.To)
		}
		event.Skipped = slices.Clone(event.Skipped)
		for n, state := range event.Skipped {
			event.Skipped[n] = s.word(state)
		}
	}
	return clean
}

// tone replaces a digit by one that tells nothing, not even which are the same: it
// may be one of a PIN.
func (s *sanitizer) tone(call string, sequence int64, tone string) string {
	digit, isDigit := strings.CutPrefix(strings.ToLower(tone), "tone")
	if isDigit && len(digit) == 1 {
		return "tone" + s.digits("tone", call+" "+strconv.FormatInt(sequence, 10), 1)
	}
	return s.word(tone)
}

// word leaves the words of vocabularies.
func (s *sanitizer) word(text string) string {
	if isWord([]byte(text)) {
		return text
	}
	return s.of(text)
}
