package cluster

import "slices"

// backlog is what calls had no room for, so that what follows it does not
// overtake it. The zero value is empty.
type backlog struct{ waiting map[string][]uint64 } // positions by call, in order

// before reports whether something of the call waits that stands before a
// position.
func (b *backlog) before(call string, position uint64) bool {
	waiting := b.waiting[call]
	return len(waiting) > 0 && waiting[0] < position
}

// wait adds a position, once.
func (b *backlog) wait(call string, position uint64) {
	if b.waiting == nil {
		b.waiting = map[string][]uint64{}
	}
	at, found := slices.BinarySearch(b.waiting[call], position)
	if !found {
		b.waiting[call] = slices.Insert(b.waiting[call], at, position)
	}
}

// taken removes a position.
func (b *backlog) taken(call string, position uint64) {
	waiting := b.waiting[call]
	at, found := slices.BinarySearch(waiting, position)
	if !found {
		return
	}
	if len(waiting) == 1 {
		delete(b.waiting, call)
		return
	}
	b.waiting[call] = slices.Delete(waiting, at, at+1)
}
