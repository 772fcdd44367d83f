package main

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestClientIsRightAfterTheStorm(t *testing.T) {
	o, err := storm{seed: 1, calls: 20, duration: 3 * time.Second, replay: true}.play(t.Context())
	require.NoError(t, err)
	var said bytes.Buffer
	o.describe(&said)
	require.False(t, o.failed(), said.String())
	require.Empty(t, said.String())
	require.Positive(t, o.kills)
	require.Positive(t, o.calls)
	require.Positive(t, o.played)
	require.Positive(t, o.faults["doubled"]+o.faults["doubled as new"]+o.faults["dropped"])
	writeTable(&said, []*outcome{o})
	require.Regexp(t, `lost edges +0\n`, said.String())
}

func TestWrongFlagsAreRefused(t *testing.T) {
	var out, problems bytes.Buffer
	require.Equal(t, 2, run(t.Context(), []string{"-sead", "1"}, &out, &problems))
	require.Contains(t, problems.String(), "-seed")
}
