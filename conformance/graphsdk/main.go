// Graphsdk lets Microsoft's own client for Go, generated from Graph's
// metadata, loose on the simulator: it asks for every documented operation on
// calls that this client offers, and for those on online meetings a bot needs,
// and has the client's models read the replies and the notifications. It
// prints what came of it, and fails when anything did not go as documented.
//
// It is a module of its own, outside go.work, because that client takes minutes
// to compile:
//
//	GOWORK=off go run .
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

// patience is how long all of it may take. It takes some seconds.
const patience = 2 * time.Minute

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	s, err := openStage(ctx)
	if err != nil {
		return err
	}
	defer s.platform.Close()
	s.report.compare(s.graph.offered())
	for _, scene := range []func(*stage){
		(*stage).placedCalls, (*stage).incomingCalls, (*stage).transfers,
		(*stage).prompts, (*stage).recordings, (*stage).tones,
		(*stage).ownPart, (*stage).largeGallery, (*stage).policyRecording, (*stage).deviceQuality,
		(*stage).roster, (*stage).deltaRoster, (*stage).holdMusic, (*stage).invitations,
		(*stage).audioRouting, (*stage).contentSharing,
		(*stage).onlineMeetings,
		(*stage).habits, (*stage).refusals, (*stage).notifications,
	} {
		scene(s)
	}
	text, wrong := s.report.text()
	_, err = os.Stdout.WriteString(text)
	return errors.Join(err, wrong)
}
