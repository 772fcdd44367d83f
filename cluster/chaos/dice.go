package main

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"
)

// The streams of a seed: each who decides something has one of their own, so
// that what others do does not change it.
const (
	streamBalancer = 1
	streamKills    = 2
	streamLives    = 1 << 20
)

// dice decide. They may be thrown by several goroutines.
type dice struct {
	mu   sync.Mutex
	rand *rand.Rand
}

func newDice(seed, stream uint64) *dice {
	return &dice{rand: rand.New(rand.NewPCG(seed, stream))} //nolint:gosec // to be repeated, not to be secret
}

// n is from 0 up to, but not including, a limit.
func (d *dice) n(limit int) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.rand.IntN(limit)
}

// percent is true that often.
func (d *dice) percent(p int) bool { return d.n(100) < p }

func (d *dice) between(least, most time.Duration) time.Duration {
	return least + time.Duration(d.n(int(most-least)+1))
}

// order is the numbers below n in any order.
func (d *dice) order(n int) []int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.rand.Perm(n)
}

// pause waits, and reports false when ctx ended first.
func pause(ctx context.Context, wait time.Duration) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// poll looks until it is done, or too long; then it returns what look said last.
func poll(ctx context.Context, look func() error) error {
	ctx, cancel := context.WithTimeout(ctx, toRest)
	defer cancel()
	for {
		err := look()
		if err == nil || !pause(ctx, 50*time.Millisecond) {
			return err
		}
	}
}
