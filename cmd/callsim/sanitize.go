package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/graphcalls/graphcalls-go/trace"
)

const sanitizeUsage = `callsim sanitize takes personal data out of a trace that a client has recorded, so
that it can be shared: names, ids, telephone numbers, addresses, texts and the digits
that people pressed are replaced, the same by the same. It replays as before.

  callsim sanitize trace.jsonl > clean.jsonl    into another file
  callsim sanitize - < trace.jsonl              from the standard input
  callsim replay clean.jsonl                    look at what is left, before you share it

Exit code 1 means that nothing of it may be shared, 2 that the trace could not be read.
docs/traces.md says what is replaced and what stays.
`

func sanitize(args []string, out, errs io.Writer) int {
	flags := flag.NewFlagSet("callsim sanitize", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		say(out, "%v", sanitizeUsage)
		return exitWell
	case err != nil:
		say(errs, "callsim sanitize: %v; callsim sanitize -help explains it\n", err)
		return exitUsage
	case flags.NArg() != 1:
		say(errs, "callsim sanitize: name one trace, or - for the standard input\n")
		return exitUsage
	}
	from, err := openTrace(flags.Arg(0))
	if err != nil {
		say(errs, "callsim sanitize: %v\n", err)
		return exitUsage
	}
	defer func() { _ = from.Close() }()
	to := bufio.NewWriter(out)
	err = trace.Sanitize(to, from)
	if flushed := to.Flush(); err == nil && flushed != nil {
		err = fmt.Errorf("callsim sanitize: %w", flushed)
	}
	if err == nil {
		return exitWell
	}
	say(errs, "callsim sanitize: %s: %v\n", flags.Arg(0), err)
	if errors.Is(err, trace.ErrMalformed) || errors.Is(err, trace.ErrNewer) {
		return exitUsage
	}
	return exitFailed
}

// openTrace opens a file, or what stands for the standard input.
func openTrace(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(os.Stdin), nil
	}
	return os.Open(name) //nolint:gosec // the user names it
}
