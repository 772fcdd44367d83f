package statefulclient

import (
	"time"

	"github.com/graphcalls/graphcalls-go/internal/schedule"
)

// patrol goes round all calls again and again, as long as there are any.
type patrol struct {
	client *Client
	wait   func() time.Duration // before each round; 0 means that there are none
	visit  func(*Call)

	// Guarded by Calls.mu.
	next   *schedule.Entry
	rounds int // begun or waited for: one that another has replaced must not have a successor
}

// begin makes sure that a round comes. The caller holds Calls.mu.
func (p *patrol) begin() {
	if p.next != nil {
		return
	}
	if wait := p.wait(); wait > 0 {
		p.rounds++
		round := p.rounds
		p.next = p.client.schedule.After(wait, func() { p.walk(round) })
	}
}

// stop is for when there are no calls. The caller holds Calls.mu.
func (p *patrol) stop() {
	p.next.Cancel()
	p.next = nil
}

func (p *patrol) walk(round int) {
	calls := p.client.calls
	for call := range calls.All() {
		p.visit(call)
	}
	calls.mu.Lock()
	defer calls.mu.Unlock()
	if p.rounds != round { // all calls left meanwhile, and others came
		return
	}
	p.next = nil
	if calls.Len() > 0 {
		p.begin()
	}
}
