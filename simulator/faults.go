package simulator

import (
	"sync"

	"github.com/graphcalls/graphcalls-go/resources"
)

// Faults are what can be done to notifications on their way to bots: to those
// of one call, or of all. Where both ask for something, both are done.
type Faults struct {
	released func()

	mu          sync.Mutex
	held        bool
	scramble    *uint64 // the seed
	copies      int
	freshCopies int
	bundle      int
	drops       []*dropRule
	late        lateness
	guise       disguise
	legacy      bool
	forgeries   []Forgery
	forged      int
	signing     []Forgery
	signingAs   string // the fault
}

type dropRule struct {
	fault string
	match Match
	every bool
}

// Match picks notifications. It gets an empty one for a body that cannot be
// read.
type Match func(notification *resources.Notification) bool

// Ended matches the notification that ends a call.
func Ended(n *resources.Notification) bool {
	path, ok := n.Path()
	return ok && path.Collection == "" && n.ChangeType == resources.ChangeTypeDeleted
}

// InState matches the updates of a call in one state.
func InState(state resources.CallState) Match {
	return func(n *resources.Notification) bool {
		call, ok := n.Data.(*resources.Call)
		return ok && call.State == state
	}
}

// Under matches the notifications about one of a call's collections, such as
// its participants.
func Under(collection resources.Collection) Match {
	return func(n *resources.Notification) bool {
		path, ok := n.Path()
		return ok && path.Collection == collection
	}
}

func newFaults(released func()) *Faults { return &Faults{released: released} }

// Hold keeps notifications back until Release. One that is under way is not
// called back.
func (f *Faults) Hold() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.held = true
}

// Release sends what Hold kept back.
func (f *Faults) Release() {
	f.mu.Lock()
	f.held = false
	f.mu.Unlock()
	f.released()
}

// Scramble gathers notifications for a moment, Options.ScrambleWindow, and
// sends them in an order the seed decides. Each call's are shuffled among
// themselves.
func (f *Faults) Scramble(seed uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.scramble = &seed
}

// Duplicate sends every notification that many times more, under its own
// message id.
func (f *Faults) Duplicate(times int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.copies = times
}

// DuplicateAsNew sends every notification that many times more, each time
// under a message id of its own.
func (f *Faults) DuplicateAsNew(times int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.freshCopies = times
}

// Batch gathers notifications for a moment, Options.ScrambleWindow, and sends
// those of one call several to a body, that many at most. Participants who
// join a recorded call are announced alone all the same.
func (f *Faults) Batch(most int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.bundle = most
}

// Drop loses the next notification that matches.
func (f *Faults) Drop(match Match) { f.addDrop(&dropRule{"drop", match, false}) }

// DropEvery loses all notifications that match.
func (f *Faults) DropEvery(match Match) { f.addDrop(&dropRule{"drop-every", match, true}) }

// LoseEnd loses the notifications that end calls, as Teams sometimes does: only
// keepAlive finds out.
func (f *Faults) LoseEnd() { f.addDrop(&dropRule{"lose-end", Ended, true}) }

// SkipEstablished loses all that says a call is established, so that its bot
// first hears of it when it is over, or by asking.
func (f *Faults) SkipEstablished() {
	f.addDrop(&dropRule{"skip-established", InState(resources.CallStateEstablished), true})
}

func (f *Faults) addDrop(rule *dropRule) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.drops = append(f.drops, rule)
}

// Heal ends all of these faults.
func (f *Faults) Heal() {
	f.mu.Lock()
	f.held, f.scramble, f.copies, f.freshCopies, f.bundle, f.drops = false, nil, 0, 0, 0, nil
	f.late, f.guise, f.legacy, f.forgeries, f.signing = lateness{}, disguise{}, false, nil, nil
	f.mu.Unlock()
	f.released()
}

func (f *Faults) holds() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.held
}

func (f *Faults) seed() *uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.scramble
}

func (f *Faults) bundling() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.bundle
}

func (f *Faults) duplicates() (same, fresh int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.copies, f.freshCopies
}

// drop reports whether a notification is to be lost, and by which fault. Matches
// run unlocked, they are the user's.
func (f *Faults) drop(n *resources.Notification) (fault string, lost bool) {
	f.mu.Lock()
	rules := append([]*dropRule(nil), f.drops...)
	f.mu.Unlock()
	for _, rule := range rules {
		if rule.match(n) && f.claim(rule) {
			return rule.fault, true
		}
	}
	return "", false
}

func (f *Faults) claim(rule *dropRule) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, other := range f.drops {
		if other == rule {
			if !rule.every {
				f.drops = append(f.drops[:i:i], f.drops[i+1:]...)
			}
			return true
		}
	}
	return false
}
