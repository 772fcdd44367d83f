package simulator

import (
	"context"
	"sync"
	"time"
)

// clock is the one place that knows what time it is and that waits for it to
// pass.
type clock struct {
	mu      sync.Mutex
	timers  map[*timer]struct{}
	closed  bool
	running sync.WaitGroup
	speed   float64 // of what it waits for, beside real time
}

type timer struct {
	clock   *clock
	pending *time.Timer
}

func newClock(speed float64) *clock { return &clock{timers: map[*timer]struct{}{}, speed: speed} }

// now is real time at any speed: it is what tokens and certificates are dated
// with, and bots have clocks of their own.
func (c *clock) now() time.Time { return time.Now() }

// since is how much time of the platform's has passed.
func (c *clock) since(then time.Time) time.Duration {
	return time.Duration(float64(c.now().Sub(then)) * c.speed)
}

// real is how long something of the platform's takes.
func (c *clock) real(d time.Duration) time.Duration { return time.Duration(float64(d) / c.speed) }

// sleep waits, and reports false when ctx ended first.
func (c *clock) sleep(ctx context.Context, d time.Duration) bool { return c.wait(ctx, d, nil) }

// wait is sleep that something else may end too, with true.
func (c *clock) wait(ctx context.Context, d time.Duration, woken <-chan struct{}) bool {
	pause := time.NewTimer(c.real(d))
	defer pause.Stop()
	select {
	case <-pause.C:
		return true
	case <-woken:
		return true
	case <-ctx.Done():
		return false
	}
}

// limit ends a context once d has passed, in real time: it is for what bots
// and the network do.
func (c *clock) limit(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, d)
}

// after runs f once d has passed, unless the timer is stopped or the clock
// closed first.
func (c *clock) after(d time.Duration, f func()) *timer {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := &timer{clock: c}
	if c.closed {
		return t
	}
	c.timers[t] = struct{}{}
	t.pending = time.AfterFunc(c.real(d), func() {
		if !t.claim() {
			return
		}
		defer c.running.Done()
		f()
	})
	return t
}

func (t *timer) claim() bool {
	t.clock.mu.Lock()
	defer t.clock.mu.Unlock()
	if _, waiting := t.clock.timers[t]; !waiting {
		return false
	}
	delete(t.clock.timers, t)
	t.clock.running.Add(1)
	return true
}

// stop is safe on nil, and does not wait for an f that runs already.
func (t *timer) stop() {
	if t == nil {
		return
	}
	t.clock.mu.Lock()
	defer t.clock.mu.Unlock()
	if _, waiting := t.clock.timers[t]; waiting {
		delete(t.clock.timers, t)
		t.pending.Stop()
	}
}

// close stops all timers and waits for those that run.
func (c *clock) close() {
	c.mu.Lock()
	c.closed = true
	for t := range c.timers {
		t.pending.Stop()
	}
	clear(c.timers)
	c.mu.Unlock()
	c.running.Wait()
}
