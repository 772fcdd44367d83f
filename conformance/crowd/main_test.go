package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestCrowdIsFollowed(t *testing.T) {
	require.NoError(t, compare(t.Context(), 500, 100, time.Second))
}

func TestLagsAreRanked(t *testing.T) {
	require.Equal(t, "-", at(nil, 50))
	lags := []time.Duration{3 * time.Millisecond, time.Millisecond, 2 * time.Millisecond}
	require.Equal(t, "2ms", at(lags, 50))
	require.Equal(t, "3ms", at(lags, 99))
}
