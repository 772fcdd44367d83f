// Package mailbox has an ordered queue that works through itself: a goroutine
// is there only while there is something in it, so that an idle one costs
// nothing but its own few words.
package mailbox

import (
	"errors"
	"sync"

	"github.com/graphcalls/graphcalls-go/internal/workers"
)

// The reasons why Post refuses an item.
var (
	ErrFull   = errors.New("mailbox is full")
	ErrClosed = errors.New("mailbox is closed")
)

// Rules are what all mailboxes of one kind have in common.
type Rules[T any] struct {
	// Handle is given the items one at a time, in order, never while a lock is
	// held.
	Handle func(owner any, item T)
	// Group owns the goroutine; when it is closed, the mailbox is.
	Group *workers.Group
	// Limit is how many items may wait; 0 means any number.
	Limit int
	// FoldAt is how many items may wait before Fold is asked to lay a new one
	// into the last; 0 means never.
	FoldAt int
	// Fold reports false when the two must stay apart; the new one then waits
	// behind the last, up to Limit.
	Fold func(last *T, next T) bool
}

// Mailbox is one queue. Items may be posted from anywhere, Handle included.
type Mailbox[T any] struct {
	rules *Rules[T]
	owner any

	mu      sync.Mutex
	waiting []T
	busy    bool
}

// New returns an empty mailbox; owner is handed to Handle with each item.
func New[T any](rules *Rules[T], owner any) *Mailbox[T] {
	return &Mailbox[T]{rules: rules, owner: owner}
}

// Post adds an item. It never waits. After ErrFull or ErrClosed the item was
// not taken.
func (m *Mailbox[T]) Post(item T) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if n := len(m.waiting); m.rules.FoldAt > 0 && n >= m.rules.FoldAt && m.rules.Fold(&m.waiting[n-1], item) {
		return nil
	}
	if m.rules.Limit > 0 && len(m.waiting) >= m.rules.Limit {
		return ErrFull
	}
	if !m.busy && !m.rules.Group.Go(m.work) {
		return ErrClosed
	}
	m.busy = true
	m.waiting = append(m.waiting, item)
	return nil
}

// Len counts the items waiting, without the one being handled.
func (m *Mailbox[T]) Len() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.waiting)
}

func (m *Mailbox[T]) work() {
	done := false
	defer func() {
		if !done {
			m.carryOn()
		}
	}()
	for {
		item, ok := m.next()
		if !ok {
			done = true
			return
		}
		m.rules.Handle(m.owner, item)
	}
}

// carryOn is for a Handle that ended its goroutine by runtime.Goexit.
func (m *Mailbox[T]) carryOn() {
	if m.rules.Group.Go(m.work) {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.waiting, m.busy = nil, false
}

func (m *Mailbox[T]) next() (T, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var none T
	if len(m.waiting) == 0 {
		m.waiting, m.busy = nil, false
		return none, false
	}
	item := m.waiting[0]
	m.waiting[0] = none
	m.waiting = m.waiting[1:]
	return item, true
}
