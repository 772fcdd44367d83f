package main

import (
	"context"
	"maps"
	"sync"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

// weather is what is done to a platform: one spell of it after another, each of
// a few kinds at once.
type weather struct {
	platform *simulator.Platform
	dice     *dice
	drops    *dice

	mu    sync.Mutex
	count map[string]int // of what leaves no trace on the platform
}

func newWeather(platform *simulator.Platform, seed uint64) *weather {
	return &weather{platform: platform, dice: newDice(seed, streamWeather), drops: newDice(seed, streamDrops), count: map[string]int{}}
}

func (w *weather) note(kind string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.count[kind]++
}

// blow makes weather until ctx ends, and clears it.
func (w *weather) blow(ctx context.Context) {
	defer w.platform.Heal()
	for ctx.Err() == nil {
		for range 2 + w.dice.n(3) {
			w.begin()
		}
		pause(ctx, w.dice.between(300*time.Millisecond, 2*time.Second))
		w.platform.Heal()
		if w.dice.percent(30) {
			pause(ctx, w.dice.between(0, 300*time.Millisecond))
		}
	}
}

// begin spoils one thing until the weather clears.
func (w *weather) begin() {
	switch w.dice.n(12) {
	case 0, 1:
		w.platform.DropEvery(func(*resources.Notification) bool { return w.drops.percent(15) })
	case 2:
		w.platform.Duplicate(1 + w.dice.n(2))
	case 3:
		w.platform.DuplicateAsNew(1 + w.dice.n(2))
	case 4, 5:
		w.note("shuffling spells")
		w.platform.Scramble(uint64(w.dice.n(1 << 30)))
	case 6:
		w.platform.Batch(2 + w.dice.n(6))
	case 7:
		w.hold()
	case 8, 9:
		w.fail()
	case 10:
		w.trouble()
	case 11:
		w.note("early")
		w.platform.NotifyBeforeReply()
	}
}

// hold delays what some calls' bots are to hear of them, until the weather
// clears.
func (w *weather) hold() {
	for _, call := range w.platform.Calls() {
		if call.State() != resources.CallStateTerminated && w.dice.percent(30) {
			w.note("held")
			call.Hold()
		}
	}
}

// fail has requests about calls fail, before or after they had their effect.
func (w *weather) fail() {
	failure := simulator.Failure{Times: 1 + w.dice.n(4), AfterEffect: w.dice.percent(40)}
	switch w.dice.n(6) {
	case 0:
		w.platform.Throttle(1+w.dice.n(3), time.Duration(w.dice.n(2))*time.Second)
		return
	case 1:
		failure.Status, failure.AfterEffect = 401, false
	case 2: // the connection is cut
	default:
		failure.Status = []int{500, 502, 503, 504}[w.dice.n(4)]
	}
	w.platform.FailNext(failure)
}

// trouble is with tokens and keys.
func (w *weather) trouble() {
	switch w.dice.n(3) {
	case 0:
		w.note("token refused")
		w.platform.FailNext(simulator.Failure{Path: "/token", Status: 503})
	case 1:
		w.note("keys refused")
		w.platform.FailNext(simulator.Failure{Path: "/keys", Status: 500})
	default:
		if w.platform.RotateKeys() == nil {
			w.note("key rotated")
		}
	}
}

// tally counts the faults that were, by kind: from what the platform has seen
// where that tells, else from what was asked for.
func (w *weather) tally() map[string]int {
	w.mu.Lock()
	defer w.mu.Unlock()
	tally := maps.Clone(w.count)
	stats := w.platform.Stats()
	tally["dropped"] = int(stats.Dropped)
	tally["undelivered"] = int(stats.Undelivered)
	tally["tokens"] = int(stats.Tokens)
	for _, exchange := range w.platform.Exchanges() {
		if !exchange.ToBot {
			tally[failureOf(exchange)]++
		}
	}
	delete(tally, "")
	for _, call := range w.platform.Calls() {
		tallyDeliveries(tally, call.Deliveries())
	}
	return tally
}

func failureOf(e simulator.Exchange) string {
	switch {
	case e.Status == 0:
		return "cut"
	case e.Status == 429:
		return "429"
	case e.Status == 401:
		return "401"
	case e.Status >= 500:
		return "5xx"
	default:
		return ""
	}
}

func tallyDeliveries(tally map[string]int, deliveries []simulator.Delivery) {
	seen := map[string]bool{}
	for _, d := range deliveries {
		switch {
		case d.Dropped:
		case d.Copy && seen[d.MessageID]:
			tally["doubled"]++
		case d.Copy:
			tally["doubled as new"]++
		case len(d.Notifications()) > 1:
			tally["batched"]++
		}
		seen[d.MessageID] = true
	}
}
