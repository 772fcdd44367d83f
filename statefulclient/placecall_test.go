package statefulclient_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

func TestCallToPhoneOnThePlatform(t *testing.T) {
	r := newRig(t)
	phone := r.platform.AddPhone("+12065550100")
	call, err := r.client.Calls().Add(r.context(), statefulclient.CallToPhone(r.bot.TenantID, phone.Phone, r.bot.InstanceID))
	require.NoError(t, err)
	require.NoError(t, call.WaitFor(r.context(), resources.CallStateEstablished))
	require.Equal(t, r.bot.InstanceID, r.platform.Call(call.ID()).Facts().Request.Source.Identity.ApplicationInstance.ID)
	_, over := call.End()
	require.False(t, over)
	phone.Leave()
	reason := ended(r.context(), t, call)
	require.EqualValues(t, 540000, reason.Subcode)
	known, over := call.End()
	require.True(t, over)
	require.Equal(t, reason, known, "what the call's context ended with")
}

func TestModalitiesOfAPlacedCall(t *testing.T) {
	r := newRig(t)
	asked := []resources.Modality{resources.ModalityAudio, resources.ModalityVideo, resources.ModalityVideoBasedScreenSharing}
	adele := r.platform.AddPerson("Adele Vance")
	placed := statefulclient.CallTo(adele.TenantID, statefulclient.UserIdentity(adele.ID))
	placed.RequestedModalities = asked
	call, err := r.client.Calls().Add(r.context(), placed)
	require.NoError(t, err)
	join, err := statefulclient.ParseJoinURL(r.platform.AddMeeting(simulator.Meeting{}).JoinURL())
	require.NoError(t, err)
	join.Modalities = asked
	joined, err := r.client.Calls().Join(r.context(), join)
	require.NoError(t, err)
	for _, one := range []*statefulclient.Call{call, joined} {
		require.NoError(t, one.WaitFor(r.context(), resources.CallStateEstablished))
		require.Equal(t, asked, r.platform.Call(one.ID()).Facts().Request.RequestedModalities)
		require.Equal(t, asked, one.Resource().RequestedModalities)
	}
}

func TestModalitiesOfAnAnswer(t *testing.T) {
	r := newRig(t)
	incoming := newInbox[statefulclient.IncomingCall]()
	r.client.Calls().OnIncoming(incoming.put)
	for options, accepted := range map[*statefulclient.AnswerOptions]string{
		{}: `["audio"]`,
		{AcceptedModalities: []resources.Modality{resources.ModalityAudio, resources.ModalityVideo}}:      `["audio","video"]`,
		{AcceptedModalities: []resources.Modality{resources.ModalityVideoBasedScreenSharing, "hologram"}}: `["videoBasedScreenSharing","hologram"]`,
	} {
		r.platform.AddPerson("Adele Vance").Call(r.bot)
		call := incoming.next(r).Call
		require.NoError(t, call.Answer(r.context(), *options))
		require.NoError(t, call.WaitFor(r.context(), resources.CallStateEstablished))
		var sent string
		for _, exchange := range r.platform.Call(call.ID()).Exchanges() {
			if !exchange.ToBot {
				sent = string(exchange.RequestBody)
			}
		}
		require.Contains(t, sent, `"acceptedModalities":`+accepted)
	}
}

func TestJoinByTokenOnThePlatform(t *testing.T) {
	r := newRig(t)
	adele := r.platform.AddPerson("Adele Vance")
	meeting := r.platform.AddMeeting(simulator.Meeting{Organizer: adele})
	adele.Join(meeting)
	chat, _ := meeting.Coordinates()
	join := statefulclient.JoinMeeting{
		ChatInfo: chat, MeetingInfo: &resources.TokenMeetingInfo{Token: meeting.JoinToken}, TenantID: adele.TenantID,
	}
	call, err := r.client.Calls().Join(r.context(), join)
	require.NoError(t, err)
	people := newInbox[participantsEvent]()
	call.Participants().OnUpdated(people.put)
	people.until(r, func(e participantsEvent) bool { return call.Participants().Len() == 2 })
	require.Equal(t, resources.CallStateEstablished, call.State())

	join.MeetingInfo = &resources.TokenMeetingInfo{Token: "of no meeting"}
	_, err = r.client.Calls().Join(r.context(), join)
	require.Error(t, err)
	require.Equal(t, 1, r.client.Calls().Len())
}

func TestGuestMayBypassTheLobby(t *testing.T) {
	r := newRig(t)
	for options, waits := range map[*resources.CallOptions]bool{
		nil:                             true,
		{}:                              true,
		{AllowGuestToBypassLobby: true}: false,
	} {
		adele := r.platform.AddPerson("Adele Vance")
		meeting := r.platform.AddMeeting(simulator.Meeting{Organizer: adele})
		adele.Join(meeting)
		join, err := statefulclient.ParseJoinURL(meeting.JoinURL())
		require.NoError(t, err)
		join.GuestName, join.CallOptions = "Concierge", options
		call, err := r.client.Calls().Join(r.context(), join)
		require.NoError(t, err)
		require.NoError(t, call.WaitFor(r.context(), resources.CallStateEstablished))
		require.NoError(t, r.platform.WaitIdle(r.context()))
		r.settled()
		require.Equal(t, waits, call.JoinState() == statefulclient.JoinStateLobby, options)
		require.NoError(t, call.Hangup(r.context()))
	}
}

// A handler of OnIncoming is told first, and to the end, whoever subscribed
// first.
func TestIncomingCallIsToldBeforeItIsAdded(t *testing.T) {
	r := newRig(t)
	told, answering := newInbox[string](), make(chan struct{})
	r.client.Calls().OnUpdated(func(ctx context.Context, e callsEvent) {
		if len(e.Added) > 0 {
			told.put(ctx, "added")
		}
		if len(e.Removed) > 0 {
			told.put(ctx, "removed")
		}
	})
	r.client.Calls().OnIncoming(func(ctx context.Context, e statefulclient.IncomingCall) {
		told.put(ctx, "incoming")
		<-answering
		require.NoError(t, e.Call.Answer(ctx, statefulclient.AnswerOptions{}))
		require.NoError(t, e.Call.WaitFor(ctx, resources.CallStateEstablished))
		told.put(ctx, "answered")
	})
	caller := r.platform.AddPerson("Adele Vance").Call(r.bot)
	require.Equal(t, "incoming", told.next(r))
	require.Empty(t, told)
	require.Equal(t, 1, r.client.Calls().Len(), "it is there all the same")
	close(answering)
	require.Equal(t, "answered", told.next(r))
	require.Equal(t, "added", told.next(r))
	caller.Hangup()
	require.Equal(t, "removed", told.next(r))
}
