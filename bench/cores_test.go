package main

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/statefulclient"
)

func TestCores(t *testing.T) {
	before := runtime.GOMAXPROCS(0)
	result, err := cores(briefly())
	require.NoError(t, err)
	require.Positive(t, result.Value)
	require.Equal(t, before, runtime.GOMAXPROCS(0))
}

// Nothing that is fed is folded, refused or said twice: each is told.
func TestFeedingIsTold(t *testing.T) {
	r, err := holding(soon(t), coresCalls, statefulclient.Limits{})
	require.NoError(t, err)
	t.Cleanup(r.close)
	before := r.client.Stats()
	require.NoError(t, newFeeding(r).feed(soon(t), 5000))
	require.NoError(t, r.rest(soon(t)))
	after := r.client.Stats()
	require.EqualValues(t, 5000, after.Applied-before.Applied)
	require.Zero(t, after.FoldedUpdates)
}
