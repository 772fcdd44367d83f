package simulator_test

import (
	"net/http"
	"strings"
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
	call := b.joinByDelta(meeting)
	alex.Join(meeting)
	alexID := alex.ParticipantID()
	alex.Mute()
	alex.Mute()
	alex.Leave()
	call.SendRoster()
	b.settle()

	deltas := b.deltas()
	require.Len(t, deltas, 5, "muting twice changes nothing the second time")
	require.Len(t, b.received(), 2+len(deltas), "no whole roster")
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

// Whatever happens in a meeting, its changes add up to its roster.
func TestChangesAddUpToTheRoster(t *testing.T) {
	b := newHandBot(t)
	adele, alex := b.platform.AddPerson("Adele Vance"), b.platform.AddPerson("Alex Wilber")
	meeting := b.platform.AddMeeting(simulator.Meeting{Lobby: simulator.LobbyForAll})
	meeting.Crowd(5)
	body := b.joiningByDelta(meeting)
	body["mediaConfig"] = map[string]any{"@odata.type": "#microsoft.graph.appHostedMediaConfig", "blob": "b"}
	call := b.create(body)
	adele.Join(meeting)
	b.settle()
	first := b.deltas()
	require.Len(t, first, 1, "from the lobby a bot sees itself, and no changes")
	require.Len(t, first[0].Participants, 1)
	require.True(t, first[0].Participants[0].IsInLobby)
	require.True(t, meeting.AdmitFromLobby(b.bot))
	b.addsUp(meeting)

	require.Equal(t, http.StatusOK, b.onBeta(call, "/participants/muteAll", nil).status)
	require.Equal(t, http.StatusAccepted, b.act(call, "/participants/"+adele.ParticipantID()+"/startHoldMusic", nil).status)
	b.addsUp(meeting)
	require.Equal(t, http.StatusAccepted, b.act(call, "/addLargeGalleryView", nil).status)
	require.Equal(t, http.StatusOK, b.act(call, "/mute", nil).status)
	require.Equal(t, http.StatusAccepted, b.act(call, "/changeScreenSharingRole", map[string]any{"role": "sharer"}).status)
	b.addsUp(meeting)
	alex.ShareContent(meeting)
	b.addsUp(meeting)
	alex.StopSharing()
	b.addsUp(meeting)
	meeting.Stir(3, 100)
	require.Equal(t, http.StatusNoContent, b.ask(http.MethodDelete, "/"+call.ID()+"/participants/"+adele.ParticipantID(), nil).status)
	b.addsUp(meeting)
	alex.Call(b.bot) // and so leaves
	b.addsUp(meeting)
}

// addsUp checks that the changes told so far make up the meeting's roster.
func (b *handBot) addsUp(meeting *simulator.Meeting) {
	b.t.Helper()
	b.settle()
	present := map[string]string{}
	for _, delta := range b.deltas() {
		for _, entry := range delta.Participants {
			if entry.RemovedState != nil {
				delete(present, entry.ID)
				continue
			}
			present[entry.ID] = written(b.t, entry)
		}
	}
	there := meeting.Participants()
	require.Len(b.t, present, len(there))
	for _, entry := range there {
		require.Equal(b.t, written(b.t, entry), present[entry.ID])
	}
}

// written is an entry as it is once it has been read, without its place among
// the changes.
func written(t testing.TB, entry resources.Participant) string {
	t.Helper()
	entry.RosterSequenceNumber = 0
	text, err := resources.Encode(&entry)
	require.NoError(t, err)
	read, err := resources.Decode[resources.Participant](text)
	require.NoError(t, err)
	text, err = resources.Encode(read)
	require.NoError(t, err)
	return strings.Replace(string(text), `,"rosterSequenceNumber":0`, "", 1)
}
