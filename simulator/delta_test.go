package simulator_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

func TestDeltaRoster(t *testing.T) {
	b := newHandBot(t)
	adele, alex := b.platform.AddPerson("Adele Vance"), b.platform.AddPerson("Alex Wilber")
	meeting := b.platform.AddMeeting(simulator.Meeting{Organizer: adele})
	adele.Join(meeting)
	body := b.joining(meeting)
	body["callOptions"] = map[string]any{"@odata.type": "#microsoft.graph.outgoingCallOptions", "isDeltaRosterEnabled": true}
	call := b.create(body)
	alex.Join(meeting)
	alexID := alex.ParticipantID()
	alex.Mute()
	alex.Mute()
	alex.Leave()
	call.SendRoster()
	b.settle()

	var deltas []*resources.DeltaParticipants
	for _, p := range b.received()[2:] {
		batch, err := resources.DecodeNotifications(p.body)
		require.NoError(t, err)
		delta, ok := batch.Value[0].Data.(*resources.DeltaParticipants)
		require.True(t, ok, "%T", batch.Value[0].Data)
		deltas = append(deltas, delta)
	}
	require.Len(t, deltas, 5, "muting twice changes nothing the second time")
	for i, delta := range deltas {
		require.Equal(t, int64(i+1), delta.SequenceNumber)
		require.Equal(t, int64(i+1), delta.Participants[0].RosterSequenceNumber)
	}
	require.Len(t, deltas[0].Participants, 2)
	require.Len(t, deltas[1].Participants, 1)
	require.Equal(t, alexID, deltas[1].Participants[0].ID)
	require.True(t, deltas[2].Participants[0].IsMuted)
	require.Equal(t, alexID, deltas[3].Participants[0].ID)
	require.NotNil(t, deltas[3].Participants[0].RemovedState)
	require.Len(t, deltas[4].Participants, 2)
}
