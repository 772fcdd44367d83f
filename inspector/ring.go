package inspector

// ring keeps the newest entries of a call. It grows as they come, up to most. The
// zero ring keeps none; whoever has one guards it.
type ring struct {
	most    int
	entries []entry
	added   uint64 // entries there ever were; the number of the next
	version uint64 // goes up with each change
}

// add puts in an entry, in the place of the oldest where it must.
func (r *ring) add(e entry) {
	r.version++
	e.version = r.version
	switch {
	case r.most <= 0:
		return
	case len(r.entries) < r.most:
		r.grow()
		r.entries = append(r.entries, e)
	default:
		r.entries[r.added%uint64(r.most)] = e
	}
	r.added++
}

// grow makes room by half as much again, and for no more than there will ever be.
func (r *ring) grow() {
	if have := len(r.entries); have == cap(r.entries) {
		room := make([]entry, have, min(have+have/2+4, r.most))
		copy(room, r.entries)
		r.entries = room
	}
}

// first is the number of the oldest entry there is.
func (r *ring) first() uint64 { return r.added - uint64(len(r.entries)) }

func (r *ring) at(number uint64) *entry { return &r.entries[number%uint64(r.most)] }

// change finds the newest entry that matches and has it changed. It reports false
// where there is none, or none any more.
func (r *ring) change(matches func(*entry) bool, to func(*entry)) bool {
	e := r.find(matches)
	if e == nil {
		return false
	}
	to(e)
	r.version++
	e.version = r.version
	return true
}

func (r *ring) find(matches func(*entry) bool) *entry {
	for number := r.added; number > r.first(); number-- {
		if e := r.at(number - 1); matches(e) {
			return e
		}
	}
	return nil
}

// since returns what came or changed after a version, the oldest first.
func (r *ring) since(version uint64) []note {
	var notes []note
	for number := r.first(); number < r.added; number++ {
		if e := r.at(number); e.version > version {
			notes = append(notes, e.note(number))
		}
	}
	return notes
}
