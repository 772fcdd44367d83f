package simulator_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/simulator"
)

func TestJoiningAMeetingAndItsRoster(t *testing.T) {
	b := newHandBot(t)
	adele, alex := b.platform.AddPerson("Adele Vance"), b.platform.AddPerson("Alex Wilber")
	meeting := b.platform.AddMeeting(simulator.Meeting{Subject: "Standup", Organizer: adele})
	adele.Join(meeting)
	call := b.create(b.joining(meeting))
	b.settle()
	require.Equal(t, []string{
		"updated establishing +chatInfo +meetingInfo", "updated established +chatInfo +meetingInfo", "updated roster of 2",
	}, b.heard())
	bot := entry(b.received()[2], 1)
	require.Equal(t, "Echo", at(bot, "info", "identity", "application", "displayName"))

	alex.Join(meeting)
	alex.Mute()
	alex.Hold()
	alex.Unmute()
	alex.Resume()
	alex.Leave()
	meeting.End()
	b.settle()
	posts := b.received()[3:]
	require.Equal(t, []string{
		"updated roster of 3", "updated roster of 3", "updated roster of 3", "updated roster of 3", "updated roster of 3", "updated roster of 2", "deleted terminated",
	}, b.heard()[3:])
	require.Equal(t, false, entry(posts[0], 2)["isMuted"])
	require.Equal(t, true, entry(posts[1], 2)["isMuted"])
	require.Equal(t, "inactive", entry(posts[2], 2)["mediaStreams"].([]any)[0].(map[string]any)["direction"])
	require.Equal(t, false, entry(posts[3], 2)["isMuted"], "an unmute is spelt out")
	require.Equal(t, "sendReceive", entry(posts[4], 2)["mediaStreams"].([]any)[0].(map[string]any)["direction"])
	require.Equal(t, "/communications/calls/"+call.ID()+"/participants", posts[0].value["resourceUrl"])
	require.Equal(t, int32(5001), call.Facts().Result.Subcode)
}

func TestEveryBotInAMeetingGetsItsRoster(t *testing.T) {
	b := newHandBot(t)
	adele := b.platform.AddPerson("Adele Vance")
	meeting := b.platform.AddMeeting(simulator.Meeting{Organizer: adele})
	first, second := b.create(b.joining(meeting)), b.create(b.joining(meeting))
	b.settle()
	require.Len(t, meeting.Participants(), 2)
	adele.Join(meeting)
	b.settle()
	for _, call := range []*simulator.Call{first, second} {
		deliveries := call.Deliveries()
		require.Len(t, call.Facts().Roster, 3)
		require.Contains(t, string(deliveries[len(deliveries)-1].Body), adele.ParticipantID())
	}
	require.Equal(t, http.StatusNoContent, b.ask(http.MethodDelete, "/"+first.ID(), nil).status)
	b.settle()
	require.Len(t, second.Facts().Roster, 2)
}

func TestMeetingsHaveManyCoordinates(t *testing.T) {
	b := newHandBot(t)
	meeting := b.platform.AddMeeting(simulator.Meeting{Subject: "Standup"})
	join := func(info map[string]any) int {
		body := b.joining(meeting)
		delete(body, "chatInfo")
		body["meetingInfo"] = info
		return b.ask(http.MethodPost, "", body).status
	}
	byID := map[string]any{"@odata.type": "#microsoft.graph.joinMeetingIdMeetingInfo", "joinMeetingId": meeting.JoinMeetingID, "passcode": meeting.Passcode}
	require.Equal(t, http.StatusCreated, join(byID))
	byID["passcode"] = "wrong"
	require.Equal(t, http.StatusNotFound, join(byID))
	require.Equal(t, http.StatusCreated, join(map[string]any{"@odata.type": "#microsoft.graph.tokenMeetingInfo", "token": meeting.JoinToken}))
	require.Equal(t, http.StatusNotFound, join(map[string]any{"@odata.type": "#microsoft.graph.tokenMeetingInfo", "token": "wrong"}))

	link, err := url.Parse(meeting.JoinURL())
	require.NoError(t, err)
	parts := strings.Split(link.EscapedPath(), "/")
	thread, err := url.PathUnescape(parts[3])
	require.NoError(t, err)
	require.Equal(t, meeting.ThreadID, thread)
	var place struct{ Tid, Oid string }
	require.NoError(t, json.Unmarshal([]byte(link.Query().Get("context")), &place))
	require.Equal(t, meeting.Organizer.ID, place.Oid)
	require.Equal(t, meeting.Organizer.TenantID, place.Tid)
}

func TestListingParticipants(t *testing.T) {
	b := newHandBot(t)
	adele := b.platform.AddPerson("Adele Vance")
	meeting := b.platform.AddMeeting(simulator.Meeting{Organizer: adele})
	adele.Join(meeting)
	call := b.create(b.joining(meeting))
	answer := b.ask(http.MethodGet, "/"+call.ID()+"/participants", nil)
	require.Equal(t, http.StatusOK, answer.status)
	list := answer.value["value"].([]any)
	require.Len(t, list, 2)
	identity := at(list[0].(map[string]any), "info", "identity").(map[string]any)
	require.Equal(t, adele.ID, at(identity, "user", "id"))
	device, present := identity["device"]
	require.True(t, present && device == nil, "what a participant is not is null here")
	require.Contains(t, answer.text("@odata.context"), "/participants")

	answer = b.ask(http.MethodGet, "/"+call.ID()+"/participants/"+adele.ParticipantID(), nil)
	require.Equal(t, http.StatusOK, answer.status)
	require.Equal(t, adele.ParticipantID(), answer.text("id"))
	require.Equal(t, http.StatusNotFound, b.ask(http.MethodGet, "/"+call.ID()+"/participants/nobody", nil).status)
}

func TestACallOfTwoListsNobody(t *testing.T) {
	b := newHandBot(t)
	call := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
	answer := b.ask(http.MethodGet, "/"+call.ID()+"/participants", nil)
	require.Equal(t, http.StatusOK, answer.status)
	require.Empty(t, answer.value["value"])
	require.Contains(t, string(answer.body), `"value":[]`)
}

func entry(p post, index int) map[string]any {
	return p.value["resourceData"].([]any)[index].(map[string]any)
}

func at(object map[string]any, path ...string) any {
	var value any = object
	for _, name := range path {
		object, _ := value.(map[string]any)
		value = object[name]
	}
	return value
}
