package order

import (
	"slices"
	"time"
)

// Parking holds what came for calls that are not there yet: a call's first
// notification may overtake the reply that tells the call's id. It is bounded
// in number, size and age. It has no lock of its own; whoever looks up calls
// guards it together with them.
type Parking[T any] struct {
	limit, capacity int
	age             time.Duration
	lots            map[string][]parked[T]
	count, size     int
}

type parked[T any] struct {
	item  T
	size  int
	until time.Time
}

// NewParking returns an empty one for so many items, of so many bytes together,
// each for so long.
func NewParking[T any](limit, capacity int, age time.Duration) *Parking[T] {
	return &Parking[T]{limit: limit, capacity: capacity, age: age, lots: map[string][]parked[T]{}}
}

// HasRoom reports whether so many items, of so many bytes together, can be
// added.
func (p *Parking[T]) HasRoom(items, size int) bool {
	return p.count+items <= p.limit && p.size+size <= p.capacity
}

// Add parks an item of a size for a call, and reports false when there is no
// room.
func (p *Parking[T]) Add(key string, item T, size int, now time.Time) bool {
	if !p.HasRoom(1, size) {
		return false
	}
	p.count++
	p.size += size
	p.lots[key] = append(p.lots[key], parked[T]{item, size, now.Add(p.age)})
	return true
}

// Take returns and removes what is parked for a call, in order of arrival.
func (p *Parking[T]) Take(key string) []T {
	var items []T
	for _, entry := range p.lots[key] {
		items = append(items, entry.item)
		p.size -= entry.size
	}
	p.count -= len(items)
	delete(p.lots, key)
	return items
}

// Expire returns and removes what has been there too long.
func (p *Parking[T]) Expire(now time.Time) []T {
	var expired []T
	for key, lot := range p.lots {
		young := slices.IndexFunc(lot, func(entry parked[T]) bool { return entry.until.After(now) })
		if young < 0 {
			young = len(lot)
		}
		for _, entry := range lot[:young] {
			expired = append(expired, entry.item)
			p.size -= entry.size
		}
		if p.lots[key] = lot[young:]; young == len(lot) {
			delete(p.lots, key)
		}
	}
	p.count -= len(expired)
	return expired
}

// Age is how long an item may stay.
func (p *Parking[T]) Age() time.Duration { return p.age }

// Len counts the items parked.
func (p *Parking[T]) Len() int { return p.count }
