package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// story is the platform's worst day.
func story(ctx context.Context, l *laptop) error {
	l.platform.Duplicate(1)             // each notification comes twice,
	l.platform.Scramble(7)              // in an order that only the 7 knows;
	l.platform.Throttle(1, time.Second) // a request is refused;
	l.platform.Drop(simulator.Ended)    // and nobody says that the first call is over:
	l.platform.Drop(simulator.Ended)    // the copy is lost, too

	// A client asks every ten minutes whether a call is still there. We are not so patient.
	client, err := l.builder().SetLimits(statefulclient.Limits{KeepAlive: time.Second}).Build()
	if err != nil {
		return err
	}
	err = play(ctx, l, client)
	fmt.Println("all the while:", slices.Sorted(maps.Keys(l.platform.Stats().Injected)))
	return err
}
