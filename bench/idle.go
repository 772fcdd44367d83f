package main

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"github.com/graphcalls/graphcalls-go/statefulclient"
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
	awake, _, err := retainedBy(calls, statefulclient.Limits{RestAfter: -1})
	if err != nil {
		return Result{}, err
	}
	kept, stats, err := retainedBy(calls, statefulclient.Limits{RestAfter: restAfter})
	if err != nil {
		return Result{}, err
	}
	return Result{
		Ours: fmt.Sprintf("%d calls, %.0f MiB", stats.Calls, kept/(1<<20)), Value: kept / float64(calls),
		Note: fmt.Sprintf("%d calls rest; awake they keep %.0f bytes each; %d timers are scheduled; what the platform said of a call has %d bytes",
			stats.Resting, awake/float64(calls), stats.Scheduled, len(ringing(1))+len(established(1))),
	}, nil
}

// restAfter is shorter than in life, where a minute or two more would be waited.
const restAfter = 100 * time.Millisecond

// retainedBy is what so many calls keep, once those that may rest do.
func retainedBy(calls int, limits statefulclient.Limits) (float64, statefulclient.Stats, error) {
	var r *rig
	kept, err := Retained(func() (any, error) {
		var err error
		if r, err = holding(context.Background(), calls, limits); err != nil {
			return nil, err
		}
		return r, r.slumber(context.Background(), limits)
	})
	if r == nil {
		return 0, statefulclient.Stats{}, err
	}
	defer r.close()
	return kept, r.client.Stats(), err
}

// slumber waits until all calls rest, where they may.
func (r *rig) slumber(ctx context.Context, limits statefulclient.Limits) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	ticker := time.NewTicker(restAfter)
	defer ticker.Stop()
	for stats := r.client.Stats(); limits.RestAfter > 0 && stats.Resting < stats.Calls; stats = r.client.Stats() {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return fmt.Errorf("%d of %d calls rest: %w", stats.Resting, stats.Calls, ctx.Err())
		}
	}
	return nil
}

func idleGoroutines(*Bench) (Result, error) { return measureIdleGoroutines(idleCalls) }

func measureIdleGoroutines(calls int) (Result, error) {
	before := settledGoroutines()
	r, err := holding(context.Background(), calls, statefulclient.Limits{})
	if err != nil {
		return Result{}, err
	}
	defer r.close()
	after := settledGoroutines()
	return Result{Ours: fmt.Sprintf("%d calls, %d goroutines", r.client.Calls().Len(), after), Value: float64(max(after-before, 0))}, nil
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
