package simulator_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/simulator"
)

func TestCreateRefusesWhatTheServiceRefuses(t *testing.T) {
	b := newHandBot(t)
	adele := b.platform.AddPerson("Adele Vance")
	stranger := b.platform.AddTenant().AddPerson("Stranger")
	meeting := b.platform.AddMeeting(simulator.Meeting{})
	with := func(name string, value any) map[string]any {
		body := maps.Clone(b.callTo(adele))
		body[name] = value
		if value == nil {
			delete(body, name)
		}
		return body
	}
	withoutTarget := with("targets", nil)
	unknownMeeting := b.joining(meeting)
	unknownMeeting["chatInfo"] = map[string]any{"threadId": "19:nowhere@thread.v2"}
	phone := []any{map[string]any{"identity": map[string]any{"phone": map[string]any{"id": "+12065550100"}}}}
	tests := map[string]struct {
		body   any
		status int
		code   string
	}{
		"no body":          {nil, 400, "BadRequest"},
		"not json":         {"{", 400, "BadRequest"},
		"no callback":      {with("callbackUri", nil), 400, "BadRequest"},
		"http callback":    {with("callbackUri", "http://bot.example/"), 400, "BadRequest"},
		"nobody to call":   {withoutTarget, 400, "BadRequest"},
		"no media":         {with("mediaConfig", nil), 400, "BadRequest"},
		"other tenant":     {with("tenantId", stranger.TenantID), 403, "7505"},
		"stranger":         {b.callTo(stranger), 403, "7504"},
		"unknown meeting":  {unknownMeeting, 404, "NotFound"},
		"phone, no source": {with("targets", phone), 403, "7507"},
		"too large":        {strings.Repeat(" ", 2<<20), 413, "RequestEntityTooLarge"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			answer := b.ask(http.MethodPost, "", test.body)
			require.Equal(t, test.status, answer.status, string(answer.body))
			require.Equal(t, test.code, answer.text("error", "code"))
		})
	}
	require.Empty(t, b.platform.Calls())
	require.Equal(t, http.StatusUnsupportedMediaType, b.ask(http.MethodPost, "", b.callTo(adele), "Content-Type", "text/plain").status)
}

func TestCreateNeedsPermission(t *testing.T) {
	b := newHandBot(t)
	adele, alex := b.platform.AddPerson("Adele Vance"), b.platform.AddPerson("Alex Wilber")
	appHosted := b.callTo(adele)
	appHosted["mediaConfig"] = map[string]any{"@odata.type": "#microsoft.graph.appHostedMediaConfig", "blob": "b"}
	meeting := b.platform.AddMeeting(simulator.Meeting{Organizer: adele})
	tests := map[string]struct {
		body    map[string]any
		granted []string
		status  int
	}{
		"call":                   {b.callTo(adele), []string{"Calls.Initiate.All"}, 201},
		"call without":           {b.callTo(adele), []string{"Calls.JoinGroupCall.All"}, 403},
		"group":                  {b.callTo(adele, alex), []string{"Calls.InitiateGroupCall.All"}, 201},
		"group without":          {b.callTo(adele, alex), []string{"Calls.Initiate.All"}, 403},
		"join as guest":          {b.joining(meeting), []string{"Calls.JoinGroupCallAsGuest.All"}, 201},
		"join by chat":           {b.joining(meeting), []string{"Calls.JoinGroupCalls.Chat"}, 201},
		"join without":           {b.joining(meeting), []string{}, 403},
		"own media":              {appHosted, []string{"Calls.Initiate.All", "Calls.AccessMedia.All"}, 201},
		"own media without":      {appHosted, []string{"Calls.Initiate.All"}, 403},
		"own media without call": {appHosted, []string{"Calls.AccessMedia.All"}, 403},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			bot := b.platform.RegisterBot(simulator.Bot{Permissions: test.granted})
			token, err := b.platform.AccessToken(bot, bot.TenantID)
			require.NoError(t, err)
			answer := b.ask(http.MethodPost, "", test.body, "Authorization", "Bearer "+token)
			require.Equal(t, test.status, answer.status, string(answer.body))
		})
	}
}

func TestRequestBodiesMayBeCompressed(t *testing.T) {
	b := newHandBot(t)
	zipped := func(text []byte) string {
		var out bytes.Buffer
		w := gzip.NewWriter(&out)
		_, err := w.Write(text)
		require.NoError(t, err)
		require.NoError(t, w.Close())
		return out.String()
	}
	text, err := json.Marshal(b.callTo(b.platform.AddPerson("Adele Vance")))
	require.NoError(t, err)
	ask := func(body string) int { return b.ask(http.MethodPost, "", body, "Content-Encoding", "gzip").status }
	require.Equal(t, http.StatusCreated, ask(zipped(text)))
	require.Equal(t, http.StatusBadRequest, ask(string(text)))
	require.Equal(t, http.StatusRequestEntityTooLarge, ask(zipped(bytes.Repeat([]byte(" "), 2<<20))))
}
