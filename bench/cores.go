package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"sync"
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
	r, err := newRig(guid(0, 1), anybody{})
	if err != nil {
		return Result{}, err
	}
	defer r.close()
	if err := r.hold(ctx, coresCalls); err != nil {
		return Result{}, err
	}
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

// feeding delivers updates of calls as fast as they are taken, each feeder those
// of its own calls.
type feeding struct {
	rig    *rig
	bodies [coresCalls][2][]byte // by turns, so that each is news
	next   [feeders]int
}

func newFeeding(r *rig) *feeding {
	f := &feeding{rig: r}
	for call := range f.bodies {
		for turn := range f.bodies[call] {
			f.bodies[call][turn] = saysOfCall(call, strconv.Itoa(turn))
		}
	}
	return f
}

// feed returns once handlers were told of all.
func (f *feeding) feed(ctx context.Context, n int) error {
	var all sync.WaitGroup
	var trouble [feeders]error
	for feeder := range feeders {
		share := n / feeders
		if feeder < n%feeders {
			share++
		}
		all.Go(func() { trouble[feeder] = f.deliver(ctx, feeder, share) })
	}
	all.Wait()
	return errors.Join(errors.Join(trouble[:]...), f.rig.heard(ctx, n))
}

func (f *feeding) deliver(ctx context.Context, feeder, n int) error {
	const each = coresCalls / feeders
	for range n {
		turn := f.next[feeder]
		f.next[feeder]++
		if err := f.rig.deliver(ctx, f.bodies[feeder*each+turn%each][turn/each%2]); err != nil {
			return err
		}
	}
	return nil
}
