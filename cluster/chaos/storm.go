package main

import (
	"context"
	"errors"
	"sync"
	"time"
)

// instances is how many processes the bot has.
const instances = 3

// toRest is how long all may take to come to rest.
const toRest = 40 * time.Second

// storm is what is done to the bot.
type storm struct {
	seed       uint64
	calls      int           // alive at a time
	duration   time.Duration // of the kills
	partitions int
	lease      time.Duration
	frozen     time.Duration // beyond the lease
	away       time.Duration // of NATS
	versions   int           // that are deployed, one after the other
	traces     string        // a folder; none when empty
}

// acts are what can be played.
func acts() []string { return []string{"kills", "freeze", "outage", "deploy"} }

// play plays an act, and judges what the bot was told.
func (s storm) play(ctx context.Context, act string) (o *outcome, err error) {
	sc, err := newScene(ctx, s, act == "kills")
	if err != nil {
		return nil, err
	}
	defer sc.close()
	for number := range instances {
		if err := sc.start(ctx, number); err != nil {
			return nil, err
		}
	}
	if err := sc.served(ctx); err != nil {
		return nil, err
	}
	began := time.Now()
	o = &outcome{act: act, shuffled: sc.settings.Doubts}
	if err := sc.rage(ctx, o); err != nil {
		if s.traces != "" {
			err = errors.Join(err, sc.trace(s.traces, act))
		}
		return nil, err
	}
	if err := o.clear(ctx, sc); err != nil {
		return nil, err
	}
	o.judge(sc)
	o.took = time.Since(began)
	if s.traces != "" {
		return o, errors.Join(sc.trace(s.traces, act), o.writeTraces(sc, s.traces))
	}
	return o, nil
}

// rage lets calls live while the act is played.
func (sc *scene) rage(ctx context.Context, o *outcome) error {
	raging, cancel := context.WithCancel(ctx)
	defer cancel()
	gate := newGate()
	var busy sync.WaitGroup
	for n := range sc.calls {
		l := &life{scene: sc, dice: newDice(sc.seed, streamLives+uint64(n)), number: n, gate: gate, hurry: raging}
		busy.Go(func() {
			pause(raging, time.Duration(n)*2*time.Second/time.Duration(sc.calls))
			l.live(ctx)
		})
	}
	pause(raging, 2500*time.Millisecond) // until most are there
	var err error
	switch o.act {
	case "kills":
		err = sc.killings(ctx, o)
	case "freeze":
		err = sc.freezing(ctx, o, gate)
	case "outage":
		err = sc.outage(ctx, o)
	case "deploy":
		err = sc.deploying(ctx, o)
	}
	cancel()
	busy.Wait()
	o.dropped = sc.dropped
	return err
}

// killings kills one instance after another, and starts it again.
func (sc *scene) killings(ctx context.Context, o *outcome) error {
	until := time.Now().Add(sc.duration)
	for {
		wait := min(sc.dice.between(1500*time.Millisecond, 4*time.Second), sc.duration/3)
		if time.Now().Add(wait).After(until) {
			pause(ctx, time.Until(until))
			return ctx.Err()
		}
		pause(ctx, wait)
		number := sc.dice.n(instances)
		p := sc.members()[number]
		k := kill{process: p.name, partitions: sc.witness.owned(p.name), at: time.Now()}
		p.kill()
		o.kills = append(o.kills, k)
		pause(ctx, sc.dice.between(0, 2*time.Second))
		if err := sc.start(ctx, number); err != nil {
			return err
		}
	}
}

// outage takes NATS away for a while.
func (sc *scene) outage(ctx context.Context, o *outcome) error {
	sc.broker.stop()
	// What NATS had taken by then may still be answered.
	o.away.from = time.Now().Add(100 * time.Millisecond)
	pause(ctx, sc.away)
	o.away.to = time.Now()
	if err := sc.broker.start(); err != nil {
		return err
	}
	o.takenAway = sc.balancer.answers(202, o.away.from, o.away.to)
	o.refused = sc.balancer.answers(503, o.away.from, o.away.to)
	pause(ctx, 3*time.Second) // of calls that go on
	return ctx.Err()
}
