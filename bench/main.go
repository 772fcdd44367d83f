package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"runtime/pprof"
	"slices"
	"strings"
	"time"
)

// figures are the rows, in the order of the table.
func figures() []Figure {
	return slices.Concat(decodeFigures(), ingestFigures(), informerFigures(), rosterFigures(), dispatchFigures(),
		webhookFigures(), idleFigures(), millionFigures(), coresFigures(), coldStartFigures(),
		clusterFigures())
}

func main() {
	var err error
	if part := os.Getenv(partVariable); part != "" {
		err = play(part, os.Stdin, os.Stdout)
	} else {
		err = run()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

type options struct {
	only       string
	long       bool
	alone      string
	cpuProfile string
	memProfile string
	load       bool
	length     time.Duration
}

func run() error {
	var o options
	flag.StringVar(&o.only, "only", "", "the figures to measure, by name, with commas between; all when empty")
	flag.BoolVar(&o.long, "long", false, "measure more rounds, and print each as benchstat reads it")
	flag.StringVar(&o.cpuProfile, "cpuprofile", "", "write a CPU profile of the one figure named by -only")
	flag.StringVar(&o.memProfile, "memprofile", "", "write a heap profile of the one figure named by -only")
	flag.StringVar(&o.alone, "alone", "", "measure this one figure in this process, and print it as JSON")
	flag.BoolVar(&o.load, "load", false, "put a webhook of 5,000 live calls under load instead")
	flag.DurationVar(&o.length, "for", time.Minute, "how long, with -load")
	flag.Parse()
	if o.load {
		return loadRun(context.Background(), newLoadPlan(o.length), os.Stdout)
	}
	if o.alone != "" {
		return measureAlone(o)
	}
	return measureAll(o)
}

func measureAlone(o options) error {
	at := slices.IndexFunc(figures(), func(f Figure) bool { return f.Name == o.alone })
	if at < 0 {
		return fmt.Errorf("no figure is named %q", o.alone)
	}
	stop, err := profile(o)
	if err != nil {
		return err
	}
	figure := figures()[at]
	b := &Bench{Rounds: 11, Slice: 60 * time.Millisecond}
	if o.long {
		b.Rounds, b.Slice = 21, 200*time.Millisecond
		b.Sample = func(side string, s Sample) {
			fmt.Fprintf(os.Stderr, "Benchmark/%s/%s-%d\t%d\t%d ns/op\t%.0f B/op\t%.0f allocs/op\n",
				figure.Name, side, runtime.GOMAXPROCS(0), s.Operations, s.Time.Nanoseconds(), s.Bytes, s.Allocations)
		}
	}
	result, err := figure.Measure(b)
	if err := errors.Join(err, stop()); err != nil {
		return err
	}
	if err := json.NewEncoder(os.Stdout).Encode(result); err != nil {
		return fmt.Errorf("print the result: %w", err)
	}
	return nil
}

func profile(o options) (stop func() error, err error) {
	var cpu *os.File
	if o.cpuProfile != "" {
		if cpu, err = os.Create(o.cpuProfile); err != nil {
			return nil, fmt.Errorf("CPU profile: %w", err)
		}
		if err := pprof.StartCPUProfile(cpu); err != nil {
			return nil, fmt.Errorf("CPU profile: %w", err)
		}
	}
	return func() error {
		if cpu != nil {
			pprof.StopCPUProfile()
			if err := cpu.Close(); err != nil {
				return fmt.Errorf("CPU profile: %w", err)
			}
		}
		return writeHeapProfile(o.memProfile)
	}, nil
}

func writeHeapProfile(path string) error {
	if path == "" {
		return nil
	}
	file, err := os.Create(path) //nolint:gosec // where the user wants it
	if err != nil {
		return fmt.Errorf("heap profile: %w", err)
	}
	if err := errors.Join(pprof.Lookup("allocs").WriteTo(file, 0), file.Close()); err != nil {
		return fmt.Errorf("heap profile: %w", err)
	}
	return nil
}

func measureAll(o options) error {
	chosen, err := choose(o.only)
	if err != nil {
		return err
	}
	if len(chosen) != 1 && o.cpuProfile+o.memProfile != "" {
		return errors.New("a profile is of one figure: name it with -only")
	}
	t := newTable(os.Stdout)
	for _, figure := range chosen {
		result, err := measureInChild(figure, o)
		t.row(figure, result, err)
	}
	return t.end()
}

func choose(only string) ([]Figure, error) {
	if only == "" {
		return figures(), nil
	}
	var chosen []Figure
	for name := range strings.SplitSeq(only, ",") {
		at := slices.IndexFunc(figures(), func(f Figure) bool { return f.Name == name })
		if at < 0 {
			return nil, fmt.Errorf("no figure is named %q", name)
		}
		chosen = append(chosen, figures()[at])
	}
	return chosen, nil
}

func measureInChild(figure Figure, o options) (Result, error) {
	self, err := os.Executable()
	if err != nil {
		return Result{}, fmt.Errorf("find this program: %w", err)
	}
	child := exec.CommandContext(context.Background(), self, //nolint:gosec // it is this program
		"-alone", figure.Name, "-cpuprofile", o.cpuProfile, "-memprofile", o.memProfile, fmt.Sprintf("-long=%t", o.long))
	child.Stderr = os.Stderr
	out, err := child.Output()
	if err != nil {
		return Result{}, fmt.Errorf("%s: %w", figure.Name, err)
	}
	var result Result
	if err := json.Unmarshal(out, &result); err != nil {
		return Result{}, fmt.Errorf("%s: %w", figure.Name, err)
	}
	return result, nil
}
