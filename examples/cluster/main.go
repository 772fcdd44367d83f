// Cluster shows a bot of three processes that share their calls by way of NATS
// JetStream: one of them is killed in the middle of its calls, and the others go on
// with them; then each is replaced by a new one without a gap.
//
//	go run .                                 with a simulator and a NATS server of its own
//	go run . -nats nats://localhost:4222     with yours, which needs JetStream
//
// It tells what happens, ends by itself after some fifteen seconds, and with exit
// status 1 if the story did not go as it should.
//
//	bot.go          the bot, as it would be in a single process
//	instance.go     its two constructors, alone and in a fleet, and its process
//	demo.go         the story
//	platform.go     the simulator, NATS and a load balancer, for the story
//
// It is a module of its own, so that the SDK's needs no NATS to be built.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"
)

func main() {
	if os.Getenv(instanceProcess) != "" {
		os.Exit(runInstance(context.Background(), os.Stdin, os.Stdout, os.Stderr))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "cluster:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, arguments []string, out io.Writer) error {
	flags := flag.NewFlagSet("cluster", flag.ContinueOnError)
	address := flags.String("nats", "", "the address of a NATS server with JetStream; one of its own when empty")
	pace := flags.Duration("pace", 1500*time.Millisecond, "how long to wait between the chapters")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	d, err := newDemo(*address, *pace, out)
	if err != nil {
		return err
	}
	return errors.Join(d.play(ctx), d.close())
}
