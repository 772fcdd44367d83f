package control_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

func TestCallIsHeldByHand(t *testing.T) {
	d := newDesk(t)
	person, id := d.callBot()
	call := d.call(id)
	require.Equal(t, "established", call["state"])
	require.Equal(t, "incoming", call["direction"])
	require.Equal(t, person, call["callerId"])
	require.Equal(t, d.bot.AppID, call["botId"])
	require.Len(t, call["participants"], 2)

	d.do("POST", "/v1/calls/"+id+"/keys", m{"tone": "tone5"})
	d.do("POST", "/v1/calls/"+id+"/speech", m{"seconds": 1.5})
	d.do("POST", "/v1/calls/"+id+"/roster", nil)
	d.do("POST", "/v1/people/"+person+"/mute", nil)
	require.True(t, d.platform.Call(id).Facts().Roster[0].IsMuted || d.platform.Call(id).Facts().Roster[1].IsMuted)
	d.do("POST", "/v1/calls/"+id+"/hangup", nil)

	call = d.call(id)
	require.Equal(t, "terminated", call["state"])
	require.EqualValues(t, 4521, call["result"].(m)["subcode"])
	heard := func(match simulator.Match) {
		_, err := d.platform.Call(id).WaitForDelivery(t.Context(), match)
		require.NoError(t, err)
	}
	heard(simulator.Ended)
	heard(func(n *resources.Notification) bool {
		news, ok := n.Data.(*resources.Call)
		return ok && news.ToneInfo != nil && news.ToneInfo.Tone == resources.Tone5
	})
	heard(simulator.Under(resources.CollectionParticipants))
}

func TestCallsEndForReasonsAndWithoutAny(t *testing.T) {
	d := newDesk(t)
	_, ended := d.callBot()
	d.do("POST", "/v1/calls/"+ended+"/end", m{"code": 480, "subcode": 10037, "message": "gone"})
	require.Equal(t, m{"code": 480.0, "subcode": 10037.0, "message": "gone"}, d.call(ended)["result"])

	_, lost := d.callBot()
	d.do("POST", "/v1/calls/"+lost+"/vanish", nil)
	require.Equal(t, "terminated", d.call(lost)["state"])
	require.Contains(t, d.refused(http.StatusConflict, "POST", "/v1/calls/"+lost+"/vanish", nil), "has ended")
	require.Len(t, d.do("GET", "/v1/world", nil)["calls"], 2)
}

func TestPersonWhoLeavesHangsUp(t *testing.T) {
	d := newDesk(t)
	person, id := d.callBot()
	d.do("POST", "/v1/people/"+person+"/leave", nil)
	require.Equal(t, "terminated", d.call(id)["state"])
	require.Contains(t, d.refused(http.StatusConflict, "POST", "/v1/people/"+person+"/leave", nil), "in no call")
}

func TestPeopleDecideWhatRingingComesTo(t *testing.T) {
	d := newDesk(t)
	person := d.do("POST", "/v1/people", m{"displayName": "Alex Wilber", "whenCalled": "rings"})["id"].(string)
	d.refused(http.StatusConflict, "POST", "/v1/people/"+person+"/pickUp", nil)
	d.refused(http.StatusConflict, "POST", "/v1/people/"+person+"/decline", nil)

	echo := &echoBot{platform: d.platform, bot: d.bot}
	ring := func() {
		echo.post("/communications/calls", `{"callbackUri":"`+d.bot.CallingWebhook+`","tenantId":"`+d.platform.Tenant().ID+`","requestedModalities":["audio"],
			"mediaConfig":{"@odata.type":"#microsoft.graph.serviceHostedMediaConfig"},"targets":[{"identity":{"user":{"id":"`+person+`"}}}]}`)
		d.waitFor(func() bool {
			people := d.do("GET", "/v1/world", nil)["people"].([]any)
			return people[0].(m)["rings"] == 1.0
		})
	}
	ring()
	d.do("POST", "/v1/people/"+person+"/pickUp", nil)
	d.waitFor(func() bool { return d.platform.Calls()[0].State() == resources.CallStateEstablished })
	first := d.platform.Calls()[0].ID()
	require.Equal(t, "outgoing", d.call(first)["direction"])
	require.Equal(t, d.bot.AppID, d.call(first)["botId"])
	d.do("POST", "/v1/calls/"+first+"/hangup", nil)
	require.Equal(t, d.bot.AppID, d.call(first)["botId"])
	require.EqualValues(t, 4521, d.call(first)["result"].(m)["subcode"])

	ring()
	d.do("POST", "/v1/people/"+person+"/decline", nil)
	d.waitFor(func() bool { return d.platform.Calls()[1].State() == resources.CallStateTerminated })
	d.do("PATCH", "/v1/people/"+person, m{"whenCalled": "unreachable"})
	require.Equal(t, "unreachable", d.do("GET", "/v1/world", nil)["people"].([]any)[0].(m)["whenCalled"])
}

func TestMeetingIsHeldByHand(t *testing.T) {
	d := newDesk(t)
	organizer := d.person("Adele Vance")
	meeting := d.do("POST", "/v1/meetings", m{"subject": "Standup", "organizerId": organizer, "lobby": "nobody"})
	require.Equal(t, organizer, meeting["organizerId"])
	id := meeting["threadId"].(string)
	d.refused(http.StatusConflict, "POST", "/v1/people/"+organizer+"/invite", m{})
	d.do("POST", "/v1/people/"+organizer+"/join", m{"meetingId": id})
	call := d.do("POST", "/v1/people/"+organizer+"/invite", m{})["id"].(string)
	d.waitFor(func() bool { return d.platform.Call(call).State() == resources.CallStateEstablished })
	require.Len(t, d.call(call)["participants"], 2)
	d.refused(http.StatusConflict, "POST", "/v1/meetings/"+escape(id)+"/admit", m{})
	d.refused(http.StatusConflict, "POST", "/v1/meetings/"+escape(id)+"/deny", m{})
	d.do("POST", "/v1/meetings/"+escape(id)+"/end", nil)
	require.Equal(t, "terminated", d.call(call)["state"])
}

func TestBotsLobbyIsOpened(t *testing.T) {
	d := newDesk(t)
	meeting := d.do("POST", "/v1/meetings", m{"lobby": "all"})
	id := meeting["threadId"].(string)
	echo := &echoBot{platform: d.platform, bot: d.bot}
	echo.post("/communications/calls", `{"callbackUri":"`+d.bot.CallingWebhook+`","tenantId":"`+d.platform.Tenant().ID+`","requestedModalities":["audio"],
		"mediaConfig":{"@odata.type":"#microsoft.graph.serviceHostedMediaConfig"},
		"chatInfo":{"threadId":"`+id+`","messageId":"0"},"meetingInfo":{"@odata.type":"#microsoft.graph.organizerMeetingInfo","organizer":{"user":{"id":"`+meeting["organizerId"].(string)+`"}}}}`)
	d.waitFor(func() bool { return len(d.platform.Calls()) == 1 && len(d.platform.Calls()[0].Facts().Roster) > 0 })
	call := d.platform.Calls()[0].ID()
	inLobby := func() any { return d.call(call)["participants"].([]any)[0].(m)["inLobby"] }
	d.waitFor(func() bool { return inLobby() == true })
	d.do("POST", "/v1/meetings/"+escape(id)+"/admit", m{"botId": d.bot.AppID})
	require.Equal(t, false, inLobby())
	d.do("POST", "/v1/calls/"+call+"/hangup", nil)
	require.Equal(t, "terminated", d.call(call)["state"])
}

func TestBotsAreRegisteredByOthers(t *testing.T) {
	d := newDesk(t)
	bot := d.do("POST", "/v1/bots", m{"displayName": "Reception", "callingWebhook": "https://localhost:1/api/calls"})
	path := "/v1/bots/" + bot["appId"].(string)
	require.NotEmpty(t, bot["secret"])
	require.Equal(t, bot, d.do("GET", path, nil))
	d.refused(http.StatusConflict, "POST", "/v1/bots", m{"appId": bot["appId"]})
	d.do("PATCH", path, m{"callingWebhook": "http://localhost:3978/api/calls"})
	require.Equal(t, "http://localhost:3978/api/calls", d.do("GET", path, nil)["callingWebhook"])

	platform := d.do("GET", "/v1/platform", nil)
	require.Equal(t, d.platform.ServiceBaseURL(), platform["serviceBaseUrl"])
	require.Contains(t, platform["certificateAuthority"], "BEGIN CERTIFICATE")
	certificate := d.do("POST", "/v1/certificates", m{"hosts": []string{"bot.test"}})
	require.Contains(t, certificate["privateKey"], "BEGIN PRIVATE KEY")
}

func TestMistakesInRequestsAreExplained(t *testing.T) {
	d := newDesk(t)
	person, call := d.callBot()
	bot := "/v1/bots/" + d.bot.AppID
	for _, c := range []struct {
		status       int
		method, path string
		body         any
		want         string
	}{
		{400, "POST", "/v1/people", m{}, "either a displayName or"},
		{400, "POST", "/v1/people", m{"displayName": "A", "phone": "+14255550100"}, "either a displayName or"},
		{400, "POST", "/v1/people", m{"phone": "5550100"}, "such as +14255550100"},
		{400, "POST", "/v1/people", m{"displayName": "A", "whenCalled": "sings"}, "answers, rings, declines, unreachable"},
		{400, "POST", "/v1/people", m{"displayNane": "A"}, "unknown field"},
		{400, "POST", "/v1/people", "A", "not what this operation takes"},
		{400, "POST", "/v1/meetings", m{"lobby": "some"}, "guests, all, nobody"},
		{404, "POST", "/v1/meetings", m{"organizerId": "x"}, "no such person"},
		{400, "PATCH", bot, m{"callingWebhook": "localhost"}, "whole address"},
		{400, "POST", "/v1/bots", m{"callingWebhook": "ftp://localhost"}, "whole address"},
		{404, "GET", "/v1/bots/x", nil, "POST /v1/bots"},
		{404, "POST", "/v1/people/x/call", m{}, "POST /v1/people"},
		{404, "POST", "/v1/people/" + person + "/call", m{"botId": "x"}, "POST /v1/bots"},
		{404, "POST", "/v1/people/" + person + "/join", m{"meetingId": "x"}, "POST /v1/meetings"},
		{404, "POST", "/v1/people/" + person + "/sing", nil, "no such act"},
		{404, "GET", "/v1/calls/x", nil, "GET /v1/calls"},
		{404, "GET", "/v1/nothing", nil, "openapi.json"},
		{400, "POST", "/v1/calls/" + call + "/keys", m{"tone": "11"}, "tone1, star or pound"},
		{400, "POST", "/v1/calls/" + call + "/speech", m{"seconds": -1}, "between 0 and 3600"},
		{400, "POST", "/v1/certificates", m{"hosts": []string{"bot:80"}}, "without ports"},
		{400, "POST", "/v1/faults", m{"kind": "rain"}, "GET /v1/faults"},
		{400, "POST", "/v1/faults", m{"kind": "fail", "callId": call}, "cannot be given to one call"},
		{400, "POST", "/v1/faults", m{"kind": "duplicate", "arguments": m{"time": "2"}}, "no argument of such a name"},
		{400, "POST", "/v1/faults", m{"kind": "drop", "arguments": m{"what": "cats"}}, "cats"},
		{400, "POST", "/v1/failures", m{"status": 99}, "status must be"},
		{400, "POST", "/v1/failures", m{"times": 100000}, "1000 at most"},
		{404, "POST", "/v1/faults/release", m{"callId": "x"}, "no such call"},
		{404, "POST", "/v1/faults", m{"kind": "hold", "callId": "x"}, "no such call"},
	} {
		require.Contains(t, d.refused(c.status, c.method, c.path, c.body), c.want, "%s %s", c.method, c.path)
	}
}
