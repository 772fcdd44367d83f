package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// own is one of the project's own examples.
func own(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "examples", "v1.0", name))
	require.NoError(t, err)
	return string(text)
}

// The simulator does as documented; the documentation is made to say otherwise.
func TestDifferencesOfAReplyAreFound(t *testing.T) {
	const asked, answered = "application-post-calls.01.request.http", "application-post-calls.02.response.http"
	for name, test := range map[string]struct{ old, other, verdict string }{
		"status":            {"201 Created", "202 Accepted", "answered 201, not 202"},
		"property missing":  {`"direction"`, `"turn"`, "reply has no /turn"},
		"deep property":     {`"region"`, `"place"`, "reply has no /source/place"},
		"entry of a list":   {`"targets": [ {`, `"targets": [ { "colour": "red",`, "reply has no /targets/0/colour"},
		"too long a list":   {`"callRoutes": []`, `"callRoutes": [ {} ]`, "reply has no /callRoutes/0"},
		"kind":              {`"direction": "outgoing"`, `"direction": 1`, "reply /direction is a text, not a number"},
		"type":              {"#microsoft.graph.call\"", "#microsoft.graph.talk\"", "reply /@odata.type is #microsoft.graph.call, not #microsoft.graph.talk"},
		"media type":        {"application/json", "application/xml", "reply is application/json, not application/xml"},
		"another place":     {"communications/calls/", "communications/onlineMeetings?", "reply has a Location of another kind"},
		"null where a text": {`"resultInfo": null`, `"resultInfo": "none"`, "reply /resultInfo is null, not a text"},
	} {
		t.Run(name, func(t *testing.T) {
			changed := strings.Replace(own(t, answered), test.old, test.other, 1)
			require.NotEqual(t, own(t, answered), changed)
			verdicts, status := played(t, folder(t, map[string]string{"v1.0/" + asked: own(t, asked), "v1.0/" + answered: changed}))
			require.Equal(t, 1, status)
			require.Contains(t, verdicts[asked], "not ok: "+test.verdict)
			require.Contains(t, verdicts[answered], "not ok: "+test.verdict)
		})
	}
}

func TestMissingLocationIsFound(t *testing.T) {
	verdicts, _ := played(t, folder(t, map[string]string{
		"v1.0/call-keepalive.01.request.http":  "POST /communications/calls/{id}/keepAlive\n",
		"v1.0/call-keepalive.02.response.http": "HTTP/1.1 200 OK\nLocation: https://graph.microsoft.com/v1.0/communications/calls/1/operations/2\n",
	}))
	require.Equal(t, "not ok: reply has no Location", verdicts["call-keepalive.01.request.http"])
}

func TestRequestsThatFailAreFound(t *testing.T) {
	for name, test := range map[string]struct{ text, verdict string }{
		"unknown":      {"POST /communications/calls/{id}/unheardOf\n", "no operation of this kind is known"},
		"other method": {"PUT /communications/calls/{id}\n", "no operation of this kind is known"},
		"no address":   {"GET https://%zz/\n", "the address cannot be read"},
		"other body":   {"POST /communications/calls/{id}/reject\nContent-Type: application/json\n\n{ \"reason\": \"asleep\" }\n", "answered 400, not 202"},
		"no media":     {"POST /communications/calls/{id}/answer\nContent-Type: application/json\n\n{ \"callbackUri\": \"callbackUri-value\" }\n", "answered 400, not 202"},
		"only in beta": {"POST /communications/calls/{id}/participants/muteAll\n", "answered 400, not 200"},
		"media type":   {"POST /communications/calls/{id}/mute\nContent-Type: text/plain\n\n{ \"clientContext\": \"c\" }\n", "answered 415, not 200"},
	} {
		t.Run(name, func(t *testing.T) {
			verdicts, status := played(t, folder(t, map[string]string{"v1.0/call-x.01.request.http": test.text}))
			require.Equal(t, 1, status)
			require.Contains(t, verdicts["call-x.01.request.http"], "not ok: "+test.verdict)
		})
	}
}

// A page about meetings as entries of a calendar does not decide.
func TestMeetingPagesDoNotDecide(t *testing.T) {
	verdicts, status := played(t, folder(t, map[string]string{
		"v1.0/onlinemeeting-get.01.request.http": "GET /communications/onlineMeetings/what\n",
	}))
	require.Zero(t, status)
	require.Contains(t, verdicts["onlinemeeting-get.01.request.http"], "not ok")
}

// What is not JSON is played once it is mended, and what comes of it is said;
// but neither does it pass nor fail.
func TestMendedRequests(t *testing.T) {
	const asked, answered = "call-playprompt.01.request.http", "call-playprompt.02.response.http"
	comma := strings.Replace(own(t, asked), `"chime-1",`, `"chime-1", // a mark`, 1)
	verdicts, status := played(t, folder(t, map[string]string{"v1.0/" + asked: comma, "v1.0/" + answered: own(t, answered)}))
	require.Zero(t, status)
	require.Equal(t, "not JSON as printed: mended: ok", verdicts[asked])
	require.Equal(t, "ok: with "+asked+", mended", verdicts[answered])

	wrong := strings.Replace(own(t, answered), `"status": "running",`, `"status": "completed",,`, 1)
	verdicts, status = played(t, folder(t, map[string]string{"v1.0/" + asked: own(t, asked), "v1.0/" + answered: wrong}))
	require.Zero(t, status)
	require.Equal(t, "ok", verdicts[asked], "the request did as documented, as far as that can be read")
	require.Equal(t, "not JSON as printed: beyond mending", verdicts[answered])

	wrong = strings.Replace(own(t, answered), `"chime-1"`, `"chime-1", "colour": "red",`, 1)
	verdicts, _ = played(t, folder(t, map[string]string{"v1.0/" + asked: own(t, asked), "v1.0/" + answered: wrong}))
	require.Equal(t, "ok", verdicts[asked])
	require.Equal(t, "not JSON as printed: mended: not ok reply has no /colour", verdicts[answered])

	verdicts, status = played(t, folder(t, map[string]string{"v1.0/" + asked: comma + "}"}))
	require.Zero(t, status)
	require.Equal(t, "not JSON as printed: beyond mending", verdicts[asked])
}

// A response belongs to the request right before it.
func TestWhichResponseBelongsToARequest(t *testing.T) {
	examples := func(names ...string) *page {
		p := &page{edition: "v1.0", name: "call-x"}
		for _, text := range names {
			file, first, _ := strings.Cut(text, " ")
			e, err := newExample("call-x.01."+file, []byte(first+"\n"))
			require.NoError(t, err)
			p.examples = append(p.examples, e)
		}
		return p
	}
	const get, list = "request.http GET /communications/calls/1", "request.http GET /communications/calls/1/participants"
	const fine = "response.http HTTP/1.1 200 OK"
	require.NotNil(t, examples(get, fine).responseTo(0))
	require.Nil(t, examples(get).responseTo(0))
	require.Nil(t, examples(get, "notification.json {}", fine).responseTo(0))
	require.Nil(t, examples(get, list, fine).responseTo(0))
	require.NotNil(t, examples(get, get, fine).responseTo(0), "two ways to ask for the same")
	require.NotNil(t, examples(get, "body.json {}", fine).responseTo(0))
}

// All but what stands for something of the scene goes out as printed.
func TestRequestsAreSentAsPrinted(t *testing.T) {
	e, err := newExample("call-x.01.request.http", []byte(`POST /communications/calls/1/redirect
Content-Type: application/json
Content-Length: 1
X-Other: kept

{ "callbackUri" : "https://bot.contoso.com/api/calls/7",
	"odd spacing":1.50 ,"tenantId":"T", "text": "app \"T\"", "clientContext": "U",
	"source": {"application": {"id": "A"}, "applicationInstance": {"id": "I"}},
	"targets": [ {"identity": {"user": {"id": "U", "tenantId": "T"}}}, {"identity": {"application": {"id": "A"}}},
		{"identity": {"phone": {"id": "+14255550142"}}} ], "status": "one | two" }
`))
	require.NoError(t, err)
	require.Equal(t, http.Header{"Content-Type": {"application/json"}, "X-Other": {"kept"}}, e.sent())
	where, ok := placeOf(e.url, "v1.0")
	require.True(t, ok)
	asked, ok := endpointOf(e.method, where)
	require.True(t, ok)
	s, err := newScene(t.Context(), e, where, asked, nil)
	require.NoError(t, err)
	defer s.close()
	require.Equal(t, "/v1.0/communications/calls/"+s.call.ID()+"/redirect", s.place.with(asked.path, s.ids))
	person := s.people["/targets/0/identity/user/id"]
	want := strings.NewReplacer(`"https://bot.contoso.com/api/calls/7"`, `"`+s.webhook+`/api/calls/7"`, `"T",`, `"`+s.bot.TenantID+`",`,
		`"T"}`, `"`+s.bot.TenantID+`"}`, `"id": "U"`, `"id": "`+person.ID+`"`, `"I"`, `"`+s.bot.InstanceID+`"`,
		`"source": {"application": {"id": "A"}`, `"source": {"application": {"id": "`+s.bot.AppID+`"}`,
		`"identity": {"application": {"id": "A"}`, `"identity": {"application": {"id": "`+s.bots["A"].AppID+`"}`,
		`"one | two"`, `"one"`).Replace(string(e.body))
	require.Equal(t, want, string(s.rewritten()))
	require.NotEqual(t, s.bot.AppID, s.bots["A"].AppID)
}
