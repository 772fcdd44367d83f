// Conformance plays documented HTTP exchanges against this repository: every
// request against the simulator, every notification through a client.
//
//	go run ./conformance                     the examples in conformance/testdata
//	go run ./conformance -examples folder    those of a folder
//
// A folder holds one folder for each edition of the documentation (v1.0, beta),
// and those one file for each body, named page.number.kind.http or
// page.number.kind.json; a kind is request, response, notification, token or
// body, and may be followed by more, as in response-redirect or
// request.draft. A .http file has the request or status line and the headers,
// a .json file the body alone. What comes next to a request in number is the
// response to it.
//
// The exit status is 1 if an example of the v1.0 pages about calls that is JSON
// as printed is not ok, and 2 if the examples could not be played at all.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
)

const ownExamples = "conformance/testdata/examples"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// run is the program: it returns the exit status.
func run(ctx context.Context, arguments []string, out, problems io.Writer) int {
	flags := flag.NewFlagSet("conformance", flag.ContinueOnError)
	flags.SetOutput(problems)
	folder := flags.String("examples", ownExamples, "the folder of documented exchanges")
	if err := flags.Parse(arguments); err != nil {
		return 2
	}
	pages, err := readPages(*folder)
	if err != nil {
		return unplayable(problems, err)
	}
	report := &report{}
	for _, p := range pages {
		rows, err := p.play(ctx)
		if err != nil {
			return unplayable(problems, err)
		}
		report.rows = append(report.rows, rows...)
	}
	if _, err := io.WriteString(out, report.text()); err != nil {
		return unplayable(problems, err)
	}
	if report.failed() {
		return 1
	}
	return 0
}

func unplayable(problems io.Writer, err error) int {
	_, _ = fmt.Fprintln(problems, err) // there is nobody else to tell
	return 2
}
