package main

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

func soon(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// The calls of a rig were told of, are live, and have their keep-alives before
// them.
func TestRigHoldsCalls(t *testing.T) {
	r, err := holding(soon(t), 10, statefulclient.Limits{})
	require.NoError(t, err)
	t.Cleanup(r.close)
	require.Equal(t, 10, r.client.Calls().Len())
	require.EqualValues(t, 10, r.rung.count.Load())
	for call := range r.client.Calls().All() {
		require.Equal(t, resources.CallStateEstablished, call.State())
	}
	stats := r.client.Stats()
	require.GreaterOrEqual(t, stats.Scheduled, 10)
	require.Zero(t, stats.Goroutines)
}
