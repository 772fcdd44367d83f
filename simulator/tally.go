package simulator

import (
	"maps"
	"sync"
)

// tally counts the faults that took effect, by their names in [AllFaults].
type tally struct {
	mu     sync.Mutex
	counts map[string]int64
}

func (t *tally) add(fault string, times int) {
	if times <= 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.counts == nil {
		t.counts = map[string]int64{}
	}
	t.counts[fault] += int64(times)
}

func (t *tally) snapshot() map[string]int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return maps.Clone(t.counts)
}
