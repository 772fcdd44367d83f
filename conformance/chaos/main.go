// Chaos has a bot hold calls in bad weather, and looks whether its client has
// told it the truth.
//
//	go run ./conformance/chaos                    one seed: 200 calls in 30 seconds
//	go run ./conformance/chaos -seeds 5           five seeds, one after the other
//	go run ./conformance/chaos -seed 7 -calls 20  a seed again, as the table names it
//	go run ./conformance/chaos -replay            with what the client heard played again
//
// The platform, package simulator, plays in this process. The bot is this
// program run once more, in a process of its own: a statefulclient.Client with
// a store.Files, killed without warning every few seconds and started again. On
// the way between the two, notifications are lost, doubled, shuffled, held back
// and put together, requests are answered 401, 429 and 5xx or not at all, before
// and after they had their effect, keys and tokens change; and the bot's handlers
// are slow, stuck or panic. A seed decides all of it, as far as the timing of two
// processes allows.
//
// Then the weather clears. Nothing is done for the client to recover but what a
// bot has that set its Limits to seconds: it keeps calls alive and looks after
// them by itself. When it has come to rest, these must be none:
//
//   - Lost edges: a call that is alive and of which the bot knows another state,
//     or was told another one last; a call that was established and of which the
//     bot's code never heard; a call the bot's code had heard of, or was answered,
//     and whose end was not told. See owed for what a killed process may take with
//     it, which is what reached it in its last moments, and leftOver for what
//     OnUnmatched is told then.
//   - Doubled edges: within the life of a process an edge to a state that the
//     call had been in before, those of a live call excepted, or backwards; and an
//     end told twice, unless a process was killed in between and the second comes
//     with CauseRestore.
//   - Wrong rosters: of a call alive, the ids and the muting.
//   - Operations that are pending, and have ended on the platform.
//   - Leaked goroutines and entries: what Stats counts when all calls have ended,
//     records in the store, and goroutines when the client is closed.
//
// With -replay each process records what its client hears (package trace), and the
// traces are played again: to the same verdicts, events and states after every line,
// to the edges that the bot's handlers were told, and to what the client held of
// each call when it had ended. A process that was killed may have told or written a
// little more than the other.
//
// The exit status is 1 if there is any, and 2 if the program could not play.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"
)

func main() {
	if os.Getenv(botProcess) != "" {
		os.Exit(runBot(context.Background(), os.Stdin, os.Stdout, os.Stderr))
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
	seed := flags.Uint64("seed", 1, "the first seed")
	seeds := flags.Uint64("seeds", 1, "how many seeds, one after the other")
	duration := flags.Duration("duration", 30*time.Second, "how long the weather is bad, for each seed")
	calls := flags.Int("calls", 200, "how many calls begin in that time")
	replay := flags.Bool("replay", false, "record what the client hears, play it again, and compare")
	traces := flags.String("trace", "", "a folder for what was said of each call that went wrong")
	if err := flags.Parse(arguments); err != nil {
		return 2
	}
	var outcomes []*outcome
	for s := *seed; s < *seed+*seeds; s++ {
		result, err := storm{seed: s, calls: *calls, duration: *duration, traces: *traces, replay: *replay}.play(ctx)
		if err != nil {
			_, _ = fmt.Fprintf(problems, "seed %d could not be played: %v\n", s, err)
			return 2
		}
		result.describe(out)
		outcomes = append(outcomes, result)
	}
	writeTable(out, outcomes)
	for _, o := range outcomes {
		if o.failed() {
			return 1
		}
	}
	return 0
}
