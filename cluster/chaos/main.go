// Chaos has a bot of three processes hold hundreds of calls on NATS JetStream,
// kills, freezes and cuts them off, and looks whether anything was lost, told
// twice or done by two at once.
//
//	go run ./chaos                      a minute of kills, then a freeze, an outage and deployments
//	go run ./chaos -for 10s -calls 60   the same, shorter
//	go run ./chaos -act freeze          one of the acts: kills, freeze, outage, deploy
//
// The platform, package simulator, and a NATS server with its files in a folder
// of its own are in this process; so is a load balancer, which gives each
// notification to any instance that lives, to another one where the first is gone
// or answers 503, sometimes late, sometimes twice, and of every fifth call in
// another order. The instances are this program run once more, in processes of
// their own, joined by package cluster. Each thing a handler is told is reported
// to this process before the handler returns: what was told is what is known here.
//
// In the first act an instance is killed by -9 every few seconds, and started
// anew. In the second one is stopped (SIGSTOP), in the middle of handlers and with
// more waiting behind them, until five seconds after its lease, when others have its
// calls; it goes on as if nothing had happened. In the third
// NATS is away for ten seconds. In the fourth three versions are deployed, one after
// the other: each instance is replaced by a new one, and drains on SIGTERM, while the
// load balancer knows it still. Meanwhile calls come in, are placed and joined, are
// answered, put on hold, have keys pressed and people come and go, and end.
//
// Then all becomes calm, and these must be none:
//
//   - Dropped calls: they ended, and neither the bot was asked to nor did people hang
//     up; or nobody answered.
//   - Lost edges: the platform reported a state of a call, it was answered 202, and
//     no handler anywhere was told; lost keys; a call whose end was not told.
//   - Doubled edges: told twice as two events. The same event may be told again, with
//     the same EventID, where the first to be told was killed or put out before that
//     was saved; any other repetition counts as unexplained.
//   - Two at once: handlers of an instance that no longer owned the call.
//   - Calls announced by OnIncoming at two instances, unless the first was killed, or
//     handed the call over while it still rang (Initial).
//   - Wrong states and rosters, calls nobody has, calls two have.
//   - Records and notifications left in NATS when all calls have ended, goroutines
//     left in the processes.
//   - Of the frozen instance, records it wrote after others had taken over.
//   - Of the outage, notifications answered 202 while NATS was away.
//
// And the take-over, from the last kill to the moment another serves the partition,
// must take no more than three seconds for 99 of 100.
//
// Of the calls whose notifications are put in another order only the end and
// doubled keys are compared: what a later state has overtaken is not told, by
// contract, nor is a key that comes after the end.
//
// The exit status is 1 if a bound is broken, and 2 if the program could not play.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"time"
)

func main() {
	if os.Getenv(instanceProcess) != "" {
		os.Exit(runInstance(context.Background(), os.Stdin, os.Stdout, os.Stderr))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// run is the program: it returns the exit status.
func run(ctx context.Context, arguments []string, out, problems io.Writer) int {
	flags := flag.NewFlagSet("chaos", flag.ContinueOnError)
	flags.SetOutput(problems)
	names := flags.String("act", strings.Join(acts(), ","), "which acts, with commas between")
	s := storm{frozen: 5 * time.Second, away: 10 * time.Second, versions: 3}
	flags.DurationVar(&s.duration, "for", time.Minute, "how long instances are killed; the other acts take what they need")
	flags.IntVar(&s.calls, "calls", 300, "how many calls live at a time")
	flags.IntVar(&s.partitions, "partitions", 32, "how many partitions the calls are in")
	flags.DurationVar(&s.lease, "lease", 2*time.Second, "how long an instance may be silent")
	flags.Uint64Var(&s.seed, "seed", 1, "what decides all chances, as far as the timing of processes allows")
	flags.StringVar(&s.traces, "trace", "", "a folder for what each instance logged, and what was said of each call that went wrong")
	if err := flags.Parse(arguments); err != nil {
		return 2
	}
	var outcomes []*outcome
	status := 0
	for name := range strings.SplitSeq(*names, ",") {
		if !slices.Contains(acts(), name) {
			_, _ = fmt.Fprintf(problems, "there is no act %q: they are %s\n", name, strings.Join(acts(), ", "))
			return 2
		}
		o, err := s.play(ctx, name)
		if err != nil {
			_, _ = fmt.Fprintf(problems, "%s could not be played: %v\n", name, err)
			status = 2
			continue
		}
		o.describe(out)
		outcomes = append(outcomes, o)
	}
	writeTable(out, outcomes)
	if status == 0 && slices.ContainsFunc(outcomes, func(o *outcome) bool { return o.failed() || o.slow() }) {
		status = 1
	}
	return status
}
