package workers

import (
	"context"
	"sync"
)

// Queue works on items a few at a time, in the order they were added: each
// once, however often it is added before its turn, and never twice at the same
// time. There are goroutines only while there is something to do. Make one with
// NewQueue.
type Queue[T comparable] struct {
	group *Group
	width int
	work  func(T)

	mu      sync.Mutex
	waiting []T
	turns   map[T]turn // of all that wait or are worked on
	working int
	idle    chan struct{} // made by Wait, closed when nothing is left
}

// turn is how things stand with one item.
type turn int

const (
	waits turn = iota
	underWay
	again // under way, and added meanwhile
)

// NewQueue returns an empty queue, whose items are worked on by so many
// goroutines of the group at most.
func NewQueue[T comparable](group *Group, width int, work func(T)) *Queue[T] {
	return &Queue[T]{group: group, width: width, work: work, turns: map[T]turn{}}
}

// Add has an item worked on. It never waits. Once the group is closed it does
// nothing.
func (q *Queue[T]) Add(item T) {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch turn, there := q.turns[item]; {
	case there && turn == underWay:
		q.turns[item] = again
		return
	case there:
		return
	}
	q.turns[item] = waits
	q.waiting = append(q.waiting, item)
	if q.working < q.width && q.group.Go(q.run) {
		q.working++
	} else if q.working == 0 {
		q.forget()
	}
}

// forget is for a group that is closed: nobody will work on what waits.
func (q *Queue[T]) forget() {
	q.waiting, q.turns = nil, map[T]turn{}
	q.tellIdle()
}

func (q *Queue[T]) tellIdle() {
	if len(q.turns) == 0 && q.idle != nil {
		close(q.idle)
		q.idle = nil
	}
}

// Wait returns when all that was added has been worked on, or with the
// context's error.
func (q *Queue[T]) Wait(ctx context.Context) error {
	q.mu.Lock()
	if len(q.turns) == 0 {
		q.mu.Unlock()
		return nil
	}
	if q.idle == nil {
		q.idle = make(chan struct{})
	}
	idle := q.idle
	q.mu.Unlock()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Len counts the items that wait or are worked on.
func (q *Queue[T]) Len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.turns)
}

func (q *Queue[T]) run() {
	for {
		item, ok := q.next()
		if !ok {
			return
		}
		q.work(item)
		q.done(item)
	}
}

func (q *Queue[T]) next() (T, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	var none T
	if len(q.waiting) == 0 {
		q.waiting = nil
		q.working--
		return none, false
	}
	item := q.waiting[0]
	q.waiting[0] = none
	q.waiting = q.waiting[1:]
	q.turns[item] = underWay
	return item, true
}

func (q *Queue[T]) done(item T) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.turns[item] == again {
		q.turns[item] = waits
		q.waiting = append(q.waiting, item)
		return
	}
	delete(q.turns, item)
	q.tellIdle()
}
