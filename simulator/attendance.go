package simulator

import (
	"iter"

	"github.com/graphcalls/graphcalls-go/resources"
)

// attendance is who is in a conversation, in the order they came. Coming,
// going and being looked up cost the same in any crowd. It is guarded by the
// platform's mutex.
type attendance struct {
	first, last *member
	byID        map[string]*member
	people      int
	legs        []*Call // the bots'
}

func (a *attendance) add(m *member) {
	if a.byID == nil {
		a.byID = map[string]*member{}
	}
	a.byID[resources.Key(m.id)] = m
	if m.previous = a.last; m.previous == nil {
		a.first = m
	} else {
		m.previous.next = m
	}
	a.last = m
	switch {
	case m.person != nil:
		a.people++
	case m.call != nil:
		a.legs = append(a.legs, m.call)
	}
}

// remove reports whether the member was there.
func (a *attendance) remove(m *member) bool {
	if !a.has(m) {
		return false
	}
	delete(a.byID, resources.Key(m.id))
	if m.previous == nil {
		a.first = m.next
	} else {
		m.previous.next = m.next
	}
	if m.next == nil {
		a.last = m.previous
	} else {
		m.next.previous = m.previous
	}
	switch {
	case m.person != nil:
		a.people--
	case m.call != nil:
		a.legs = without(a.legs, m.call)
	}
	return true
}

func (a *attendance) has(m *member) bool { return m != nil && a.byID[resources.Key(m.id)] == m }

func (a *attendance) named(id string) *member { return a.byID[resources.Key(id)] }

// all is everybody; nobody may come or go meanwhile.
func (a *attendance) all() iter.Seq[*member] {
	return func(yield func(*member) bool) {
		for m := a.first; m != nil && yield(m); m = m.next {
		}
	}
}

// without is a copy of a list that lacks an entry.
func without[T comparable](list []T, entry T) []T {
	var rest []T
	for _, other := range list {
		if other != entry {
			rest = append(rest, other)
		}
	}
	return rest
}
