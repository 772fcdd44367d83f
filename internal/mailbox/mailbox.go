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

// Rules are what all mailboxes of one kind have in common, for owners of type
// O and items of type T.
type Rules[O, T any] struct {
	// Handle is given the items one at a time, in order, never while a lock is
	// held.
	Handle func(owner *O, item T)
	// Then is asked after each item what Handle has left for a goroutine to do, such
	// as what Claim returns of another mailbox; nil, as a function or as its result,
	// for nothing. The mailbox's own goroutine does it when no item waits, which saves
	// waking another.
	Then func(owner *O) workers.Worker
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

	queues sync.Pool // of *queue[T], empty
}

// Mailbox is one queue, to be embedded in what it belongs to and not to be
// copied. Items may be posted from anywhere, Handle included.
type Mailbox[O, T any] struct {
	rules *Rules[O, T]
	owner *O

	mu    sync.Mutex
	queue *queue[T] // nil while idle
}

// Open makes an empty mailbox ready; owner is handed to Handle with each item.
func (m *Mailbox[O, T]) Open(rules *Rules[O, T], owner *O) { m.rules, m.owner = rules, owner }

// Post adds an item. It never waits. After ErrFull or ErrClosed the item was
// not taken.
func (m *Mailbox[O, T]) Post(item T) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.queue == nil {
		m.begin()
		m.queue.push(item)
	} else if err := m.add(item); err != nil {
		return err
	}
	return m.start()
}

// Put is Post for who calls Claim soon, or Post: until then nobody works on an
// item that comes into an idle mailbox.
func (m *Mailbox[O, T]) Put(item T) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.queue != nil {
		return m.add(item)
	}
	m.begin()
	m.queue.push(item)
	return nil
}

// Claim returns the mailbox if there is something in it that nobody works on, for
// a goroutine of the group to do so; else nil.
func (m *Mailbox[O, T]) Claim() workers.Worker {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.queue == nil || !m.queue.unclaimed {
		return nil
	}
	m.queue.unclaimed = false
	return m
}

// begin is for an idle mailbox. The caller holds mu.
func (m *Mailbox[O, T]) begin() {
	m.queue = m.rules.borrow()
	m.queue.unclaimed = true
}

// start has a goroutine for what nobody works on. The caller holds mu.
func (m *Mailbox[O, T]) start() error {
	if !m.queue.unclaimed {
		return nil
	}
	if !m.rules.Group.Run(m) {
		m.queue = nil
		return ErrClosed
	}
	m.queue.unclaimed = false
	return nil
}

// add is for a mailbox at work. The caller holds mu.
func (m *Mailbox[O, T]) add(item T) error {
	n := m.queue.len()
	if m.rules.FoldAt > 0 && n >= m.rules.FoldAt && m.rules.Fold(m.queue.last(), item) {
		return nil
	}
	if m.rules.Limit > 0 && n >= m.rules.Limit {
		return ErrFull
	}
	m.queue.push(item)
	return nil
}

// Len counts the items waiting, without the one being handled.
func (m *Mailbox[O, T]) Len() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.queue == nil {
		return 0
	}
	return m.queue.len()
}

// Work is for the group alone.
func (m *Mailbox[O, T]) Work() (then workers.Worker) {
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
			return nil
		}
		m.rules.Handle(m.owner, item)
		if then = m.left(); then != nil {
			done = true
			return then
		}
	}
}

// left is what Handle has left for this goroutine, which leaves the mailbox for
// it. Where items wait, another goroutine does it.
func (m *Mailbox[O, T]) left() workers.Worker {
	if m.rules.Then == nil {
		return nil
	}
	then := m.rules.Then(m.owner)
	if then == nil || m.retire() {
		return then
	}
	m.rules.Group.Run(then)
	return nil
}

// retire reports whether the mailbox is idle from now on.
func (m *Mailbox[O, T]) retire() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.queue.len() > 0 {
		return false
	}
	m.rules.putBack(m.queue)
	m.queue = nil
	return true
}

// carryOn is for a Handle that ended its goroutine by runtime.Goexit.
func (m *Mailbox[O, T]) carryOn() {
	if m.rules.Group.Run(m) {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.queue = nil
}

func (m *Mailbox[O, T]) next() (item T, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.queue.len() > 0 {
		return m.queue.pop(), true
	}
	m.rules.putBack(m.queue)
	m.queue = nil
	return item, false
}
