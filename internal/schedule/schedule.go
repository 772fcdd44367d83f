// Package schedule runs many functions at their times with one timer, rather
// than a goroutine or a timer each.
package schedule

import (
	"container/heap"
	"sync"
	"time"

	"github.com/graphcalls/graphcalls-go/internal/workers"
)

// Schedule holds what is to be run when. Make one with New.
type Schedule struct {
	group *workers.Group

	mu      sync.Mutex
	closed  bool
	timer   *time.Timer
	entries entries
}

// Entry is one function waiting for its time.
type Entry struct {
	schedule *Schedule
	when     time.Time
	run      func()
	at       int // in the heap; -1 once gone
}

// New returns a schedule whose functions run in goroutines of the group.
func New(group *workers.Group) *Schedule { return &Schedule{group: group} }

// After runs a function once, after a while, unless its entry is cancelled or
// the schedule closed before.
func (s *Schedule) After(wait time.Duration, run func()) *Entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := &Entry{schedule: s, when: time.Now().Add(wait), run: run, at: -1}
	if s.closed {
		return e
	}
	heap.Push(&s.entries, e)
	if e.at == 0 {
		s.arm()
	}
	return e
}

// Cancel forgets the entry. It is fine on one that has run, and on nil.
func (e *Entry) Cancel() {
	if e == nil {
		return
	}
	e.schedule.mu.Lock()
	defer e.schedule.mu.Unlock()
	if e.at >= 0 && !e.schedule.closed {
		heap.Remove(&e.schedule.entries, e.at)
	}
}

// Due is when the function is to be run, and false for an entry that does not
// wait any more, or is nil.
func (e *Entry) Due() (when time.Time, waits bool) {
	if e == nil {
		return time.Time{}, false
	}
	e.schedule.mu.Lock()
	defer e.schedule.mu.Unlock()
	return e.when, e.at >= 0 && !e.schedule.closed
}

// Len counts the entries waiting.
func (s *Schedule) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.entries)
}

// Close forgets all entries and takes no more.
func (s *Schedule) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed, s.entries = true, nil
	if s.timer != nil {
		s.timer.Stop()
	}
}

func (s *Schedule) arm() {
	wait := time.Until(s.entries[0].when)
	if s.timer == nil {
		s.timer = time.AfterFunc(wait, s.fire)
	} else {
		s.timer.Reset(wait)
	}
}

func (s *Schedule) fire() {
	for _, run := range s.due() {
		s.group.Go(run)
	}
}

func (s *Schedule) due() []func() {
	s.mu.Lock()
	defer s.mu.Unlock()
	var due []func()
	for len(s.entries) > 0 && !s.entries[0].when.After(time.Now()) {
		due = append(due, heap.Pop(&s.entries).(*Entry).run)
	}
	if len(s.entries) > 0 {
		s.arm()
	}
	return due
}

type entries []*Entry

func (e entries) Len() int           { return len(e) }
func (e entries) Less(i, j int) bool { return e[i].when.Before(e[j].when) }
func (e entries) Swap(i, j int) {
	e[i], e[j] = e[j], e[i]
	e[i].at, e[j].at = i, j
}

func (e *entries) Push(x any) {
	entry := x.(*Entry)
	entry.at = len(*e)
	*e = append(*e, entry)
}

func (e *entries) Pop() any {
	last := len(*e) - 1
	entry := (*e)[last]
	(*e)[last] = nil
	*e = (*e)[:last]
	entry.at = -1
	return entry
}
