// Cost measures what the inspector costs a process: the CPU time it uses with the
// inspector at work and its page open, and without, while its webhook is told of
// so many live calls. The bot is a process of its own, so that neither who sends
// nor who reads the page is counted.
//
//	go run ./inspector/cost -calls 5000 -rate 500 -rounds 5 -for 8s
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"time"
)

// asBot is set in the environment of the process that is the bot.
const asBot = "GRAPHCALLS_INSPECTOR_COST_BOT"

type plan struct {
	calls, rate, rounds int
	length              time.Duration // of what is measured at a time
	settle              time.Duration // before that, until things have their size
}

func main() {
	var p plan
	flag.IntVar(&p.calls, "calls", 5000, "how many live calls there are")
	flag.IntVar(&p.rate, "rate", 500, "how many notifications come in a second")
	flag.IntVar(&p.rounds, "rounds", 5, "how often it is measured with and without")
	flag.DurationVar(&p.length, "for", 8*time.Second, "how long it is measured at a time")
	flag.Parse()
	p.settle = 2 * time.Second
	ctx, run := context.Background(), func(ctx context.Context) error { return measure(ctx, p, os.Stdout) }
	if os.Getenv(asBot) != "" {
		run = play
	}
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// measure has the bot work with and without the inspector in turns, and prints the
// middle of the ratios.
func measure(ctx context.Context, p plan, out io.Writer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	bot, where, err := start(ctx)
	if err != nil {
		return err
	}
	defer func() {
		cancel()
		_ = bot.Wait() // it is killed
	}()
	s := newSender(where, p)
	defer s.close()
	if err := s.begin(ctx); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(out, "%d live calls, %d notifications a second, %v at a time; CPU time of the bot's process\n\n%14s %14s %10s\n",
		p.calls, p.rate, p.length, "without", "with, page open", "ratio"); err != nil {
		return err
	}
	var ratios []float64
	for range p.rounds {
		ratio, err := s.compare(ctx, out)
		if err != nil {
			return err
		}
		ratios = append(ratios, ratio)
	}
	slices.Sort(ratios)
	_, err = fmt.Fprintf(out, "\nthe page was told %.1f times and %.0f KiB a second\nratio: inspector_cpu %.2f\n",
		s.perSecond(s.events.Load()), s.perSecond(s.bytes.Load())/1024, ratios[len(ratios)/2])
	return err
}

// compare measures once without and once with.
func (s *sender) compare(ctx context.Context, out io.Writer) (ratio float64, err error) {
	without, err := s.round(ctx, false)
	if err != nil {
		return 0, err
	}
	with, err := s.round(ctx, true)
	if err != nil {
		return 0, err
	}
	ratio = with.Seconds() / without.Seconds()
	_, err = fmt.Fprintf(out, "%11.1f ms/s %11.1f ms/s %10.2f\n", perSecond(without, s.plan), perSecond(with, s.plan), ratio)
	return ratio, err
}

func perSecond(cpu time.Duration, p plan) float64 {
	return float64(cpu.Microseconds()) / 1000 / p.length.Seconds()
}

// start starts the bot, which tells where it is. It ends with ctx.
func start(ctx context.Context) (*exec.Cmd, place, error) {
	var where place
	self, err := os.Executable()
	if err != nil {
		return nil, where, fmt.Errorf("find this program: %w", err)
	}
	bot := exec.CommandContext(ctx, self) //nolint:gosec // itself
	bot.Env = append(os.Environ(), asBot+"=1")
	bot.Stderr = os.Stderr
	out, err := bot.StdoutPipe()
	if err != nil {
		return nil, where, err
	}
	if err := bot.Start(); err != nil {
		return nil, where, err
	}
	return bot, where, json.NewDecoder(bufio.NewReader(out)).Decode(&where)
}
