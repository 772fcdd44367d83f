package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"github.com/graphcalls/graphcalls-go/statefulclient"
)

func coresFigures() []Figure {
	return []Figure{{"cores", "updates of independent calls, from bytes to handler: throughput on two cores / on one", Bound{AtLeast: 1.7}, cores}}
}

const (
	coresCalls = 1024
	feeders    = 8 // goroutines that deliver side by side, on one core as on two
)

func cores(b *Bench) (Result, error) {
	if runtime.NumCPU() < 2 {
		return Result{}, errors.New("this machine has one core")
	}
	ctx := context.Background()
	r, err := holding(ctx, coresCalls, statefulclient.Limits{})
	if err != nil {
		return Result{}, err
	}
	defer r.close()
	f := newFeeding(r)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	on := func(processors int) Work {
		return func(n int) error {
			runtime.GOMAXPROCS(processors)
			return f.feed(ctx, n)
		}
	}
	c, err := b.Compare(on(2), on(1))
	if err != nil {
		return Result{}, err
	}
	if err := r.rest(ctx); err != nil {
		return Result{}, err
	}
	result := c.Result()
	result.Note = fmt.Sprintf("ours is two cores, peer is one; %d calls, %d bytes a body", coresCalls, len(saysOfCall(0, "1")))
	return result, nil
}

// feeding delivers updates of calls as fast as they are taken.
type feeding struct {
	rig  *rig
	news *newsOfMany
}

func newFeeding(r *rig) *feeding { return &feeding{r, newNewsOfMany(coresCalls, feeders)} }

// feed returns once handlers were told of all.
func (f *feeding) feed(ctx context.Context, n int) error {
	fed := sideBySide(feeders, n, func(feeder, share int) error { return f.deliver(ctx, feeder, share) })
	return errors.Join(fed, f.rig.heard(ctx, n))
}

func (f *feeding) deliver(ctx context.Context, feeder, n int) error {
	for range n {
		if err := f.rig.deliver(ctx, f.news.next(feeder)); err != nil {
			return err
		}
	}
	return nil
}
