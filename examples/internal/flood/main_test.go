package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A minute of it is make flood.
func TestFloodIsWithstood(t *testing.T) {
	r, err := run(t.Context(), time.Second, 13, 100)
	require.NoError(t, err)
	t.Log("\n" + r.String())
	require.NoError(t, r.verdict())
	require.Positive(t, r.genuine)
	require.Len(t, r.answers, 13)
}
