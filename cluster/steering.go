package cluster

import (
	"cmp"
	"context"
	"time"

	"github.com/nats-io/nats.go"
	"go.uber.org/zap"
)

const (
	// gently is how many partitions at once go to other owners while this instance
	// lives on, and briskly how many when it is to leave.
	gently  = 1
	briskly = 4
)

// enter makes this instance a member under a new name.
func (f *fleet) enter(ctx context.Context) error {
	l := newLife(f.options.InstanceID, f.options.Lease)
	if err := l.begin(ctx, f); err != nil {
		return err
	}
	var refused error
	t, revision, err := f.registry.change(ctx, func(t *table) bool {
		self := member{Instance: f.options.InstanceID, Draining: f.draining.Load()}
		refused = t.admit(l.name, self, f.options.terms(f.names.fleet))
		return refused == nil
	})
	if err = cmp.Or(err, refused); err != nil {
		_ = l.end(ctx, f.streams.fleet) // it would lapse by itself
		return err
	}
	f.life.Store(l)
	f.saw(t, revision)
	f.log.Info("entered the fleet", zap.String("member", l.name), zap.Int("members", len(t.Members)))
	return nil
}

// run lives one life after the other until this instance leaves.
func (f *fleet) run() {
	for {
		l := f.life.Load()
		f.live(l)
		if f.context.Err() != nil {
			return
		}
		f.counters.putOut.Add(1)
		f.log.Warn("put out of the fleet after a silence longer than the lease; its calls are others' now", zap.String("member", l.name))
		f.loseAll(l)
		if !f.enterAgain() {
			return
		}
	}
}

// enterAgain tries until it has entered, or this instance leaves.
func (f *fleet) enterAgain() bool {
	for {
		ctx, cancel := context.WithTimeout(f.context, f.options.Lease)
		err := f.enter(ctx)
		cancel()
		if err == nil {
			return true
		}
		f.log.Warn("cannot enter the fleet again yet", zap.Error(err))
		if !pause(f.context, f.options.Lease/beatsPerLease) {
			return false
		}
	}
}

// live beats and steers until the life is lost or this instance leaves.
func (f *fleet) live(l *life) {
	ctx, end := context.WithCancel(f.context)
	defer end()
	defer func() { _ = l.requests.Unsubscribe() }() // the connection may be closed already
	if !f.spawn(func() {
		defer end()
		f.beatOn(ctx, l)
	}) {
		return
	}
	ticks := time.NewTicker(f.options.Lease / beatsPerLease)
	defer ticks.Stop()
	for {
		if l.lease.left() <= 0 {
			if l.lease.hold(ctx) != nil {
				return
			}
			f.others.start()
		}
		f.step(ctx, l)
		select {
		case <-ticks.C:
		case <-f.nudges:
		case <-ctx.Done():
			return
		}
	}
}

// step looks at the table, sees to the dead, and follows it.
func (f *fleet) step(ctx context.Context, l *life) {
	ctx, cancel := context.WithTimeout(ctx, f.options.Lease/2)
	defer cancel()
	t, revision, err := f.registry.read(ctx)
	if err != nil {
		f.log.Debug("the fleet's table cannot be read", zap.Error(err))
		return
	}
	f.saw(t, revision)
	if dead := f.findDead(ctx, l, t); len(dead) > 0 {
		t, revision, err = f.registry.change(ctx, func(t *table) bool {
			before := len(t.Members)
			for _, name := range dead {
				delete(t.Members, name)
			}
			t.settle()
			return len(t.Members) != before
		})
		if err != nil {
			f.log.Warn("the partitions of a dead member cannot be given to others yet", zap.Error(err))
			return
		}
		f.saw(t, revision)
		f.tellOthers(l)
	}
	if _, member := t.Members[l.name]; !member {
		l.lease.lose()
		return
	}
	f.others.keep(t.Members)
	f.follow(l, t)
}

func (f *fleet) findDead(ctx context.Context, l *life, t *table) []string {
	var dead []string
	for name, m := range t.Members {
		if name == l.name {
			continue
		}
		is, err := f.others.dead(ctx, name)
		if err != nil {
			f.log.Debug("a member cannot be looked at", zap.String("member", name), zap.Error(err))
		}
		if is {
			f.log.Warn("a member is gone; its partitions go to others", zap.String("member", name), zap.String("instance", m.Instance))
			dead = append(dead, name)
		}
	}
	return dead
}

// follow begins and ends tenures as the table says, and hands over what others
// are to own.
func (f *fleet) follow(l *life, t *table) {
	targets := t.targets()
	moving, most := 0, gently
	if f.draining.Load() {
		most = briskly
	}
	for number, o := range t.Owners {
		current := f.tenures[number].Load()
		switch mine := o.Member == l.name; {
		case current == nil && mine:
			f.begin(l, number, o.Epoch)
		case current == nil:
		case !mine || current.epoch != o.Epoch:
			current.lose()
		case current.leaving():
			moving++
		}
	}
	for number := range t.Owners {
		current := f.tenures[number].Load()
		to := targets[number]
		if current != nil && moving < most && to != l.name && (to != "" || f.draining.Load()) && current.handOver() {
			moving++
		}
	}
}

// loseAll lets go of all that a lost life owned, and waits until that is done.
func (f *fleet) loseAll(l *life) {
	l.lease.lose()
	for number := range f.tenures {
		if t := f.tenures[number].Load(); t != nil {
			t.lose()
			<-t.over
		}
	}
}

// watchConnection has the consumers opened anew on each new connection: what was
// under way on the old one is lost, and would come too late otherwise.
func (f *fleet) watchConnection(status <-chan nats.Status) {
	for {
		select {
		case _, ok := <-status:
			if !ok {
				return
			}
			f.mu.Lock()
			close(f.dial)
			f.dial = make(chan struct{})
			f.mu.Unlock()
		case <-f.context.Done():
			return
		}
	}
}

func (f *fleet) whenDialled() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.dial
}

// pause reports false if ctx ended first.
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
