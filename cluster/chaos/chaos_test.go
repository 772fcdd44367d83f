package main

import (
	"bytes"
	"context"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

// The test is also the program that it starts for each instance.
func TestMain(m *testing.M) {
	if os.Getenv(instanceProcess) != "" {
		os.Exit(runInstance(context.Background(), os.Stdin, os.Stdout, os.Stderr))
	}
	goleak.VerifyTestMain(m)
}

// short is a storm of seconds. The lease is the default, for a machine that runs
// other tests too.
func short() storm {
	return storm{
		seed: 1, calls: 60, duration: 8 * time.Second, partitions: 16, lease: 2 * time.Second,
		frozen: 2 * time.Second, away: 4 * time.Second, versions: 1,
	}
}

func play(t *testing.T, act string) *outcome {
	t.Helper()
	o, err := short().play(t.Context(), act)
	require.NoError(t, err)
	var said bytes.Buffer
	o.describe(&said)
	writeTable(&said, []*outcome{o})
	require.False(t, o.failed(), said.String())
	require.Positive(t, o.calls)
	require.Greater(t, o.edges, 3*o.calls)
	return o
}

func TestNothingIsLostWhenInstancesAreKilled(t *testing.T) {
	o := play(t, "kills")
	require.NotEmpty(t, o.kills)
	require.NotEmpty(t, o.takeOvers)
	require.Positive(t, o.counts["doubled"]*o.counts["overtaken"]*o.counts["tried at another"])
}

func TestAFrozenInstanceDoesNothingWhenItGoesOn(t *testing.T) {
	o := play(t, "freeze")
	require.Equal(t, 1, o.putOut)
	require.Positive(t, o.takenCalls)
}

func TestNothingIsLostWhenNATSIsAway(t *testing.T) {
	o := play(t, "outage")
	require.Positive(t, o.refused)
	require.Zero(t, o.takenAway)
}

func TestNoCallIsDroppedWhenANewVersionIsDeployed(t *testing.T) {
	o := play(t, "deploy")
	require.Equal(t, instances, o.replaced)
	require.GreaterOrEqual(t, len(o.handOvers), 16, "each partition has a new owner")
	require.Positive(t, o.newest, "the new version is called")
	require.Zero(t, o.repeated)
}

func TestWrongArgumentsAreRefused(t *testing.T) {
	for _, arguments := range [][]string{{"-sead", "1"}, {"-act", "comedy"}} {
		var out, problems bytes.Buffer
		require.Equal(t, 2, run(t.Context(), arguments, &out, &problems))
		require.NotEmpty(t, problems.String())
	}
}
