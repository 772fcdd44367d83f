package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

// keys are pressed in all calls, one after the other, and each is waited for.
type keys struct {
	demo    *demo
	once    sync.Once
	end     chan struct{}
	busy    sync.WaitGroup
	mu      sync.Mutex
	pressed map[string][]time.Time // by call
}

// between is how long after one key the next is pressed.
const between = 50 * time.Millisecond

func newKeys(d *demo) *keys {
	return &keys{demo: d, end: make(chan struct{}), pressed: map[string][]time.Time{}}
}

func (k *keys) begin() {
	k.busy.Go(func() {
		ticks := time.NewTicker(between)
		defer ticks.Stop()
		for turn := 0; ; turn++ {
			k.press(k.demo.calls[turn%len(k.demo.calls)])
			select {
			case <-ticks.C:
			case <-k.end:
				return
			}
		}
	})
}

func (k *keys) press(call *simulator.IncomingCall) {
	k.mu.Lock()
	k.pressed[call.ID()] = append(k.pressed[call.ID()], time.Now())
	k.mu.Unlock()
	call.PressKey(resources.Tone7)
}

func (k *keys) stop() {
	k.once.Do(func() { close(k.end) })
	k.busy.Wait()
}

// all waits until every key was told, and says how long the slowest took.
func (k *keys) all(ctx context.Context) (count int, slowest time.Duration, err error) {
	told := func(call string) (moments []time.Time) {
		seen := map[string]bool{}
		for _, h := range k.demo.heard {
			if h.Kind == keyHeard && h.Call == call && h.Key == string(resources.Tone7) && !seen[h.EventID] {
				seen[h.EventID] = true
				moments = append(moments, h.At)
			}
		}
		return moments
	}
	err = k.demo.until(ctx, "keys were lost", func() bool {
		count, slowest = 0, 0
		for call, pressed := range k.pressed {
			moments := told(call)
			if len(moments) < len(pressed) {
				return false
			}
			for i, at := range pressed {
				slowest = max(slowest, moments[i].Sub(at))
			}
			count += len(moments)
		}
		return true
	})
	total := 0
	for _, pressed := range k.pressed {
		total += len(pressed)
	}
	if err == nil && total != count {
		err = errors.New("a key was told twice")
	}
	return count, slowest, err
}
