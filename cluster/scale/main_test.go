package main

import (
	"bytes"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

// The test is also the program that it starts for NATS.
func TestMain(m *testing.M) {
	if os.Getenv(brokerProcess) != "" {
		os.Exit(runBroker(os.Stdin, os.Stdout, os.Stderr))
	}
	goleak.VerifyTestMain(m)
}

func million() fleet {
	return fleet{
		calls: 1e6, people: 3, instances: 100, tenants: 2, notifications: 12,
		length: 10 * time.Minute, keepAlive: 10 * time.Minute, sweep: 30 * time.Minute, lease: 2 * time.Second,
	}
}

func TestAMillionCallsFitInTwoTenants(t *testing.T) {
	for _, n := range million().needs(standard()) {
		require.LessOrEqual(t, n.share(), 1.0, n.what)
	}
	one := million()
	one.tenants = 1
	require.Equal(t, "requests to Graph, of one tenant", one.first(standard()).what)
	require.Greater(t, one.first(standard()).share(), 1.0)
}

func TestWhatEndsFirst(t *testing.T) {
	for name, change := range map[string]func(*fleet, *figures){
		"requests to Graph, of one tenant":    func(f *fleet, _ *figures) { f.keepAlive = time.Minute },
		"notifications, at each instance":     func(_ *fleet, m *figures) { m.notifications = 100 },
		"notifications, into the queue":       func(_ *fleet, m *figures) { m.writes = 15_000 },
		"calls of an instance (Limits.Calls)": func(f *fleet, m *figures) { f.instances, m.takenOver, m.writes = 5, 1e9, 1e9 },
		"memory of an instance":               func(f *fleet, _ *figures) { f.people = 2000 },
		"take-over, from the kill":            func(f *fleet, _ *figures) { f.lease = 10 * time.Second },
		"instances, of 1,024 partitions":      func(f *fleet, _ *figures) { f.instances = 400 },
	} {
		f, m := million(), standard()
		change(&f, &m)
		share := 0.0
		for _, n := range f.needs(m) {
			if n.what == name {
				share = n.share()
			}
		}
		require.Greater(t, share, 1.0, name)
	}
}

func TestMostIsWhereTheFirstEnds(t *testing.T) {
	f := million()
	calls, what := f.most(standard())
	require.NotEmpty(t, what)
	f.calls = calls * 0.99
	require.LessOrEqual(t, f.first(standard()).share(), 1.0)
	f.calls = calls * 1.01
	require.Greater(t, f.first(standard()).share(), 1.0)
	require.Equal(t, what, f.first(standard()).what)
}

func TestFiguresAreMeasured(t *testing.T) {
	m, err := measure(t.Context(), 300)
	require.NoError(t, err)
	for what, value := range map[string]float64{
		"notifications": m.notifications, "taken over": m.takenOver, "writes": m.writes, "bytes": m.callBytes,
		"a record": m.recordBytes, "a person's": m.recordPersonBytes,
	} {
		require.Positive(t, value, what)
	}
}

func TestTheProgramSaysWhatEndsFirst(t *testing.T) {
	var out, problems bytes.Buffer
	require.Zero(t, run(t.Context(), []string{"-calls", "10000", "-instances", "3"}, &out, &problems))
	require.Contains(t, out.String(), "10000 calls of 10m0s")
	require.Contains(t, out.String(), "What ends first")
	require.NotContains(t, out.String(), "too much")
	require.Equal(t, 2, run(t.Context(), []string{"-cals", "1"}, &out, &problems))
}

// What the page has is what the program says.
func TestThePageHasTheSums(t *testing.T) {
	page, err := os.ReadFile("../../docs/scale.md")
	require.NoError(t, err)
	var out, problems bytes.Buffer
	require.Zero(t, run(t.Context(), nil, &out, &problems))
	require.Contains(t, string(page), "```text\n"+out.String()+"```")
}
