package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const aCall = "/communications/calls/6f0d2b91-3c5e-4a87-9d14-b2e8f7a60c35"

func notice(change, resource, data string) string {
	return `{"changeType":"` + change + `","resourceUrl":"` + resource + `","resourceData":` + data + `}`
}

// fare plays one notification, and returns its verdict.
func fare(t *testing.T, more map[string]string, notices ...string) string {
	t.Helper()
	const file = "call-x.01.notification.json"
	files := map[string]string{"v1.0/" + file: `{"value":[` + strings.Join(notices, ",") + `]}`}
	for name, text := range more {
		files["v1.0/"+name] = text
	}
	verdicts, status := played(t, folder(t, files))
	require.Equal(t, strings.HasPrefix(verdicts[file], "not ok"), status == 1)
	return verdicts[file]
}

func TestNotificationsThatFindNoPlaceAreFound(t *testing.T) {
	require.Contains(t, fare(t, nil, notice("updated", "/users/1", `{}`)), "its resource is none of a call")
	require.Contains(t, fare(t, nil, notice("updated", aCall+"/unheardOf", `{"colour":"red"}`)), "it reached OnUnmatched: unknownKind")
	require.Contains(t, fare(t, nil, `{"changeType":1,"resourceUrl":`+"2}"), "not ok")
	require.Equal(t, "ok", fare(t, nil, notice("updated", aCall, `{"state":"established"}`)))
	require.Equal(t, "ok", fare(t, nil, notice("updated", "/app/calls/a%22call", `{"state":"established"}`)))
}

// The second notice contradicts the first, so one of the two does not show.
func TestFactsThatDoNotShowAreFound(t *testing.T) {
	established := notice("updated", aCall, `{"state":"established","subject":"Tea"}`)
	for name, test := range map[string]struct{ other, verdict string }{
		"state": {notice("updated", aCall, `{"state":"establishing"}`), "it was not applied"},
		"fact":  {notice("updated", aCall, `{"state":"established","subject":"Coffee"}`), "the client has Coffee for call/subject, not Tea"},
		"end":   {notice("deleted", aCall, `{"state":"terminated"}`), "the client does not have the call"},
		"no roster": {
			notice("updated", aCall+"/participants", `[{"id":"1"}]`) + "," + notice("updated", aCall+"/participants", `[{"id":"2"},{"id":"3"}]`),
			"the roster has 2 participants, not 1; participant 0 is not in the roster as printed",
		},
		"session": {
			notice("created", aCall+"/contentsharingsessions", `[{"id":"s"}]`) + "," + notice("deleted", aCall+"/contentsharingsessions", `[{"id":"s"}]`),
			"the session s is there, or is not, against what was said",
		},
	} {
		t.Run(name, func(t *testing.T) {
			require.Contains(t, fare(t, nil, established, test.other), test.verdict)
		})
	}
}

func TestAnswersOfTheWebhookAreCompared(t *testing.T) {
	joining := notice("created", aCall, `{"@odata.type":"#microsoft.graph.participantJoiningNotification","call":{"id":"2","state":"incoming"}}`)
	response := func(text string) map[string]string { return map[string]string{"call-x.02.response.http": text} }
	require.Contains(t, fare(t, nil, joining), "the webhook answered 200, not 202")
	require.Contains(t, fare(t, response("HTTP/1.1 200 OK\n\n{ \"@odata.type\": \"#microsoft.graph.rejectJoinResponse\" }\n"), joining),
		"reply /@odata.type is #microsoft.graph.acceptJoinResponse, not #microsoft.graph.rejectJoinResponse")
	require.Equal(t, "ok", fare(t, response("HTTP/1.1 200 OK\n\n{ \"@odata.type\": \"#microsoft.graph.acceptJoinResponse\" }\n"), joining))
	require.Contains(t, fare(t, response("HTTP/1.1 204 No Content\n"), notice("updated", aCall, `{"state":"established"}`)),
		"the webhook answered 202, not 204")
}

func TestWhatIsNoNotificationIsFound(t *testing.T) {
	verdicts, status := played(t, folder(t, map[string]string{"v1.0/call-x.01.notification.json": `[]`}))
	require.Equal(t, 1, status)
	require.Contains(t, verdicts["call-x.01.notification.json"], "it is no notification")
}
