package main

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
)

func TestFiguresMeasureSomething(t *testing.T) {
	for _, figure := range slices.Concat(
		decodeFigures(), ingestFigures(), informerFigures(), rosterFigures(), dispatchFigures(),
	) {
		t.Run(figure.Name, func(t *testing.T) {
			result, err := figure.Measure(&Bench{Rounds: 1, Slice: time.Millisecond})
			require.NoError(t, err)
			require.Positive(t, result.Value)
			require.NotEmpty(t, result.Ours)
		})
	}
}

func TestEachPostIsToldOf(t *testing.T) {
	for _, atOnce := range []int{1, busy} {
		l, call, err := newLiveCall()
		require.NoError(t, err)
		defer l.client.Close()
		tellOfCall(l, call)
		bodies := alternating(callUpdates(call.ID()))
		require.NoError(t, l.posting(atOnce, bodies)(1001))
		require.Equal(t, resources.CallStateHold, call.State())
		require.NoError(t, l.posting(atOnce, bodies)(1))
		require.Equal(t, resources.CallStateEstablished, call.State())
		require.Empty(t, l.told)
		require.Zero(t, l.client.Stats().FoldedUpdates)
	}
}

func TestRostersAreFilled(t *testing.T) {
	l, call, err := newLiveCall()
	require.NoError(t, err)
	defer l.client.Close()
	sequence, err := l.populate(call, 1200)
	require.NoError(t, err)
	everybody := people(1200)
	for _, p := range everybody {
		listed, ok := call.Participants().Get(p.id())
		require.True(t, ok, p.name())
		require.Equal(t, p.name(), listed.DisplayName())
	}

	tellOfRoster(l, call, 1)
	require.NoError(t, changing(l, call, 1200, sequence)(1))
	changed, _ := call.Participants().Get(everybody[0].id())
	require.Equal(t, sequence+1, changed.Resource().RosterSequenceNumber)
}

func TestInformerTellsOfEachUpdate(t *testing.T) {
	i, err := newInformed()
	require.NoError(t, err)
	defer i.close()
	before := i.version
	require.NoError(t, i.updating(100))
	require.Equal(t, before+100, i.version)
	require.Empty(t, i.told)
}
