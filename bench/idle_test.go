package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestIdleCallsAreThere(t *testing.T) {
	bytes, err := measureIdleBytes(500)
	require.NoError(t, err)
	require.Contains(t, bytes.Ours, "500 calls")
	require.Contains(t, bytes.Note, "502 timers") // a keep-alive each, the sweep, and the rest
	require.Contains(t, bytes.Note, "500 calls rest")
	require.Greater(t, bytes.Value, 500.0, "less than the facts themselves")

	goroutines, err := measureIdleGoroutines(500)
	require.NoError(t, err)
	require.Contains(t, goroutines.Ours, "500 calls")
	require.Zero(t, goroutines.Value)
}
