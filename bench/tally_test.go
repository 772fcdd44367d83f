package main

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTallyWaits(t *testing.T) {
	tally := newTally()
	ctx := soon(t)
	for round := range 1000 {
		go tally.add(1)
		go tally.add(2)
		require.NoError(t, tally.wait(ctx, int64(3*(round+1))))
	}
	over, cancel := context.WithCancel(ctx)
	cancel()
	require.ErrorIs(t, tally.wait(over, 5000), context.Canceled)
}
