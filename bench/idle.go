package main

import (
	"context"
	"fmt"
	"runtime"
	"time"
)

func idleFigures() []Figure {
	return []Figure{
		{"idle_call_bytes", "memory kept of an idle established call, its keep-alive timer included", Bound{AtMost: 2048}, idleCallBytes},
		{"idle_goroutines", "goroutines there are more with 100,000 idle calls", Bound{AtMost: 2}, idleGoroutines},
	}
}

const idleCalls = 100_000

// idleCallBytes counts all that is there once the calls are. Of each the
// platform has said who calls whom, as of any call between two.
func idleCallBytes(*Bench) (Result, error) { return measureIdleBytes(idleCalls) }

func measureIdleBytes(calls int) (Result, error) {
	var r *rig
	kept, err := Retained(func() (any, error) {
		var err error
		r, err = newIdle(calls)
		return r, err
	})
	if err != nil {
		return Result{}, err
	}
	defer r.close()
	stats := r.client.Stats()
	return Result{
		Ours: fmt.Sprintf("%d calls, %.0f MiB", stats.Calls, kept/(1<<20)), Value: kept / float64(calls),
		Note: fmt.Sprintf("%d timers are scheduled; what the platform said of a call has %d bytes", stats.Scheduled, len(ringing(1))+len(established(1))),
	}, nil
}

func idleGoroutines(*Bench) (Result, error) { return measureIdleGoroutines(idleCalls) }

func measureIdleGoroutines(calls int) (Result, error) {
	before := settledGoroutines()
	r, err := newIdle(calls)
	if err != nil {
		return Result{}, err
	}
	defer r.close()
	after := settledGoroutines()
	return Result{Ours: fmt.Sprintf("%d calls, %d goroutines", r.client.Calls().Len(), after), Value: float64(max(after-before, 0))}, nil
}

func newIdle(calls int) (*rig, error) {
	r, err := newRig(guid(0, 1), anybody{})
	if err != nil {
		return nil, err
	}
	if err := r.hold(context.Background(), calls); err != nil {
		r.close()
		return nil, err
	}
	return r, nil
}

// settledGoroutines is how many goroutines there are once those that are about
// to end have ended.
func settledGoroutines() int {
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	least := runtime.NumGoroutine()
	for range 20 {
		<-ticker.C
		least = min(least, runtime.NumGoroutine())
	}
	return least
}
