package statefulclient_test

import (
	"bufio"
	"bytes"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// placed counts what became of notifications.
func placed(s statefulclient.Stats) uint64 {
	return s.Applied + s.Unchanged + s.Redelivered + s.Stale + s.Late + s.Waiting + s.Unmatched + uint64(s.Parked)
}

// FuzzHandler: whatever comes over the wire, from whoever it comes, the answer
// is one that is documented, echoes nothing, and unless it says that the POST
// was taken, nothing of it was.
func FuzzHandler(f *testing.F) {
	platform := simulator.New(f)
	bot := platform.RegisterBot(simulator.Bot{})
	provider, err := auth.NewClientCredentials(auth.ClientCredentialsOptions{
		AppID: bot.AppID, Secret: bot.Secret, Tenant: bot.TenantID, HTTPClient: platform.Client(),
		Cloud: auth.Cloud{AuthorityURL: platform.AuthorityURL(), OpenIDConfigurationURL: platform.OpenIDConfigurationURL()},
	})
	require.NoError(f, err)
	f.Cleanup(provider.Close)
	client, err := statefulclient.NewStatefulClientBuilder("Echo", bot.AppID).SetAuthenticationProvider(provider).
		SetNotificationUrl("https://bot.contoso.com/api/calls").SetServiceBaseUrl(platform.ServiceBaseURL()).SetHttpClient(platform.Client(), nil).
		SetInstance(statefulclient.Instance{ID: "one", Key: instanceKey}).
		SetLimits(statefulclient.Limits{Notifications: 8, NotificationBytes: 1 << 16, Parked: 4, ParkFor: time.Millisecond, RosterGap: time.Millisecond, ToneGap: time.Millisecond}).
		Build()
	require.NoError(f, err)
	f.Cleanup(client.Close)
	good, err := platform.Token(bot, simulator.Claim("exp", time.Now().Add(24*time.Hour).Unix()))
	require.NoError(f, err)

	for _, body := range []string{
		`{"value":[` + incoming("c1") + `]}`, `{"value":[` + updated("c1", `{"state":"established"}`) + `,` + terminated("c1") + `]}`,
		`{"value":[` + about("updated", "c1/participants", `[{"id":"a"}]`) + `]}`, `{"value":[` + strings.Repeat("{},", 9) + `1]}`,
		`{"value":[` + about("updated", "c1/participants", `{"@odata.type":"#microsoft.graph.deltaParticipants","sequenceNumber":3,"participants":[]}`) + `]}`,
		`{"value":[` + about("updated", "c1/participants", `[{"@odata.type":"#microsoft.graph.participantJoiningNotification"}]`) + `]}`,
		`{"callState":"incoming"}`, `[`, ``, `{"value":[{"resource":"calls/%zz","resourceData":[[]]}]}`,
	} {
		f.Add("POST", "/api/calls", "X-Microsoft-Skype-Message-ID: m1\r\nScenario-Id: s1", []byte(body), true)
	}
	f.Add("GET", "/", "Graphcalls-Selftest: x", []byte{}, false)
	f.Add("POST", "/?route=one.s.AAAAAAAAAAAAAAAAAAAAAA", "Authorization: Bearer a.b.c\r\nGraphcalls-Forwarded: two", []byte("{}"), false)
	f.Fuzz(func(t *testing.T, method, target, header string, body []byte, known bool) {
		if known {
			header = "Authorization: Bearer " + good + "\r\n" + header
		}
		wire := method + " " + target + " HTTP/1.1\r\nHost: bot\r\nConnection: close\r\n" + header + "\r\n\r\n"
		request, err := http.ReadRequest(bufio.NewReader(strings.NewReader(wire)))
		if err != nil {
			return // net/http refuses it
		}
		request.Body, request.ContentLength = http.NoBody, -1
		request.Body = readCloser{bytes.NewReader(body)}
		before := rest(t, client)
		recorder := httptest.NewRecorder()
		client.Handler().ServeHTTP(recorder, request)
		require.True(t, slices.Contains([]int{200, 202, 204, 400, 401, 404, 405, 413, 503}, recorder.Code), recorder.Code)
		after := rest(t, client)
		if recorder.Code == 200 || recorder.Code == 202 {
			for call := range client.Calls().All() {
				client.Calls().ForceRemove(call.ID())
			}
			return
		}
		require.Zero(t, recorder.Body.Len())
		require.Equal(t, before.Calls, after.Calls)
		require.Equal(t, placed(before), placed(after))
	})
}

type readCloser struct{ *bytes.Reader }

func (readCloser) Close() error { return nil }

// rest waits until the client has nothing left to do.
func rest(t *testing.T, client *statefulclient.Client) statefulclient.Stats {
	t.Helper()
	for {
		stats := client.Stats()
		if stats.Goroutines == 0 && stats.Parked == 0 {
			return stats
		}
		require.NoError(t, t.Context().Err())
		runtime.Gosched()
	}
}
