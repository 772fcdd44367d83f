package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/graphcalls/graphcalls-go/simulator"
)

// freezing stops an instance until others have long taken its calls over, and
// looks whether it does anything about them when it goes on.
func (sc *scene) freezing(ctx context.Context, o *outcome, gate *gate) error {
	p := sc.members()[0]
	release := sc.keepBusy(ctx, p)
	held := sc.witness.owned(p.name)
	began := time.Now()
	o.kills = append(o.kills, kill{process: p.name, partitions: held, at: began})
	err := p.freeze()
	release()
	if err != nil {
		return err
	}
	known, err := sc.records(ctx)
	if err != nil {
		return err
	}
	pause(ctx, sc.lease)
	if err := sc.calm(ctx, gate); err != nil {
		return err
	}
	before, err := sc.settledRecords(ctx, held, known, began)
	if err != nil {
		return err
	}
	pause(ctx, time.Until(began.Add(sc.lease+sc.frozen)))
	watch := newRelapse(sc, p.name, held, before)
	sc.witness.listen(func(l line) { watch.hear(ctx, l) })
	defer sc.witness.listen(nil)
	if err := p.thaw(); err != nil {
		return err
	}
	if err := poll(ctx, watch.over); err != nil {
		return err
	}
	o.written = append(o.written, watch.moved...)
	if err := sc.served(ctx); err != nil {
		return err
	}
	after, err := sc.records(ctx)
	if err != nil {
		return err
	}
	o.written = append(o.written, moved(before, after, sc.witness.owned(p.name))...)
	if !strings.Contains(p.log.String(), "put out of the fleet") {
		o.written = append(o.written, "the frozen instance did not log that it was put out")
	}
	gate.reopen()
	pause(ctx, 2*time.Second) // of calls that go on
	return ctx.Err()
}

// keepBusy has the handlers of an instance's edges wait until release is called, and
// returns when more is waiting behind them: what it would tell when it goes on.
func (sc *scene) keepBusy(ctx context.Context, p *process) (release func()) {
	released := make(chan struct{})
	sc.witness.listen(func(l line) {
		if l.Process == p.name && l.Kind == saysState {
			<-released
		}
	})
	pause(ctx, 2*time.Second)
	return func() {
		sc.witness.listen(nil)
		close(released)
	}
}

// calm has all lives stand still, and waits until what they led to was told.
func (sc *scene) calm(ctx context.Context, gate *gate) error {
	gate.shut()
	return poll(ctx, func() error {
		sc.balancer.rest()
		if err := sc.platform.WaitIdle(ctx); err != nil {
			return err
		}
		queued, err := sc.queued(ctx)
		if err == nil && queued > 0 {
			err = fmt.Errorf("%d notifications wait", queued)
		}
		return err
	})
}

// settledRecords are the records of partitions that others have taken over, once
// those have asked the platform about each call that they found there, which they
// do a while after, and nothing has changed for half a second.
func (sc *scene) settledRecords(ctx context.Context, partitions map[int]bool, found map[string]uint64, since time.Time) (records map[string]uint64, err error) {
	changed := time.Now()
	err = poll(ctx, func() error {
		all, err := sc.records(ctx)
		if err != nil {
			return err
		}
		maps.DeleteFunc(all, func(key string, _ uint64) bool { return !partitions[partitionOf(key)] })
		if !maps.Equal(all, records) {
			records, changed = all, time.Now()
		}
		if time.Since(changed) < 500*time.Millisecond {
			return errors.New("the records change")
		}
		if err := sc.asked(all, found, since); err != nil {
			return err
		}
		return sc.saved(ctx)
	})
	return records, err
}

func partitionOf(key string) int {
	place, _, _ := strings.Cut(key, ".")
	number, _ := strconv.Atoi(place)
	return number
}

// asked is nil when somebody has asked about all calls that were found, and are
// still there.
func (sc *scene) asked(records, found map[string]uint64, since time.Time) error {
	for key := range records {
		if _, was := found[key]; !was {
			continue
		}
		_, id, _ := strings.Cut(key, ".")
		if !slices.ContainsFunc(sc.platform.Call(id).Exchanges(), func(e simulator.Exchange) bool {
			return !e.ToBot && e.Method == http.MethodGet && e.At.After(since)
		}) {
			return fmt.Errorf("nobody has asked about call %s yet", id)
		}
	}
	return nil
}

// saved is nil when no instance has something to save.
func (sc *scene) saved(ctx context.Context) error {
	for _, p := range sc.members() {
		if !p.up() {
			continue
		}
		a, err := p.ask(ctx, command{Do: doDump})
		if err != nil {
			return err
		}
		if s := a.Dump.Stats; s.Unsaved+s.InboxBacklog+s.HandlerBacklog+s.InDoubt > 0 {
			return fmt.Errorf("%s has something to do", p.name)
		}
	}
	return nil
}

// relapse is what a thawed instance does before it has noticed that its calls are
// others' now. It tells of each partition it has lost, and is kept waiting by the
// last of them while the records are looked at.
type relapse struct {
	scene   *scene
	process string
	before  map[string]uint64

	mu    sync.Mutex
	held  map[int]bool // and not let go of yet
	moved []string
	err   error
}

func newRelapse(sc *scene, process string, held map[int]bool, before map[string]uint64) *relapse {
	return &relapse{scene: sc, process: process, held: maps.Clone(held), before: before}
}

func (r *relapse) hear(ctx context.Context, l line) {
	if l.Process != r.process || l.Kind != saysOwnership || !l.Ownership.Lost {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.held, l.Ownership.Partition)
	if len(r.held) > 0 {
		return
	}
	after, err := r.scene.records(ctx)
	r.err = err
	r.moved = moved(r.before, after, nil)
}

// over is nil when it has let go of everything.
func (r *relapse) over() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.held) > 0 {
		return fmt.Errorf("%s still has %d partitions that are others'", r.process, len(r.held))
	}
	return r.err
}

// moved lists the records that were written, but for those of some partitions.
func moved(before, after map[string]uint64, but map[int]bool) []string {
	var list []string
	for key, revision := range before {
		if !but[partitionOf(key)] && after[key] != revision {
			list = append(list, fmt.Sprintf("record %s had revision %d and now has %d", key, revision, after[key]))
		}
	}
	return list
}
