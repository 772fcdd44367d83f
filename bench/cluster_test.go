package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestClusterFiguresMeasureSomething(t *testing.T) {
	for _, figure := range clusterFigures() {
		t.Run(figure.Name, func(t *testing.T) {
			result, err := figure.Measure(briefly())
			require.NoError(t, err)
			require.Positive(t, result.Value)
			require.NotEmpty(t, result.Ours)
		})
	}
}

// Nothing that is posted to a fleet is folded, refused or lost, and it is over
// when all is acknowledged; as with what the peer publishes.
func TestWhatIsPostedIsAcknowledged(t *testing.T) {
	f, err := openFleet(soon(t), fleetCalls)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, f.close()) })
	before, settled := f.client.Stats(), f.client.FleetStats().Settled
	require.NoError(t, f.post(soon(t), 3000))
	require.NoError(t, f.rig.rest(soon(t)))
	after, fleet := f.client.Stats(), f.client.FleetStats()
	require.EqualValues(t, 3000, after.Applied-before.Applied)
	require.EqualValues(t, 3000, fleet.Settled-settled)
	require.Zero(t, after.FoldedUpdates)
	require.Zero(t, fleet.Refused+fleet.Duplicates+fleet.Redelivered)
	require.Greater(t, after.Saves, before.Saves)

	peer, err := openRaw(soon(t), f)
	require.NoError(t, err)
	t.Cleanup(peer.close)
	require.NoError(t, peer.publish(soon(t), 3000))
	info, err := peer.stream.Info(soon(t))
	require.NoError(t, err)
	require.Zero(t, info.State.Msgs)
	require.EqualValues(t, 3000, peer.consumed.count.Load())
	require.Equal(t, f.stream.CachedInfo().Config.Retention, info.Config.Retention)
	require.Equal(t, f.stream.CachedInfo().Config.Duplicates, info.Config.Duplicates)
	require.Equal(t, f.stream.CachedInfo().Config.Storage, info.Config.Storage)
}
