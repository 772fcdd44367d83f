package mailbox

// queue is the items of a mailbox at work, the oldest first. Mailboxes borrow
// one while they are, so that idle ones need none.
type queue[T any] struct {
	items []T
	head  int // those before it are gone
	// unclaimed: no goroutine works on them yet.
	unclaimed bool
}

func (q *queue[T]) len() int { return len(q.items) - q.head }

func (q *queue[T]) last() *T { return &q.items[len(q.items)-1] }

func (q *queue[T]) push(item T) {
	if len(q.items) == cap(q.items) && q.head > len(q.items)/2 {
		kept := copy(q.items, q.items[q.head:])
		clear(q.items[kept:])
		q.items, q.head = q.items[:kept], 0
	}
	q.items = append(q.items, item)
}

func (q *queue[T]) pop() T {
	var none T
	item := q.items[q.head]
	q.items[q.head] = none
	q.head++
	if q.head == len(q.items) {
		q.items, q.head = q.items[:0], 0
	}
	return item
}

// keptCapacity bounds what an empty queue may hold on to.
const keptCapacity = 64

func (r *Rules[O, T]) borrow() *queue[T] {
	if q, ok := r.queues.Get().(*queue[T]); ok {
		return q
	}
	return &queue[T]{items: make([]T, 0, 4)}
}

func (r *Rules[O, T]) putBack(q *queue[T]) {
	if cap(q.items) <= keptCapacity {
		r.queues.Put(q)
	}
}
