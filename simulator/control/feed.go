package control

import (
	"bytes"
	"sync"
)

const eventLimit = 2000

// feed is what has happened, the newest of it, and how the world stands. Who
// listens reads it at their own pace, and misses what is too old by then.
type feed struct {
	mu      sync.Mutex
	last    uint64 // id of the newest event
	events  []event
	world   []byte
	version uint64        // of the world
	changed chan struct{} // closed and replaced when there is something new
	closed  bool
}

// event is one thing that happened, as JSON.
type event struct {
	id   uint64
	kind string
	body []byte
}

func newFeed() *feed { return &feed{changed: make(chan struct{})} }

// add takes what happened; body writes it, once its id is known.
func (f *feed) add(kind string, body func(id uint64) []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.last++
	f.events = append(f.events, event{f.last, kind, body(f.last)})
	if len(f.events) > eventLimit+eventLimit/4 {
		f.events = append([]event(nil), f.events[len(f.events)-eventLimit:]...)
	}
	f.tell()
}

// show replaces the world, unless it is as it was.
func (f *feed) show(world []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !bytes.Equal(world, f.world) {
		f.world, f.version = world, f.version+1
		f.tell()
	}
}

func (f *feed) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	f.tell()
}

// tell wakes who listens; callers hold f.mu.
func (f *feed) tell() {
	close(f.changed)
	f.changed = make(chan struct{})
}

// news is what came after a listener last looked.
type news struct {
	events  []event
	world   []byte // nil when it is as it was
	version uint64
	more    <-chan struct{} // closed when there is more
	over    bool
}

func (f *feed) since(id, version uint64) news {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := news{version: f.version, more: f.changed, over: f.closed}
	if version != f.version {
		n.world = f.world
	}
	for at := len(f.events); at > 0; at-- {
		if f.events[at-1].id <= id {
			n.events = f.events[at:]
			return n
		}
	}
	n.events = f.events
	return n
}
