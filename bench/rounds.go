package main

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"time"
)

// Bench is what a figure measures with.
type Bench struct {
	Rounds int
	Slice  time.Duration // how long each side works in a round
	// Sample is told each round, where somebody wants to know.
	Sample func(side string, s Sample)
}

// Work does the same thing n times.
type Work func(n int) error

// Sample is one side's share of a round, per operation.
type Sample struct {
	Operations  int
	Time        time.Duration
	Bytes       float64
	Allocations float64
}

// Comparison is what came of all rounds.
type Comparison struct {
	Ours, Peer Sample    // medians
	Ratios     []float64 // peer's time / ours, of each round, sorted
}

// Compare lets both sides work in turns, each first in every other round.
func (b *Bench) Compare(ours, peer Work) (Comparison, error) {
	n, err := b.calibrate(ours)
	if err != nil {
		return Comparison{}, fmt.Errorf("ours: %w", err)
	}
	m, err := b.calibrate(peer)
	if err != nil {
		return Comparison{}, fmt.Errorf("peer: %w", err)
	}
	var mine, theirs []Sample
	var c Comparison
	for round := range b.Rounds {
		sides := []func() error{
			func() error { return b.take(&mine, "ours", ours, n) },
			func() error { return b.take(&theirs, "peer", peer, m) },
		}
		if round%2 == 1 {
			slices.Reverse(sides)
		}
		for _, side := range sides {
			if err := side(); err != nil {
				return c, err
			}
		}
		c.Ratios = append(c.Ratios, float64(theirs[round].Time)/float64(mine[round].Time))
	}
	slices.Sort(c.Ratios)
	c.Ours, c.Peer = medianSample(mine), medianSample(theirs)
	return c, nil
}

// Time lets one side work alone.
func (b *Bench) Time(side string, work Work) (Sample, error) {
	n, err := b.calibrate(work)
	if err != nil {
		return Sample{}, err
	}
	var samples []Sample
	for range b.Rounds {
		if err := b.take(&samples, side, work, n); err != nil {
			return Sample{}, err
		}
	}
	return medianSample(samples), nil
}

// Value is the median of the rounds' ratios.
func (c Comparison) Value() float64 { return c.Ratios[len(c.Ratios)/2] }

// Spread is half of what lies between the quartiles, as a share of the median.
func (c Comparison) Spread() float64 {
	return (c.Ratios[len(c.Ratios)*3/4] - c.Ratios[len(c.Ratios)/4]) / 2 / c.Value()
}

// Result is the row of a figure that wants peer's time / ours.
func (c Comparison) Result() Result {
	return Result{Ours: c.Ours.String(), Peer: c.Peer.String(), Value: c.Value(), Spread: c.Spread()}
}

// Inverse is the row of a figure that wants ours / peer's time.
func (c Comparison) Inverse() Result {
	r := c.Result()
	r.Value = 1 / r.Value
	return r
}

func (s Sample) String() string {
	return fmt.Sprintf("%s, %.0f allocs", short(s.Time), s.Allocations)
}

func (b *Bench) calibrate(work Work) (int, error) {
	for n := 1; ; {
		began := time.Now()
		if err := work(n); err != nil {
			return 0, err
		}
		took := max(time.Since(began), time.Microsecond)
		if took >= b.Slice/2 {
			return max(1, int(float64(n)*float64(b.Slice)/float64(took))), nil
		}
		n = int(math.Ceil(float64(n) * min(100, 1.2*float64(b.Slice)/float64(took))))
	}
}

func (b *Bench) take(into *[]Sample, side string, work Work, n int) error {
	runtime.GC() // the other side's garbage is the other side's
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := time.Now()
	if err := work(n); err != nil {
		return fmt.Errorf("%s: %w", side, err)
	}
	took := time.Since(began)
	runtime.ReadMemStats(&after)
	s := Sample{
		Operations: n, Time: took / time.Duration(n),
		Bytes:       float64(after.TotalAlloc-before.TotalAlloc) / float64(n),
		Allocations: float64(after.Mallocs-before.Mallocs) / float64(n),
	}
	*into = append(*into, s)
	if b.Sample != nil {
		b.Sample(side, s)
	}
	return nil
}

func medianSample(samples []Sample) Sample {
	sorted := slices.SortedFunc(slices.Values(samples), func(a, b Sample) int { return int(a.Time - b.Time) })
	return sorted[len(sorted)/2]
}

// short is a duration with its unit.
func short(d time.Duration) string {
	switch {
	case d >= time.Second:
		return number(d.Seconds()) + " s"
	case d >= time.Millisecond:
		return number(d.Seconds()*1e3) + " ms"
	case d >= time.Microsecond:
		return number(d.Seconds()*1e6) + " µs"
	default:
		return fmt.Sprintf("%d ns", d)
	}
}
