package simulator

import (
	"math/rand/v2"
	"time"
)

// lateness is how long notifications are kept waiting.
type lateness struct {
	most time.Duration
	seed *uint64 // draws up to most; nil for all of it
}

// Delay sends every notification that much later. Their order stays.
func (f *Faults) Delay(by time.Duration) { f.setLateness(lateness{most: by}) }

// DelayUpTo sends every notification up to that much later, as the seed
// decides. Their order stays: one that is due earlier than the one before waits
// for it.
func (f *Faults) DelayUpTo(most time.Duration, seed uint64) {
	f.setLateness(lateness{most: most, seed: &seed})
}

func (f *Faults) setLateness(late lateness) {
	f.mu.Lock()
	f.late = late
	f.mu.Unlock()
	f.released()
}

func (f *Faults) lateness() lateness {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.late
}

// dice draws from the sequence of a seed, one for each call.
type dice struct {
	seed uint64
	rand *rand.Rand
}

func (d *dice) of(seed, ordinal uint64) *rand.Rand {
	if d.rand == nil || d.seed != seed {
		d.seed, d.rand = seed, rand.New(rand.NewPCG(seed, ordinal))
	}
	return d.rand
}

// stillLate is how long a letter has to wait yet; callers hold o.mu.
func (o *outbox) stillLate(l *letter) time.Duration {
	p := o.call.platform
	rules := []lateness{o.call.Faults.lateness(), p.Faults.lateness()}
	var wait time.Duration
	for i, rule := range rules {
		switch {
		case rule.most <= 0:
		case rule.seed == nil:
			wait += rule.most
		default:
			if !l.drawn[i] {
				l.drawn[i], l.draw[i] = true, o.waiting[i].of(*rule.seed, o.call.ordinal).Float64()
			}
			wait += time.Duration(l.draw[i] * float64(rule.most))
		}
	}
	if wait <= 0 {
		return 0
	}
	if !l.late {
		l.late = true
		p.tally.add(delayFault(rules), 1)
	}
	return wait - p.clock.since(l.queued)
}

func delayFault(rules []lateness) string {
	for _, rule := range rules {
		if rule.seed != nil {
			return "delay-up-to"
		}
	}
	return "delay"
}
