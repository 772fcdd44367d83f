package simulator

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzService feeds the service any path and body: it refuses, but never
// breaks.
func FuzzService(f *testing.F) {
	platform := New(f)
	platform.Hold()
	bot := platform.RegisterBot(Bot{})
	incoming := platform.AddPerson("Adele Vance").Call(bot)
	token, err := platform.AccessToken(bot, bot.TenantID)
	require.NoError(f, err)
	for _, seed := range [][2]string{
		{"", `{"callbackUri":"https://bot.example/","targets":[{}],"mediaConfig":{}}`},
		{"", `{"callbackUri":"https://bot.example/","targets":[{"identity":{"user":{"id":"x"}}}],"mediaConfig":{}}`},
		{"", `{"callbackUri":"https://bot.example/","meetingInfo":{"organizer":{}},"mediaConfig":{}}`},
		{"/{}/answer", `{"callbackUri":"https://bot.example/","mediaConfig":null}`},
		{"/{}/answer", `{"mediaConfig":}`},
		{"/{}/reject", `{"reason":7}`},
		{"/{}/playPrompt", `{"prompts":[{"mediaInfo":null}]}`},
		{"/%2e%2e//participants", `[]`},
		{"/x/microsoft.graph.", ``},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, path, body string) {
		path = strings.ReplaceAll(path, "{}", incoming.ID())
		address, err := url.Parse(platform.ServiceBaseURL() + "/communications/calls" + path)
		if err != nil {
			return
		}
		request := httptest.NewRequest(http.MethodPost, "https://simulator/", strings.NewReader(body))
		request.URL = address
		request.Header.Set("Authorization", "Bearer "+token)
		request.Header.Set("Content-Type", "application/json")
		recorder := httptest.NewRecorder()
		platform.serveService(recorder, request)
		require.Less(t, recorder.Code, 500, recorder.Body.String())
	})
}
