package simulator_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

func TestRemovingParticipants(t *testing.T) {
	b := newHandBot(t)
	call, meeting, adele := b.meet()
	id := adele.ParticipantID()
	answer := b.ask(http.MethodDelete, "/"+call.ID()+"/participants/"+id, nil)
	require.Equal(t, http.StatusNoContent, answer.status)
	require.Equal(t, []string{"updated roster of 1"}, b.since(3))
	require.Empty(t, adele.ParticipantID())
	require.Equal(t, http.StatusNotFound, b.ask(http.MethodDelete, "/"+call.ID()+"/participants/"+id, nil).status)

	second := b.create(b.joining(meeting))
	b.settle()
	mine := second.Facts().Roster[1].ID
	require.Equal(t, http.StatusNoContent, b.ask(http.MethodDelete, "/"+call.ID()+"/participants/"+mine, nil).status)
	<-second.Done()
	require.Equal(t, int32(5300), second.Facts().Result.Subcode)
}

func TestRemovingSomebodyWhoseInviteIsOutstanding(t *testing.T) {
	b := newHandBot(t)
	call, _, _ := b.meet()
	alex := b.platform.AddPerson("Alex Wilber")
	alex.WhenCalled(simulator.LetsRing)
	body := inviting(alex)
	body["participants"].([]any)[0].(map[string]any)["participantId"] = "7d501bf1-5ee4-4605-ba92-0ae4513c611c"
	id := b.act(call, "/participants/invite", body).text("id")
	require.Equal(t, http.StatusNoContent, b.ask(http.MethodDelete, "/"+call.ID()+"/participants/7d501bf1-5ee4-4605-ba92-0ae4513c611c", nil).status)
	require.Equal(t, "failed", b.outcome(call, id)["status"])
	require.Zero(t, alex.PickUp())
}

func TestMutingOthers(t *testing.T) {
	b := newHandBot(t)
	call, meeting, adele := b.meet()
	alex := b.platform.AddPerson("Alex Wilber")
	alex.Join(meeting)
	b.settle()
	answer := b.act(call, "/participants/"+adele.ParticipantID()+"/mute", nil)
	require.Equal(t, http.StatusOK, answer.status, string(answer.body))
	require.Equal(t, "completed", answer.text("status"))
	require.Equal(t, "#microsoft.graph.muteParticipantOperation", answer.text("@odata.type"))
	b.settle()
	require.Equal(t, true, entry(b.received()[4], 0)["isMuted"])
	adele.Unmute()

	require.Equal(t, http.StatusBadRequest, b.act(call, "/participants/muteAll", nil).status, "v1.0 does not have it")
	require.Equal(t, http.StatusOK, b.onBeta(call, "/participants/muteAll", map[string]any{"participants": []string{alex.ParticipantID()}}).status)
	muted := func() []bool {
		var list []bool
		for _, participant := range meeting.Participants() {
			list = append(list, participant.IsMuted)
		}
		return list
	}
	require.Equal(t, []bool{false, false, true}, muted())
	require.Equal(t, http.StatusOK, b.onBeta(call, "/participants/muteAll", nil).status)
	require.Equal(t, []bool{true, false, true}, muted())
}

func TestHoldMusic(t *testing.T) {
	b := newHandBot(t)
	call, meeting, adele := b.meet()
	alex := b.platform.AddPerson("Alex Wilber")
	alex.Join(meeting)
	b.settle()
	path := "/participants/" + adele.ParticipantID()
	body := map[string]any{"customPrompt": prompts(1)["prompts"].([]any)[0], "clientContext": "music"}
	body["customPrompt"].(map[string]any)["loop"] = 2
	require.Equal(t, http.StatusBadRequest, b.act(call, path+"/startHoldMusic", body).status, "v1.0 does not know the word")
	delete(body["customPrompt"].(map[string]any), "loop")
	answer := b.act(call, path+"/startHoldMusic", body)
	require.Equal(t, http.StatusAccepted, answer.status, string(answer.body))
	require.Equal(t, "running", answer.text("status"))
	require.NotEmpty(t, answer.header.Get("Location"))
	require.Equal(t, []string{"deleted completed", "updated roster of 3"}, b.since(4))
	stream := entry(b.received()[5], 0)["mediaStreams"].([]any)[0].(map[string]any)
	require.Equal(t, "inactive", stream["direction"])
	require.Equal(t, http.StatusBadRequest, b.act(call, "/participants/"+alex.ParticipantID()+"/startHoldMusic", nil).status, "one at a time")

	answer = b.act(call, path+"/stopHoldMusic", nil)
	require.Equal(t, http.StatusAccepted, answer.status)
	require.Equal(t, "completed", answer.text("status"))
	require.Equal(t, http.StatusBadRequest, b.act(call, path+"/stopHoldMusic", nil).status)
	require.Equal(t, http.StatusAccepted, b.act(call, "/participants/"+alex.ParticipantID()+"/startHoldMusic", nil).status)
	require.Equal(t, http.StatusNotFound, b.act(call, "/participants/nobody/startHoldMusic", nil).status)
}

func TestAudioRoutingGroups(t *testing.T) {
	b := newHandBot(t)
	call, _, adele := b.meet()
	me := call.Facts().Roster[1].ID
	path := "/" + call.ID() + "/audioRoutingGroups"
	group := map[string]any{"id": "oneToOne", "routingMode": "oneToOne", "sources": []string{adele.ParticipantID()}, "receivers": []string{me}}
	answer := b.ask(http.MethodPost, path, group)
	require.Equal(t, http.StatusOK, answer.status, "not 201")
	require.Equal(t, "oneToOne", answer.text("id"))
	require.Equal(t, http.StatusConflict, b.ask(http.MethodPost, path, group).status)
	require.Len(t, b.ask(http.MethodGet, path, nil).value["value"], 1)
	answer = b.ask(http.MethodPatch, path+"/oneToOne", map[string]any{"routingMode": "multicast", "receivers": []string{me, adele.ParticipantID()}})
	require.Equal(t, http.StatusOK, answer.status)
	require.Len(t, b.ask(http.MethodGet, path+"/oneToOne", nil).value["receivers"], 2)
	require.Equal(t, http.StatusBadRequest, b.ask(http.MethodPatch, path+"/oneToOne", map[string]any{"routingMode": "oneToOne"}).status)
	require.Equal(t, http.StatusNoContent, b.ask(http.MethodDelete, path+"/oneToOne", nil).status)
	require.Equal(t, http.StatusNotFound, b.ask(http.MethodGet, path+"/oneToOne", nil).status)
	group["routingMode"] = "telepathy"
	require.Equal(t, http.StatusBadRequest, b.ask(http.MethodPost, path, group).status)
}

func TestContentSharing(t *testing.T) {
	b := newHandBot(t)
	call, meeting, adele := b.meet()
	body := b.joining(meeting)
	body["callOptions"] = map[string]any{"@odata.type": "#microsoft.graph.outgoingCallOptions", "isContentSharingNotificationEnabled": true}
	curious := b.create(body)
	b.settle()
	id := adele.ShareContent(meeting)
	answer := b.ask(http.MethodGet, "/"+call.ID()+"/contentSharingSessions", nil)
	require.Equal(t, http.StatusOK, answer.status)
	require.Equal(t, id, answer.value["value"].([]any)[0].(map[string]any)["id"])
	require.Equal(t, id, b.ask(http.MethodGet, "/"+call.ID()+"/contentSharingSessions/"+id, nil).text("id"))
	adele.StopSharing()
	require.Equal(t, http.StatusNotFound, b.ask(http.MethodGet, "/"+call.ID()+"/contentSharingSessions/"+id, nil).status)
	b.settle()

	var told []string
	for _, delivery := range curious.Deliveries() {
		n := delivery.Notification()
		if path, _ := n.Path(); path.Collection != resources.CollectionContentSharingSessions {
			continue
		}
		require.Contains(t, n.ResourceURL, "/contentsharingsessions", "in lower case")
		kind := string(n.ChangeType)
		if n.Data == nil {
			require.Contains(t, n.ResourceURL, id)
			kind += " item"
		}
		told = append(told, kind)
	}
	require.Equal(t, []string{"created item", "created", "deleted item", "deleted"}, told)
	for _, delivery := range call.Deliveries() {
		require.NotContains(t, string(delivery.Body), "contentsharing", "not asked for")
	}
}

func TestWaitingInTheLobby(t *testing.T) {
	b := newHandBot(t)
	adele := b.platform.AddPerson("Adele Vance")
	meeting := b.platform.AddMeeting(simulator.Meeting{Organizer: adele, Lobby: simulator.LobbyForAll})
	adele.Join(meeting)
	call := b.create(b.joining(meeting))
	b.settle()
	require.Equal(t, "updated roster of 1", b.heard()[2])
	require.Equal(t, true, entry(b.received()[2], 0)["isInLobby"])
	require.True(t, meeting.AdmitFromLobby(b.bot))
	require.False(t, meeting.AdmitFromLobby(b.bot))
	require.Equal(t, []string{"updated roster of 2"}, b.since(3))
	require.Equal(t, false, entry(b.received()[3], 1)["isInLobby"])

	called := adele.Invite(b.bot)
	require.Equal(t, http.StatusAccepted, b.act(called.Call, "/answer", b.answering()).status)
	require.False(t, meeting.DenyFromLobby(b.bot), "who was called in does not wait")
	called.Hangup()

	second := b.create(b.joining(meeting))
	require.True(t, meeting.DenyFromLobby(b.bot))
	<-second.Done()
	third := b.create(b.joining(meeting))
	b.settle()
	waiting := meeting.Participants()[2].ID
	require.Equal(t, http.StatusOK, b.onBeta(call, "/participants/"+waiting+"/admitFromLobby", nil).status)
	require.Equal(t, http.StatusBadRequest, b.onBeta(call, "/participants/"+waiting+"/removeFromLobby", nil).status)
	require.Equal(t, http.StatusOK, b.onBeta(third, "/participants/admitAllFromLobby", nil).status)
}

func TestGuestsWaitUnlessTheyMayPass(t *testing.T) {
	b := newHandBot(t, func(o *simulator.Options) { o.LobbyTimeout = 50 * 1e6 })
	guest := map[string]any{"identity": map[string]any{
		"application": map[string]any{"id": b.bot.AppID}, "guest": map[string]any{"id": "guest-1", "displayName": "Guest"},
	}}
	join := func(lobby simulator.Lobby) *simulator.Call {
		body := b.joining(b.platform.AddMeeting(simulator.Meeting{Lobby: lobby}))
		body["source"] = guest
		return b.create(body)
	}
	free := join(simulator.LobbyForNobody)
	require.False(t, free.Facts().Roster[0].IsInLobby)
	require.Equal(t, "Guest", free.Facts().Roster[0].Info.Identity.Guest.DisplayName)
	waiting := join(simulator.LobbyForGuests)
	<-waiting.Done()
	require.Equal(t, int32(5855), waiting.Facts().Result.Subcode)

	body := b.joining(b.platform.AddMeeting(simulator.Meeting{}))
	body["source"], body["callOptions"] = guest, map[string]any{"allowGuestToBypassLobby": true}
	require.False(t, b.create(body).Facts().Roster[0].IsInLobby)
}
