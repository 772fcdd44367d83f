package statefulclient

import (
	"sync"
	"sync/atomic"

	"github.com/graphcalls/graphcalls-go/internal/reduce"
)

// ledger is what a fleet's queue is owed for one call: how the call stands as its
// handlers were last told, which is what is saved, and the receipts for what led
// there. Receipts are settled in the order of the outbox, each when the state that
// it led to was told and is saved.
type ledger struct {
	place  string
	serial uint64 // tells one stay of a call at this client from another
	// restored is the position of the record that the call came back with: all up
	// to there is in it.
	restored uint64
	kept     bool // there is a store

	closing atomic.Bool // handed over: nothing more is taken in
	gone    atomic.Bool // let go of: nothing more is told, saved or settled
	shut    bool        // the last letter was opened; the inbox alone uses it
	unheard bool        // its beginning was not told; the outbox alone uses it

	mu       sync.Mutex
	told     *reduce.State
	position uint64     // the highest of what is in told
	untold   int        // updates on their way to the handlers
	version  uint64     // of what is to be saved
	saved    uint64     // of what is
	waiting  []*receipt // for the version to be saved
	due      []*receipt // to be settled, in order
	paying   bool
	emptied  bool          // the last update was told
	finished chan struct{} // made by who waits until it is saved, too, or the call let go of
}

func newLedger(c *Client, b birth) *ledger {
	return &ledger{place: b.place, serial: c.serials.Add(1), kept: c.keeper != nil}
}

// ledger is nil outside a fleet that is told what is settled.
func (c *Call) ledger() *ledger {
	if c.kept == nil {
		return nil
	}
	return c.kept.ledger
}

// Place is where in the fleet the call lives, for its whole life; with SetInstance
// the instance's ID, and "" for a process alone.
func (c *Call) Place() string {
	if l := c.ledger(); l != nil {
		return l.place
	}
	return c.client.home
}

// begin is for a call that begins: what it begins as is saved before it is told,
// for who restores it tells it as it is there.
func (l *ledger) begin(state *reduce.State, position uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.told, l.position = state, position
}

// restore is for a call that was saved.
func (l *ledger) restore(state *reduce.State, position uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.told, l.position, l.restored = state, position, position
}

// touch notes that there is something to be saved.
func (l *ledger) touch() {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.version++
}

// post notes that an update is on its way to the handlers.
func (l *ledger) post() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.untold++
}

// unchanged settles at once what changes nothing, and reports false where
// something before it has not been settled yet.
func (l *ledger) unchanged(r *receipt) bool {
	l.mu.Lock()
	idle := l.untold == 0 && l.version == l.saved
	if idle {
		l.due = append(l.due, r)
	}
	l.mu.Unlock()
	if idle {
		l.pay()
	}
	return idle
}

// tell notes that an update was told, and reports whether something is to be
// saved.
func (l *ledger) tell(u *update) (save bool) {
	l.mu.Lock()
	l.untold -= u.posts
	l.emptied = l.emptied || u.last
	l.position = max(l.position, u.position)
	l.waiting = append(l.waiting, u.receipts...)
	if u.after != l.told {
		l.told = u.after
		l.version++
	}
	if !l.kept {
		l.saved = l.version
	}
	save = l.version != l.saved
	if !save {
		l.pass(len(l.waiting))
	}
	l.mu.Unlock()
	l.pay()
	return save
}

// pass has the first so many receipts settled. The caller holds mu.
func (l *ledger) pass(count int) {
	l.due = append(l.due, l.waiting[:count]...)
	if l.waiting = l.waiting[count:]; len(l.waiting) == 0 {
		l.waiting = nil
	}
}

// balance is what a ledger has to be saved.
type balance struct {
	told     *reduce.State
	position uint64
	version  uint64
	receipts int
}

// balance reports false when nothing is to be saved.
func (l *ledger) balance() (balance, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return balance{l.told, l.position, l.version, len(l.waiting)}, l.version != l.saved
}

// save notes that a balance is saved.
func (l *ledger) save(b balance) {
	l.mu.Lock()
	if l.saved = b.version; l.version == l.saved { // what came meanwhile changed nothing
		b.receipts = len(l.waiting)
	}
	l.pass(b.receipts)
	l.mu.Unlock()
	l.pay()
}

// over reports whether the call's end was told and is saved: nothing is left to
// remember.
func (l *ledger) over() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.told != nil && l.told.End != nil && l.version == l.saved
}

// endTold reports whether the call's end was told.
func (l *ledger) endTold() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.told != nil && l.told.End != nil
}

// pay settles what is due: one goroutine at a time, so that the order is kept, and
// with no lock held.
func (l *ledger) pay() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.paying {
		return
	}
	l.paying = true
	for len(l.due) > 0 {
		due := l.due
		l.due = nil
		l.mu.Unlock()
		for _, r := range due {
			if !l.gone.Load() {
				r.settle()
			}
		}
		l.mu.Lock()
	}
	l.paying = false
	l.tellFinished()
}

// finish is closed when the last update is told and saved, or the call let go of.
func (l *ledger) finish() <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.finished == nil {
		l.finished = make(chan struct{})
	}
	defer l.tellFinished()
	return l.finished
}

// tellFinished ends the waits for that. The caller holds mu.
func (l *ledger) tellFinished() {
	done := l.emptied && l.version == l.saved && len(l.due) == 0 && !l.paying
	if l.finished != nil && !isClosed(l.finished) && (done || l.gone.Load()) {
		close(l.finished)
	}
}

// leave is for a call that is let go of. It reports false when it was before.
func (l *ledger) leave() bool {
	l.closing.Store(true)
	if l.gone.Swap(true) {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tellFinished()
	return true
}

// left counts the updates not told yet.
func (l *ledger) left() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.untold
}
