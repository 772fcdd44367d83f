package statefulclient_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// What a bot can do in a call, on the platform next door.

func TestTransferOnThePlatform(t *testing.T) {
	r := newRig(t)
	alex, call := r.platform.AddPerson("Alex Wilber"), r.call(r.platform.AddPerson("Adele Vance"))
	moved, err := call.Transfer(r.context(), statefulclient.UserIdentity(alex.ID), statefulclient.TransferOptions{})
	require.NoError(t, err)
	require.NoError(t, moved.Wait(r.context()))
	require.EqualValues(t, 7015, ended(r.context(), t, call).Subcode)

	alex.WhenCalled(simulator.Declines)
	stays := r.call(r.platform.AddPerson("Diego Siciliani"))
	moved, err = stays.Transfer(r.context(), statefulclient.UserIdentity(alex.ID), statefulclient.TransferOptions{})
	require.NoError(t, err)
	var failed *statefulclient.TransferError
	require.ErrorAs(t, moved.Wait(r.context()), &failed)
	require.Equal(t, resources.CallStateEstablished, stays.State())
}

func TestRedirectOnThePlatform(t *testing.T) {
	r := newRig(t)
	alex := r.platform.AddPerson("Alex Wilber")
	incoming := newInbox[statefulclient.IncomingCall]()
	r.client.Calls().OnIncoming(incoming.put)
	r.platform.AddPerson("Adele Vance").Call(r.bot)
	call := incoming.next(r).Call
	require.NoError(t, call.Redirect(r.context(), statefulclient.RedirectOptions{}, statefulclient.UserIdentity(alex.ID)))
	ended(r.context(), t, call)
}

func TestRecordAndDownloadOnThePlatform(t *testing.T) {
	r := newRig(t)
	call := r.call(r.platform.AddPerson("Adele Vance"))
	op, err := call.RecordResponse(r.context(), statefulclient.RecordOptions{StopTones: []string{"#"}})
	require.NoError(t, err)
	r.platform.Call(call.ID()).PressKey(resources.TonePound)
	recording, err := op.Wait(r.context())
	require.NoError(t, err)
	var sound bytes.Buffer
	size, err := r.client.DownloadRecording(r.context(), recording, &sound)
	require.NoError(t, err)
	require.Positive(t, size)
	require.Equal(t, "RIFF", sound.String()[:4])
}

func TestInviteMuteAndRemoveOnThePlatform(t *testing.T) {
	r := newRig(t)
	adele, alex := r.platform.AddPerson("Adele Vance"), r.platform.AddPerson("Alex Wilber")
	meeting := r.platform.AddMeeting(simulator.Meeting{Organizer: adele})
	adele.Join(meeting)
	call := r.join(meeting)
	updates := newInbox[statefulclient.ParticipantUpdated]()
	statefulclient.On(call, updates.put)
	people := newInbox[statefulclient.CollectionEvent[*statefulclient.Participant]]()
	call.Participants().OnUpdated(people.put)
	op, err := call.Participants().Invite(r.context(), statefulclient.Invitation(statefulclient.UserIdentity(alex.ID)))
	require.NoError(t, err)
	_, err = op.Wait(r.context())
	require.NoError(t, err)
	var guest *statefulclient.Participant
	people.until(r, func(e statefulclient.CollectionEvent[*statefulclient.Participant]) bool {
		for _, p := range e.Added {
			if p.DisplayName() == "Alex Wilber" {
				guest = p
			}
		}
		return guest != nil
	})
	require.NoError(t, guest.Mute(r.context()))
	updates.until(r, func(e statefulclient.ParticipantUpdated) bool {
		return e.New.IsMuted && e.Participant.ID() == guest.ID()
	})
	require.NoError(t, guest.Remove(r.context()))
	people.until(r, func(e statefulclient.CollectionEvent[*statefulclient.Participant]) bool { return len(e.Removed) == 1 })
}

func TestLobbyOnThePlatform(t *testing.T) {
	r := newRig(t)
	meeting := r.platform.AddMeeting(simulator.Meeting{Lobby: simulator.LobbyForAll})
	lobby := newInbox[statefulclient.LobbyChanged]()
	statefulclient.On(r.client.Calls(), lobby.put)
	join, err := statefulclient.ParseJoinURL(meeting.JoinURL())
	require.NoError(t, err)
	call, err := r.client.Calls().Join(r.context(), join)
	require.NoError(t, err)
	require.True(t, lobby.next(r).Waiting)
	require.NotEqual(t, statefulclient.JoinStateIn, call.JoinState())
	require.True(t, meeting.AdmitFromLobby(r.bot))
	require.False(t, lobby.next(r).Waiting)
	require.Equal(t, statefulclient.JoinStateIn, call.JoinState())
}

func TestPolicyRecordingOnThePlatform(t *testing.T) {
	r := newRig(t)
	adele, alex := r.platform.AddPerson("Adele Vance"), r.platform.AddPerson("Alex Wilber")
	r.platform.Tenant().SetRecordingPolicy(r.bot, adele, alex)
	answered := make(chan *statefulclient.Call, 1)
	r.client.Calls().OnIncoming(func(ctx context.Context, e statefulclient.IncomingCall) {
		require.True(t, e.Recording)
		data, ok := e.Call.Resource().BotData()
		require.True(t, ok)
		require.NotEmpty(t, data.InviteReasons)
		require.NoError(t, e.Call.Answer(ctx, statefulclient.AnswerOptions{ParticipantCapacity: 2}))
		answered <- e.Call
	})
	joining := make(chan *statefulclient.Call, 1)
	r.client.Calls().DecideJoining(func(_ context.Context, e statefulclient.ParticipantJoining) resources.ParticipantJoiningResponse {
		joining <- e.Call
		return &resources.AcceptJoinResponse{}
	})
	meeting := r.platform.AddMeeting(simulator.Meeting{Organizer: adele})
	adele.Join(meeting)
	call := <-answered
	require.NoError(t, call.WaitFor(r.context(), resources.CallStateEstablished))
	require.NoError(t, call.UpdateRecordingStatus(r.context(), resources.RecordingStatusRecording))
	alex.Join(meeting)
	require.Same(t, call, <-joining)
}
