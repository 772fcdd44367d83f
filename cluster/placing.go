package cluster

import (
	"sync"
	"time"

	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// placing counts the calls that are being placed in a partition: until the
// platform has replied nobody knows their ids, so it is not handed over.
type placing struct {
	mu    sync.Mutex
	count int
	none  chan struct{} // made by who waits, closed when there are none
}

func (p *placing) begin() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.count++
}

func (p *placing) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.count--; p.count == 0 && p.none != nil {
		close(p.none)
		p.none = nil
	}
}

// wait waits until there are none, or too long. One that takes longer is looked up
// by the next owner.
func (p *placing) wait(most time.Duration) {
	p.mu.Lock()
	if p.count == 0 {
		p.mu.Unlock()
		return
	}
	none := make(chan struct{})
	p.none = none
	p.mu.Unlock()
	timer := time.NewTimer(most)
	defer timer.Stop()
	select {
	case <-none:
	case <-timer.C:
	}
}

// tryPlace is the tenure a call is placed in; nil while this instance serves none.
func (f *fleet) tryPlace(hold func(*tenure) error) *tenure {
	first := int(f.turn.Add(1) % uint64(len(f.tenures)))
	for i := range f.tenures {
		t := f.tenures[(first+i)%len(f.tenures)].Load()
		if t == nil {
			continue
		}
		t.placing.begin()
		if t.serving() && hold(t) == nil {
			return t
		}
		t.placing.end()
	}
	return nil
}

// whyNotPlace is why no call can be placed, however long one waits.
func (f *fleet) whyNotPlace() error {
	switch {
	case f.context.Err() != nil:
		return ErrClosed
	case f.draining.Load():
		return statefulclient.ErrDraining
	default:
		return nil
	}
}
