package main

import (
	"math/bits"
	"sync/atomic"
	"time"
)

// latencies are counted by length, to some three in a hundred, so that a million
// of them take no more room than one. They may be added side by side.
type latencies struct {
	counts [64 * steps]atomic.Uint64
}

// steps are in each doubling of a length.
const steps = 32

func (l *latencies) add(d time.Duration) { l.counts[place(uint64(max(d, 0)))].Add(1) }

// at is the length that so many in a hundred do not exceed; 0 where there are
// none.
func (l *latencies) at(percent float64) time.Duration {
	var all uint64
	for i := range l.counts {
		all += l.counts[i].Load()
	}
	wanted := uint64(percent / 100 * float64(all))
	for i := range l.counts {
		n := l.counts[i].Load()
		if n > 0 && n > wanted {
			return length(i)
		}
		wanted -= min(n, wanted)
	}
	return 0
}

// place is where a length is counted: below two times steps each has its own,
// and each doubling after that as many as the one before.
func place(nanoseconds uint64) int {
	doublings := max(0, bits.Len64(nanoseconds)-bits.Len(steps))
	return doublings*steps + int(nanoseconds>>doublings)
}

// length is the least that is counted at a place.
func length(place int) time.Duration {
	doublings := max(0, place/steps-1)
	return time.Duration(place-doublings*steps) << doublings
}
