package statefulclient_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// The tests of documented*_test.go play the examples of the platform's
// documentation. The files in testdata/documented have their shape, property
// by property, with names and ids of our own: one file for each example, one
// section for each body, in the order of the page.

// Who and where the examples are about.
const (
	documentedTenant   = "7d1f6c2a-0b4e-4f39-9c55-3ea0d2b71c04"
	documentedCallback = "https://bot.contoso.com/api/calls"
	documentedThread   = "19:meeting_ZGFpbHktc3RhbmQtdXAtYXQtbmluZQ@thread.v2"
	documentedChannel  = "19:4f7c1d0e9b8a43d2a6c5e7f801b2c3d4@thread.tacv2"
	documentedBlob     = `{"mpUri":"net.tcp://bot.contoso.com:14217/MediaProcessor","audioRenderContexts":["render-1"],` +
		`"videoRenderContexts":[],"supportedAudioFormat":"Pcm16K"}`

	application = "3c5b9a10-6e2d-4b87-8f14-a90c7d3e5b21"
	instance    = "e2a4d6f8-1b3c-4d5e-8f70-91a2b3c4d5e6"
	lidia       = "91c0e7b3-2f5a-46d8-b1e9-7c4d0a6f3e28"
	miriam      = "5fd28a41-c7e3-4096-8b2d-16f9e0c3a754"
	diego       = "0a7b3c9d-84e1-4f26-95d0-bc61e2f7a38d"
	guest       = "c8e1f3a5-7b2d-4906-8e4c-d5a6b7f80912"
	botInCall   = "f09b6d3e-4a1c-4d87-a2e5-8c7b1f0d9e63"
	lidiaInCall = "a61d0c8f-3b7e-4925-9d40-e2f1c5b8a736"
	miriamThere = "2bd947e0-8c5f-4a13-b6e8-07d1f3a9c452"
)

// script is one example: its bodies, by the headings of its file.
type script map[string]string

func readScript(t *testing.T, name string) script {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "documented", name+".txt"))
	require.NoError(t, err)
	s, heading := script{}, ""
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "-- "); ok {
			heading = strings.TrimSuffix(rest, " --\n")
			continue
		}
		s[heading] += line
	}
	return s
}

// documentedService answers as the documentation says, to the letter. The
// simulator answers as the service does, which is not the same.
type documentedService struct {
	mu    sync.Mutex
	reply string // to what creates a call
	sent  []documentedRequest
}

type documentedRequest struct{ method, path, body string }

func (s *documentedService) replyWith(reply string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reply = reply
}

func (s *documentedService) requests() []documentedRequest {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.sent)
}

func (s *documentedService) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(request.Body)
	if err != nil || !strings.HasPrefix(request.Header.Get("Authorization"), "Bearer ") {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent = append(s.sent, documentedRequest{request.Method, request.URL.Path, string(body)})
	switch {
	case request.Method == http.MethodPost && request.URL.Path == "/v1.0/communications/calls":
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Location", "https://"+request.Host+request.URL.Path+"/from-the-location")
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, s.reply)
	case request.Method == http.MethodDelete:
		w.WriteHeader(http.StatusNoContent)
	case request.Method == http.MethodPost:
		s.act(w, request.URL.Path, body)
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

// act answers an action: the ones without an operation with 202 and no body,
// the others with an operation that has completed.
func (s *documentedService) act(w http.ResponseWriter, path string, body []byte) {
	switch path[strings.LastIndexByte(path, '/')+1:] {
	case "answer", "reject", "redirect", "transfer", "changeScreenSharingRole":
		w.WriteHeader(http.StatusAccepted)
		return
	}
	var asked struct {
		ClientContext string `json:"clientContext"`
	}
	if err := json.Unmarshal(body, &asked); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = fmt.Fprintf(w, `{"id":"operation-1","status":"Completed","clientContext":%q}`, asked.ClientContext)
}

// documentedRig is the bot of the examples between the two: it sends its
// requests to the documented service, and gets its tokens and, with real ones,
// its notifications from a platform.
type documentedRig struct {
	*rig
	service   *documentedService
	edges     inbox[statefulclient.StateChanged]
	lobby     inbox[statefulclient.LobbyChanged]
	unmatched inbox[statefulclient.Unmatched]
}

func newDocumentedRig(t *testing.T, limits statefulclient.Limits) *documentedRig {
	t.Helper()
	platform, service := simulator.New(t), &documentedService{}
	bot := platform.RegisterBot(simulator.Bot{AppID: application, DisplayName: "Concierge", TenantID: documentedTenant})
	base, err := platform.Serve(service)
	require.NoError(t, err)
	provider, err := auth.NewClientCredentials(auth.ClientCredentialsOptions{
		AppID: bot.AppID, Secret: bot.Secret, Tenant: documentedTenant, HTTPClient: platform.Client(),
		Cloud: auth.Cloud{AuthorityURL: platform.AuthorityURL(), OpenIDConfigurationURL: platform.OpenIDConfigurationURL()},
	})
	require.NoError(t, err)
	t.Cleanup(provider.Close)
	client, err := statefulclient.NewStatefulClientBuilder("Concierge", bot.AppID).
		SetAuthenticationProvider(provider).
		SetNotificationUrl(documentedCallback).
		SetServiceBaseUrl(base+"/v1.0").
		SetHttpClient(platform.Client(), nil).
		SetLimits(limits).
		Build()
	require.NoError(t, err)
	t.Cleanup(client.Close)
	webhook, err := platform.Serve(client.Handler())
	require.NoError(t, err)
	bot.SetCallingWebhook(webhook + "/api/calls")
	d := &documentedRig{
		&rig{t: t, platform: platform, bot: bot, client: client}, service,
		newInbox[statefulclient.StateChanged](), newInbox[statefulclient.LobbyChanged](), newInbox[statefulclient.Unmatched](),
	}
	statefulclient.On(client.Calls(), d.edges.put)
	statefulclient.On(client.Calls(), d.lobby.put)
	client.OnUnmatched(d.unmatched.put)
	return d
}

// post sends a body to the bot's webhook, with a token, waits until all that
// comes of it is told, and returns the status the bot answered.
func (d *documentedRig) post(body string) int {
	d.t.Helper()
	require.NotEmpty(d.t, body, "the script has no such section")
	exchange, err := d.platform.Post(d.context(), d.bot, []byte(body), simulator.PostOptions{})
	require.NoError(d.t, err)
	require.Empty(d.t, exchange.ResponseBody)
	d.settled()
	return exchange.Status
}

// told takes the edges told since it was last asked, as "old → new", with the
// states that were skipped in brackets.
func (d *documentedRig) told() []string {
	var edges []string
	for len(d.edges) > 0 {
		e := <-d.edges
		text := fmt.Sprintf("%s → %s", e.Old, e.New)
		if len(e.Skipped) > 0 {
			text += fmt.Sprint(" ", e.Skipped)
		}
		edges = append(edges, text)
	}
	return edges
}

// people lists who is in the roster of all calls there are, by id.
func (d *documentedRig) people() []string {
	var ids []string
	for call := range d.client.Calls().All() {
		for person := range call.Participants().All() {
			ids = append(ids, person.ID())
		}
	}
	slices.Sort(ids)
	return ids
}

// requireSent checks the last request against the documented one.
func (d *documentedRig) requireSent(path, documented string) {
	d.t.Helper()
	sent := d.service.requests()
	require.NotEmpty(d.t, sent)
	last := sent[len(sent)-1]
	require.Equal(d.t, "POST "+path, last.method+" "+last.path)
	requireSays(d.t, documented, last.body)
}

func requireSays(t *testing.T, documented, said string) {
	t.Helper()
	var want, got any
	require.NoError(t, json.Unmarshal([]byte(documented), &want))
	require.NoError(t, json.Unmarshal([]byte(said), &got), said)
	require.Empty(t, differences("", want, got))
}

// differences compares JSON property by property. What the documentation
// spells out as null, false or empty may be left out, which says the same; and
// a type may be named where the documentation does not, but not the reverse.
func differences(path string, documented, said any) []string {
	var found []string
	want, isObject := documented.(map[string]any)
	got, alsoObject := said.(map[string]any)
	if isObject && alsoObject {
		for name, value := range want {
			if other, there := got[name]; there {
				found = append(found, differences(path+"/"+name, value, other)...)
			} else if !saysNothing(value) {
				found = append(found, path+"/"+name+": left out")
			}
		}
		for name, value := range got {
			if _, known := want[name]; !known && name != "@odata.type" && !saysNothing(value) {
				found = append(found, path+"/"+name+": not documented")
			}
		}
		return found
	}
	wants, isList := documented.([]any)
	gots, alsoList := said.([]any)
	if isList && alsoList && len(wants) == len(gots) {
		for i := range wants {
			found = append(found, differences(fmt.Sprintf("%s/%d", path, i), wants[i], gots[i])...)
		}
		return found
	}
	if saysNothing(documented) && saysNothing(said) || reflect.DeepEqual(documented, said) {
		return nil
	}
	return []string{fmt.Sprintf("%s: %v, not %v", path, said, documented)}
}

func saysNothing(value any) bool {
	list, isList := value.([]any)
	return value == nil || value == false || isList && len(list) == 0
}

func encoded(t *testing.T, resource any) string {
	t.Helper()
	text, err := resources.Encode(resource)
	require.NoError(t, err)
	return string(text)
}
