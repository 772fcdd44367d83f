package scenario

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// expect waits until a condition is met, and says so. In order means by
// something that happened after what met the expectation before.
func expect(c condition, within time.Duration, inOrder bool) act {
	return func(ctx context.Context, p *play) error {
		by, err := p.meet(ctx, c, within, func(e *event) bool { return !e.met[c.verb] && (!inOrder || e.at >= p.last) })
		if err != nil {
			return err
		}
		if by != nil {
			by.met[c.verb], p.last = true, by.at
		}
		p.tell(Entry{Line: p.current.line, Kind: Met, Text: p.current.text})
		return nil
	}
}

// hold waits until a condition is met before the story goes on.
func hold(c condition, within time.Duration) act {
	return func(ctx context.Context, p *play) error {
		by, err := p.meet(ctx, c, within, func(e *event) bool { return !e.released[c.verb] })
		if by != nil {
			by.released[c.verb] = true
		}
		return err
	}
}

// meet waits until a condition is met, and returns the usable event it is met
// by; none where it is met by how things are. It tells of what is not met in
// time, and fails.
func (p *play) meet(ctx context.Context, c condition, within time.Duration, usable func(*event) bool) (*event, error) {
	begun := p.now()
	var by *event
	met, err := p.await(ctx, within, func() bool {
		if c.holds != nil {
			return c.holds(p)
		}
		by = p.find(c, usable)
		return by != nil
	})
	switch {
	case err != nil:
		return nil, err
	case !met:
		p.tell(Entry{Line: p.current.line, Kind: Failed, Text: p.current.text, Detail: p.instead(c, within, begun)})
		return nil, errUnmet
	default:
		return by, nil
	}
}

// forbid has the run fail as soon as a condition is met, to the story's end.
func forbid(c condition) act {
	return func(_ context.Context, p *play) error {
		p.ban(&ban{condition: c, line: p.current.line, text: p.current.text})
		p.look()
		if p.broken != nil {
			return errBroken
		}
		return nil
	}
}

// forbidFor waits for so long, and fails when the condition is met meanwhile.
func forbidFor(c condition, d time.Duration) act {
	return func(ctx context.Context, p *play) error {
		b := &ban{condition: c, line: p.current.line, text: p.current.text}
		p.ban(b)
		if _, err := p.await(ctx, d, func() bool { return false }); err != nil {
			return err
		}
		p.bans = slices.DeleteFunc(p.bans, func(other *ban) bool { return other == b })
		p.tell(Entry{Line: p.current.line, Kind: Met, Text: b.text})
		return nil
	}
}

// ban forbids what happens from now on.
func (p *play) ban(b *ban) {
	b.since = p.now()
	p.bans = append(p.bans, b)
}

// check breaks bans by what has happened, if they are.
func (p *play) check(news []*event) {
	for _, b := range p.bans {
		if p.broken != nil {
			return
		}
		if b.holds != nil {
			if b.holds(p) {
				p.broken = b
			}
			continue
		}
		for _, e := range news {
			if e.at >= b.since && b.met(e) {
				b.by, p.broken = e, b
				break
			}
		}
	}
}

// met says whether an event meets the condition.
func (c condition) met(e *event) bool {
	return e.subject == c.subject && c.matches(e) || c.verb == "hear" && c.matches(e)
}

func (p *play) find(c condition, usable func(*event) bool) *event {
	for _, e := range p.events {
		if usable(e) && c.met(e) {
			return e
		}
	}
	return nil
}

const mostInstead = 6 // events told of, where another was expected

// instead says what came in place of what was expected: things of the same
// kind and requests that were refused, else all that the same bot has done.
func (p *play) instead(c condition, within, begun time.Duration) []string {
	detail := []string{fmt.Sprintf("it was not so in the %v from %s on", within, clock(begun))}
	if c.holds != nil {
		return append(detail, p.standing(c.subject)...)
	}
	alike := slices.DeleteFunc(slices.Clone(p.events), func(e *event) bool { return e.subject != c.subject || e.verb != c.verb && e.verb != refusedVerb })
	what := "instead, "
	if len(alike) == 0 {
		what = "it did, all in all: "
		alike = slices.DeleteFunc(slices.Clone(p.events), func(e *event) bool { return e.subject != c.subject })
	}
	if len(alike) == 0 {
		return append(detail, c.subject.name+" did nothing at all")
	}
	for _, e := range alike[max(0, len(alike)-mostInstead):] {
		text := what + e.subject.name + " " + e.text + " at " + clock(e.at)
		if e.met[c.verb] {
			text += ", which met a line above"
		}
		detail, what = append(detail, text), "and "
	}
	return detail
}
