package inspector

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// book holds a record of each call there is, of the last that have ended, and one
// of what belongs to no call: requests that create one, notifications of calls
// that are not known.
type book struct {
	calls     *statefulclient.Calls
	personal  bool
	entries   int
	mostEnded int

	records   sync.Map      // of *record, by key
	count     atomic.Int64  // of those, whose call is not over
	changes   atomic.Uint64 // that were noted of any call
	queued    atomic.Bool   // deliveries come through a fleet's queue
	elsewhere *record

	mu    sync.Mutex
	ended []*record // the oldest first
}

func newBook(client *statefulclient.Client, options Options) *book {
	return &book{
		calls: client.Calls(), personal: options.ShowPersonalData, entries: options.Entries, mostEnded: options.EndedCalls,
		elsewhere: &record{ring: ring{most: options.Entries}},
	}
}

// find returns the record of a call, or nil.
func (b *book) find(id string) *record {
	if found, ok := b.records.Load(resources.Key(id)); ok {
		return found.(*record)
	}
	return nil
}

// of returns the record of a call, which begins with this where it has none.
func (b *book) of(call *statefulclient.Call) *record {
	old := b.find(call.ID())
	if old != nil && old.call == call {
		return old
	}
	r := b.begin(call)
	if old != nil && !b.records.CompareAndSwap(r.key, old, r) { // an id may come again after its call's end
		return b.of(call)
	}
	if old == nil {
		if held, there := b.records.LoadOrStore(r.key, r); there {
			return held.(*record)
		}
	}
	b.adopt(r)
	if b.count.Add(1) > 2*int64(b.calls.Len())+64 {
		b.settle()
	}
	return r
}

func (b *book) begin(call *statefulclient.Call) *record {
	v := call.Vitals()
	r := &record{key: resources.Key(call.ID()), call: call, ring: ring{most: b.entries}}
	r.facts = facts{
		ID: call.ID(), Scenario: call.ScenarioID(), Tenant: short(call.TenantID()), People: v.Participants, Trust: v.Trust,
		Began: v.Began, Heard: v.Heard,
	}
	r.facts.learn(v.Resource, b.personal)
	return r
}

// adopt has a call's record take over what was noted before the call was known.
func (b *book) adopt(r *record) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e := b.elsewhere
	e.mu.Lock()
	defer e.mu.Unlock()
	for number := e.ring.first(); number < e.ring.added; number++ {
		stray := e.ring.at(number)
		if stray.about == "" || resources.Key(stray.about) != r.key && stray.about != r.facts.Scenario {
			continue
		}
		mine := *stray
		mine.about = ""
		r.note(mine)
		if came := time.Unix(0, stray.at); stray.kind == ofNotification && came.After(r.facts.Heard) {
			r.facts.Heard = came
		}
		e.ring.version++
		*stray = entry{version: e.ring.version} // what is of no kind is shown no more
	}
}

// end notes that a call is over. It is kept until enough others have ended after
// it. Callers do not hold the record's mu.
func (b *book) end(r *record, now time.Time) {
	if !r.end(now) {
		return
	}
	b.count.Add(-1)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ended = append(b.ended, r)
	for len(b.ended) > b.mostEnded {
		b.records.CompareAndDelete(b.ended[0].key, b.ended[0])
		b.ended[0] = nil
		b.ended = b.ended[1:]
	}
}

// end reports whether the call was not over yet.
func (r *record) end(now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.over || r.call == nil {
		return false
	}
	r.over, r.facts.Ended = true, now
	return true
}

// catchUp has the book hold what Calls holds, as far as that was not noticed: calls
// from before the inspector, and those that went on at another process.
func (b *book) catchUp() {
	if b.count.Load() == int64(b.calls.Len()) {
		return
	}
	for call := range b.calls.All() {
		b.of(call)
	}
	b.settle()
}

// settle ends what has ended, and drops what is neither there nor over.
func (b *book) settle() {
	b.records.Range(func(_, value any) bool {
		r := value.(*record)
		if held, there := b.calls.Get(r.facts.ID); there && held == r.call {
			return true
		}
		if _, ended := r.call.End(); ended {
			b.end(r, time.Now())
		} else if b.records.CompareAndDelete(r.key, r) {
			b.count.Add(-1)
		}
		return true
	})
}
