// Scale computes how many calls a fleet can hold, and what ends first.
//
//	go run ./scale                          a million calls, by the figures in figures.go
//	go run ./scale -calls 100000 -instances 10
//	go run ./scale -measure                 measures the figures on this machine first
//
// What it computes with was measured on one small machine, with NATS on the same
// cores; a real fleet has more of both. It says where to look first, and is not a
// promise.
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
	if os.Getenv(brokerProcess) != "" {
		os.Exit(runBroker(os.Stdin, os.Stdout, os.Stderr))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// run is the program: it returns the exit status.
func run(ctx context.Context, arguments []string, out, problems io.Writer) int {
	flags := flag.NewFlagSet("scale", flag.ContinueOnError)
	flags.SetOutput(problems)
	measuring := flags.Bool("measure", false, "measure the figures on this machine, instead of those in figures.go")
	calls := flags.Int("measured-calls", 10_000, "with -measure: how many calls")
	var f fleet
	flags.Float64Var(&f.calls, "calls", 1_000_000, "calls at a time")
	flags.Float64Var(&f.people, "people", 3, "people in a call")
	flags.Float64Var(&f.instances, "instances", 100, "instances of the bot")
	flags.Float64Var(&f.tenants, "tenants", 1, "tenants the calls are spread over")
	flags.Float64Var(&f.notifications, "notifications", 12, "notifications of a call, from its beginning to its end")
	flags.DurationVar(&f.length, "length", 10*time.Minute, "how long a call lasts")
	flags.DurationVar(&f.keepAlive, "keep-alive", 10*time.Minute, "how often a call is kept alive: Limits.KeepAlive")
	flags.DurationVar(&f.sweep, "sweep", 30*time.Minute, "how often it is looked at: Limits.Sweep")
	flags.DurationVar(&f.lease, "lease", 2*time.Second, "Options.Lease")
	if err := flags.Parse(arguments); err != nil {
		return 2
	}
	measured := standard()
	if *measuring {
		var err error
		if measured, err = measure(ctx, *calls); err != nil {
			_, _ = fmt.Fprintln(problems, "scale:", err)
			return 1
		}
	}
	measured.write(out)
	f.write(out, measured)
	return 0
}
