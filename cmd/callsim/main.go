// Callsim is the calling side of Microsoft Teams on your own machine, for bots in
// any language: Microsoft Graph's calls API, the tokens for it, and people who
// call, press keys and hang up. `callsim -help` says how to use it, and
// docs/simulator.md what it imitates.
package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"os/signal"
	"syscall"
)

const usage = `callsim plays the calling side of Microsoft Teams on this machine: Microsoft
Graph's calls API, the tokens for it, and people who call your bot. No tenant, no
tunnel, no internet.

  callsim                                                   start; prints what your bot needs, and where the page is
  callsim -bot-webhook http://localhost:3978/api/calls      start, for a bot that is called there
  callsim run scenarios/*.callsim                           play scenarios, and fail where they fail
  callsim replay trace.jsonl                                play again what a client has recorded
  callsim sanitize trace.jsonl > clean.jsonl                take personal data out of that, to share it

Usage: callsim [flags]
       callsim run [flags] file...      see callsim run -help
       callsim replay [flags] file      see callsim replay -help
       callsim sanitize file            see callsim sanitize -help

Flags:
`

// Exit codes, as the shell sees them.
const (
	exitWell   = 0
	exitFailed = 1
	exitUsage  = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the program, until ctx ends.
func run(ctx context.Context, args []string, out, errs io.Writer) int {
	if len(args) > 0 {
		switch args[0] {
		case "run":
			return runScenarios(ctx, args[1:], out, errs)
		case "replay":
			return replay(args[1:], out, errs)
		case "sanitize":
			return sanitize(args[1:], out, errs)
		}
	}
	settings, err := parse(args, out)
	if err == nil {
		err = serve(ctx, settings, out, errs)
	}
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return exitWell
	case errors.Is(err, errUsage):
		say(errs, "%v\n", err)
		return exitUsage
	default:
		say(errs, "callsim: %v\n", err)
		return exitFailed
	}
}
