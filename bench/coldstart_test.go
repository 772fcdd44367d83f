package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestColdStart(t *testing.T) {
	result, err := measureColdStart(soon(t), 1)
	require.NoError(t, err)
	require.Positive(t, result.Value)
	require.NotEqual(t, result.Ours, result.Peer)
}
