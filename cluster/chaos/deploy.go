package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// atWork is how long each handler of an instance that is to drain takes.
const atWork = 100 * time.Millisecond

// toDrain is how long an instance may take to hand its calls over.
const toDrain = 20 * time.Second

// deploying replaces all instances by new ones, one after the other, for each of
// the versions there are to come.
func (sc *scene) deploying(ctx context.Context, o *outcome) error {
	for range sc.versions * instances {
		if err := sc.replace(ctx, o); err != nil {
			return err
		}
		o.replaced++
	}
	pause(ctx, 2*time.Second) // of calls that the last version has to itself
	lines := sc.witness.lines()
	o.judgeHandOvers(lines)
	for _, p := range sc.members() {
		for _, l := range lines {
			if l.Kind == saysIncoming && l.Process == p.name {
				o.newest++
			}
		}
	}
	return ctx.Err()
}

// replace starts a new instance, and has the oldest one drain once the new one has
// its share. The balancer knows the old one until it is gone, and its handlers are at
// work.
func (sc *scene) replace(ctx context.Context, o *outcome) error {
	oldest := sc.members()[0]
	if err := sc.start(ctx, instances); err != nil {
		return err
	}
	newest := sc.members()[instances]
	if err := poll(ctx, func() error {
		if owned, share := len(sc.witness.owned(newest.name)), sc.partitions/(instances+1); owned < share {
			return fmt.Errorf("%s has %d partitions of %d", newest.name, owned, share)
		}
		return nil
	}); err != nil {
		return err
	}
	sc.witness.listen(func(l line) {
		if l.Process == oldest.name && l.Kind != saysOwnership {
			pause(ctx, atWork)
		}
	})
	defer sc.witness.listen(nil)
	pause(ctx, sc.dice.between(200*time.Millisecond, time.Second))
	g, err := oldest.drain()
	if err == nil && g.Problem != "" {
		err = errors.New(g.Problem)
	}
	if err != nil {
		return fmt.Errorf("drain %s: %w: %s", oldest.name, err, oldest.log)
	}
	if g.Leaks != "" {
		o.leaks = append(o.leaks, oldest.name+": "+g.Leaks)
	}
	sc.retire()
	return nil
}
