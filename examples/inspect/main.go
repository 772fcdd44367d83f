// Inspect shows the inspector at work: a bot on the simulator with a dozen calls
// that never rest. People call, press keys and hang up, come into meetings, are
// muted and put on hold; prompts are played; and things go wrong: notifications
// that come late, twice or out of order, requests that fail, a handler that
// panics, a call that ends badly.
//
//	go run ./examples/inspect                 until it is interrupted
//	go run ./examples/inspect -for 10s        for so long, as in a check
//	go run ./examples/inspect -personal       with names and numbers on the page
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"time"

	"github.com/graphcalls/graphcalls-go/examples/internal/stage"
	"github.com/graphcalls/graphcalls-go/inspector"
	"github.com/graphcalls/graphcalls-go/transport"
)

func main() {
	address := flag.String("address", "127.0.0.1:7445", "where to serve the page")
	length := flag.Duration("for", 0, "how long to go on; 0: until it is interrupted")
	pace := flag.Duration("pace", time.Second, "about how long people wait before they do the next thing")
	personal := flag.Bool("personal", false, "show names, numbers and keys on the page")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if *length > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, *length)
		defer cancel()
	}
	opened := func(page string) { fmt.Println("the page is at " + page) }
	if err := run(ctx, *address, *pace, inspector.Options{ShowPersonalData: *personal}, opened); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run plays until ctx ends. Opened is told where the page is.
func run(ctx context.Context, address string, pace time.Duration, options inspector.Options, opened func(page string)) error {
	s, err := (&stage.Settings{}).Open("Reception")
	if err != nil {
		return err
	}
	defer s.Close()
	pages := inspector.New(s.Client, options)
	defer pages.Close()
	mux := http.NewServeMux()
	mux.Handle("/", pages)
	server := transport.NewServer(address, mux)
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	opened("http://" + listener.Addr().String() + "/")
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	show := newShow(s, pace)
	show.play(ctx)
	select {
	case <-ctx.Done():
		err = nil
	case err = <-failed:
	}
	show.wait()
	pages.Close() // ends what listens, so that the server may
	return errors.Join(err, server.Close())
}
