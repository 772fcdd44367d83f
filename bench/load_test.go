package main

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestLoadIsToldToTheLast(t *testing.T) {
	plan := loadPlan{calls: 20, connections: 3, length: 200 * time.Millisecond, stretch: 50 * time.Millisecond}
	l, err := openLoad(soon(t), plan)
	require.NoError(t, err)
	defer func() { require.NoError(t, l.close()) }()
	before := l.webhook.client.Stats()
	for range 2 {
		require.NoError(t, l.stretch(soon(t), l.ours))
		require.NoError(t, l.stretch(soon(t), l.bare))
	}
	require.NoError(t, l.webhook.rest(soon(t)))
	after := l.webhook.client.Stats()
	for _, side := range []*loadSide{l.ours, l.bare} {
		require.Greater(t, side.accepted, int64(plan.calls), side.name)
		require.Zero(t, side.errors, side.trouble)
		require.Equal(t, side.accepted, side.heard.count.Load(), side.name)
		require.Positive(t, side.latencies.at(50))
		require.Less(t, side.latencies.at(50), 5*time.Second)
	}
	require.EqualValues(t, l.ours.accepted, after.Applied-before.Applied)
	require.Zero(t, after.FoldedUpdates)
}

func TestLoadRunPrints(t *testing.T) {
	var out strings.Builder
	plan := loadPlan{calls: 5, connections: 2, length: 40 * time.Millisecond, stretch: 20 * time.Millisecond}
	require.NoError(t, loadRun(soon(t), plan, &out))
	require.Regexp(t, `(?m)^ours +\d+ .*\nbare net/http +\d+ .*\n\nratio: load_throughput [0-9.]+$`, out.String())
}

func TestLoadCountsRefusals(t *testing.T) {
	l, err := openLoad(soon(t), loadPlan{calls: 2, connections: 1, stretch: 20 * time.Millisecond})
	require.NoError(t, err)
	defer func() { require.NoError(t, l.close()) }()
	l.webhook.client.Close() // from now on POSTs are answered 503
	require.NoError(t, l.stretch(soon(t), l.ours))
	require.Zero(t, l.ours.accepted)
	require.Positive(t, l.ours.errors)
	require.ErrorContains(t, l.print(&strings.Builder{}), "Service Unavailable")
}

func TestLatenciesKeepTheirPlaces(t *testing.T) {
	var l latencies
	require.Zero(t, l.at(50))
	for i := range 100 {
		l.add(time.Duration(i+1) * time.Millisecond)
	}
	require.InEpsilon(t, 51*time.Millisecond, l.at(50), 0.04)
	require.InEpsilon(t, 100*time.Millisecond, l.at(99), 0.04)
	for _, d := range []time.Duration{0, 1, 63, 64, 127, 128, time.Microsecond, time.Hour, 1<<63 - 1} {
		at := length(place(uint64(d)))
		require.LessOrEqual(t, at, d)
		require.LessOrEqual(t, float64(d-at), float64(d)/32)
	}
}
