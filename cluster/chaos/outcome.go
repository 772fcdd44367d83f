package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

// slowest is how long 99 of 100 partitions may be without an owner.
const slowest = 3 * time.Second

// clock is how moments are written.
const clock = "15:04:05.000"

// outcome is how an act ended.
type outcome struct {
	act   string
	took  time.Duration
	calls int
	edges int // told
	// shuffled says that the notifications of some calls came in another order.
	shuffled  bool
	overtaken int // edges and keys that were not told, for what the client had asked came first
	counts    map[string]int

	kills      []kill // and freezes
	takeOvers  []time.Duration
	takenCalls int
	handOvers  []time.Duration // how long a partition that was handed over had no owner
	replaced   int             // instances
	newest     int             // calls that came in at instances that were there in the end
	// interrupted are the take-overs during which one more instance was killed.
	interrupted int
	repeated    int // told again, as the same event
	away        struct{ from, to time.Time }
	refused     int // notifications, while NATS was away
	putOut      int // instances

	dropped, lost, doubled, unexplained, atOnce, announced, wrong, written, left, leaks, crashes []string
	takenAway                                                                                    int
}

// kill is an instance that was killed or frozen, and what it owned then.
type kill struct {
	process    string
	at         time.Time
	partitions map[int]bool
}

func (o *outcome) count(what string, n int) {
	if o.counts == nil {
		o.counts = map[string]int{}
	}
	o.counts[what] = n
}

// lists are what must be none, and what each is called.
func (o *outcome) lists() []struct {
	name string
	of   []string
} {
	return []struct {
		name string
		of   []string
	}{
		{"dropped calls", o.dropped},
		{"lost edges and keys", o.lost},
		{"doubled edges and keys", o.doubled},
		{"repetitions that no kill explains", o.unexplained},
		{"told by two at once", o.atOnce},
		{"came in at two instances", o.announced},
		{"wrong in the end", o.wrong},
		{"records written after the calls were others'", o.written},
		{"left in NATS and in memory", o.left},
		{"leaked goroutines", o.leaks},
		{"crashes", o.crashes},
	}
}

func (o *outcome) failed() bool {
	for _, list := range o.lists() {
		if len(list.of) > 0 {
			return true
		}
	}
	return o.takenAway > 0
}

// slow reports whether calls were without an owner for too long, which says nothing
// on a machine that does other things too.
func (o *outcome) slow() bool { return quantile(o.takeOvers, 99) > slowest }

// quantile is what so many of 100 took at most.
func quantile(sorted []time.Duration, percent int) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)*percent/100, len(sorted)-1)]
}

// clear waits until all has come to rest and notes where it differs from the
// platform; then it ends all calls, and notes what is left.
func (o *outcome) clear(ctx context.Context, sc *scene) error {
	sc.balancer.rest()
	o.wrong = problems(poll(ctx, func() error { return sc.differ(ctx) }))
	for _, call := range sc.platform.Calls() {
		call.End(200, 5001, "The conversation has ended.")
	}
	o.left = problems(poll(ctx, func() error { return sc.empty(ctx) }))
	for _, p := range sc.living() {
		d, err := p.ask(ctx, command{Do: doDump})
		if err != nil {
			return err
		}
		o.putOut += int(d.Dump.Fleet.PutOut)
		leaks, err := p.end(ctx)
		if err != nil {
			o.crashes = append(o.crashes, fmt.Sprintf("%s: %v: %s", p.name, err, p.log))
		}
		if leaks != "" {
			o.leaks = append(o.leaks, p.name+": "+leaks)
		}
		p.kill() // which only notes that it is no more
	}
	for _, p := range sc.all() {
		if log := p.log.String(); strings.Contains(log, "panic: ") || strings.Contains(log, "DATA RACE") {
			o.crashes = append(o.crashes, p.name+": "+log)
		}
	}
	return ctx.Err()
}

// problems are those that an error joins.
func problems(err error) []string {
	if err == nil {
		return nil
	}
	return strings.Split(err.Error(), "\n")
}

// empty says what is left where no calls are.
func (sc *scene) empty(ctx context.Context) error {
	var left []error
	records, err := sc.records(ctx)
	left = append(left, err)
	for key := range records {
		left = append(left, fmt.Errorf("record %s is left", key))
	}
	queued, err := sc.queued(ctx)
	left = append(left, err)
	if queued > 0 {
		left = append(left, fmt.Errorf("%d notifications are left in the queue", queued))
	}
	for _, p := range sc.living() {
		a, err := p.ask(ctx, command{Do: doDump})
		if err != nil {
			left = append(left, err)
			continue
		}
		s := a.Dump.Stats
		if s.Calls+s.InboxBacklog+s.HandlerBacklog+s.InDoubt+s.Unsaved+s.Parked > 0 {
			left = append(left, fmt.Errorf("%s still has %+v", p.name, s))
		}
	}
	return errors.Join(left...)
}

// describe tells what is wrong, one line for each.
func (o *outcome) describe(out io.Writer) {
	const most = 20
	for _, list := range o.lists() {
		for _, text := range list.of[:min(most, len(list.of))] {
			_, _ = fmt.Fprintf(out, "%s: %s: %s\n", o.act, list.name, text)
		}
		if len(list.of) > most {
			_, _ = fmt.Fprintf(out, "%s: %s: and %d more\n", o.act, list.name, len(list.of)-most)
		}
	}
}

// writeTable writes one column for each act.
func writeTable(out io.Writer, outcomes []*outcome) {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	write := func(name string, value func(*outcome) string) {
		cells := []string{name}
		for _, o := range outcomes {
			cells = append(cells, value(o))
		}
		_, _ = fmt.Fprintln(table, strings.Join(cells, "\t")+"\t")
	}
	number := func(name string, value func(*outcome) int) {
		write(name, func(o *outcome) string { return strconv.Itoa(value(o)) })
	}
	write("", func(o *outcome) string { return o.act })
	number("calls", func(o *outcome) int { return o.calls })
	number("edges told", func(o *outcome) int { return o.edges })
	number("instances killed or frozen", func(o *outcome) int { return len(o.kills) })
	number("instances replaced", func(o *outcome) int { return o.replaced })
	for _, what := range []string{"notifications", "  doubled", "  late", "  overtaken", "  tried at another"} {
		number(what, func(o *outcome) int { return o.counts[strings.TrimSpace(what)] })
	}
	number("  answered 503 while NATS was away", func(o *outcome) int { return o.refused })
	number("put out of the fleet", func(o *outcome) int { return o.putOut })
	number("told again, with the same EventID", func(o *outcome) int { return o.repeated })
	number("overtaken by what the client found out", func(o *outcome) int { return o.overtaken })
	number("partitions taken over", func(o *outcome) int { return len(o.takeOvers) })
	number("  with one more kill meanwhile", func(o *outcome) int { return o.interrupted })
	number("  calls in them", func(o *outcome) int { return o.takenCalls })
	for _, percent := range []int{50, 99} {
		number(fmt.Sprintf("  ms from the last kill, %d of 100", percent), func(o *outcome) int { return int(quantile(o.takeOvers, percent).Milliseconds()) })
	}
	number("partitions handed over", func(o *outcome) int { return len(o.handOvers) })
	for _, percent := range []int{50, 99} {
		number(fmt.Sprintf("  ms without an owner, %d of 100", percent), func(o *outcome) int { return int(quantile(o.handOvers, percent).Milliseconds()) })
	}
	for at, list := range (&outcome{}).lists() {
		number(list.name, func(o *outcome) int { return len(o.lists()[at].of) })
	}
	number("answered 202 while NATS was away", func(o *outcome) int { return o.takenAway })
	write("", func(o *outcome) string { return map[bool]string{true: "FAILED", false: "ok"}[o.failed() || o.slow()] })
	number("seconds", func(o *outcome) int { return int(o.took.Seconds()) })
	_ = table.Flush()
}
