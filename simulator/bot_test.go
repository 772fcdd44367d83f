package simulator_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/simulator"
)

// handBot is a bot made by hand, with net/http and encoding/json alone.
type handBot struct {
	t        testing.TB
	platform *simulator.Platform
	bot      *simulator.Bot
	url      string
	token    string

	mu    sync.Mutex
	posts []post
	// respond, when set, answers in place of 202.
	respond func(w http.ResponseWriter, r *http.Request, p post)
}

// post is one notification as the bot got it.
type post struct {
	header http.Header
	path   string
	body   []byte
	value  map[string]any
}

func newHandBot(t *testing.T, configure ...func(*simulator.Options)) *handBot {
	t.Helper()
	platform := simulator.New(t, configure...)
	b := &handBot{t: t, platform: platform}
	base, err := platform.Serve(b)
	require.NoError(t, err)
	b.url = base + "/api/calls"
	b.bot = platform.RegisterBot(simulator.Bot{DisplayName: "Echo", CallingWebhook: b.url})
	b.token = b.fetchToken(platform.Tenant().ID)
	return b
}

func (b *handBot) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	p := post{header: r.Header.Clone(), path: r.URL.Path, body: body}
	var envelope struct{ Value []map[string]any }
	if json.Unmarshal(body, &envelope) == nil && len(envelope.Value) > 0 {
		p.value = envelope.Value[0]
	}
	b.mu.Lock()
	b.posts = append(b.posts, p)
	respond := b.respond
	b.mu.Unlock()
	if respond != nil {
		respond(w, r, p)
		return
	}
	w.WriteHeader(http.StatusAccepted)
}

func (b *handBot) respondWith(respond func(w http.ResponseWriter, r *http.Request, p post)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.respond = respond
}

func (b *handBot) received() []post {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]post(nil), b.posts...)
}

// heard are the posts so far, in short: what changed, and what was said.
func (b *handBot) heard() []string {
	var out []string
	for _, p := range b.received() {
		out = append(out, p.String())
	}
	return out
}

// since are the notifications after the first count, in short.
func (b *handBot) since(count int) []string {
	b.t.Helper()
	b.settle()
	return b.heard()[count:]
}

func (p post) data() map[string]any {
	data, _ := p.value["resourceData"].(map[string]any)
	return data
}

func (p post) String() string {
	if p.value == nil {
		return "?"
	}
	text, _ := p.value["changeType"].(string)
	if roster, ok := p.value["resourceData"].([]any); ok {
		return text + " roster of " + string(rune('0'+len(roster)))
	}
	data := p.data()
	for _, name := range []string{"state", "status"} {
		if value, ok := data[name].(string); ok {
			text += " " + value
		}
	}
	for _, name := range []string{"mediaState", "chatInfo", "meetingInfo", "toneInfo"} {
		if _, ok := data[name]; ok {
			text += " +" + name
		}
	}
	return text
}

// reply is what the service answered.
type reply struct {
	status int
	header http.Header
	body   []byte
	value  map[string]any
}

func (r reply) text(path ...string) string {
	value := any(r.value)
	for _, name := range path {
		object, _ := value.(map[string]any)
		value = object[name]
	}
	text, _ := value.(string)
	return text
}

func (b *handBot) fetchToken(tenant string) string {
	b.t.Helper()
	answer := b.askForToken(tenant, url.Values{
		"grant_type": {"client_credentials"}, "client_id": {b.bot.AppID},
		"client_secret": {b.bot.Secret}, "scope": {"https://graph.microsoft.com/.default"},
	})
	require.Equal(b.t, http.StatusOK, answer.status, string(answer.body))
	return answer.text("access_token")
}

func (b *handBot) askForToken(tenant string, form url.Values) reply {
	b.t.Helper()
	request, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost,
		b.platform.AuthorityURL()+"/"+tenant+"/oauth2/v2.0/token", strings.NewReader(form.Encode()))
	require.NoError(b.t, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := b.do(request)
	require.NoError(b.t, err)
	return answer
}

// ask sends a request to the service; path is below /communications/calls
// unless it has a host.
func (b *handBot) ask(method, path string, body any, header ...string) reply {
	b.t.Helper()
	answer, err := b.try(method, path, body, header...)
	require.NoError(b.t, err)
	return answer
}

// act asks for an action in a call.
func (b *handBot) act(call *simulator.Call, path string, body any) reply {
	b.t.Helper()
	return b.ask(http.MethodPost, "/"+call.ID()+path, body)
}

// onBeta is act on beta.
func (b *handBot) onBeta(call *simulator.Call, path string, body any) reply {
	b.t.Helper()
	return b.ask(http.MethodPost, strings.TrimSuffix(b.platform.ServiceBaseURL(), "/v1.0")+"/beta/communications/calls/"+call.ID()+path, body)
}

func (b *handBot) try(method, path string, body any, header ...string) (reply, error) {
	b.t.Helper()
	var text []byte
	switch body := body.(type) {
	case nil:
	case string:
		text = []byte(body)
	default:
		var err error
		text, err = json.Marshal(body)
		require.NoError(b.t, err)
	}
	address := path
	if !strings.HasPrefix(path, "https://") {
		address = b.platform.ServiceBaseURL() + "/communications/calls" + path
	}
	request, err := http.NewRequestWithContext(b.t.Context(), method, address, bytes.NewReader(text))
	require.NoError(b.t, err)
	request.Header.Set("Authorization", "Bearer "+b.token)
	if text != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	return b.do(request)
}

func (b *handBot) do(request *http.Request) (reply, error) {
	response, err := b.platform.Client().Do(request)
	if err != nil {
		return reply{}, err
	}
	defer response.Body.Close()
	answer := reply{status: response.StatusCode, header: response.Header}
	answer.body, err = io.ReadAll(response.Body)
	require.NoError(b.t, err)
	_ = json.Unmarshal(answer.body, &answer.value)
	return answer, nil
}

func (b *handBot) serviceMedia() map[string]any {
	return map[string]any{"@odata.type": "#microsoft.graph.serviceHostedMediaConfig"}
}

func (b *handBot) callTo(people ...*simulator.Person) map[string]any {
	var targets []any
	for _, person := range people {
		targets = append(targets, map[string]any{
			"@odata.type": "#microsoft.graph.invitationParticipantInfo",
			"identity":    map[string]any{"user": map[string]any{"id": person.ID}},
		})
	}
	return map[string]any{
		"@odata.type": "#microsoft.graph.call", "callbackUri": b.url + "/created", "targets": targets,
		"requestedModalities": []string{"audio"}, "mediaConfig": b.serviceMedia(),
	}
}

func (b *handBot) joining(meeting *simulator.Meeting) map[string]any {
	chat, info := meeting.Coordinates()
	return map[string]any{
		"callbackUri": b.url + "/created", "requestedModalities": []string{"audio"}, "mediaConfig": b.serviceMedia(),
		"tenantId": meeting.Organizer.TenantID,
		"chatInfo": map[string]any{"threadId": chat.ThreadID, "messageId": chat.MessageID},
		"meetingInfo": map[string]any{
			"@odata.type": "#microsoft.graph.organizerMeetingInfo",
			"organizer":   map[string]any{"user": map[string]any{"id": info.Organizer.User.ID}},
		},
	}
}

// create makes a call and returns its handle on the platform.
func (b *handBot) create(body map[string]any) *simulator.Call {
	b.t.Helper()
	answer := b.ask(http.MethodPost, "", body)
	require.Equal(b.t, http.StatusCreated, answer.status, string(answer.body))
	call := b.platform.Call(answer.text("id"))
	require.NotNil(b.t, call)
	return call
}

// settle waits until all that is to be sent has been sent.
func (b *handBot) settle() {
	b.t.Helper()
	require.NoError(b.t, b.platform.WaitIdle(b.soon()))
}

func (b *handBot) soon() context.Context {
	ctx, cancel := context.WithTimeout(b.t.Context(), 10*time.Second)
	b.t.Cleanup(cancel)
	return ctx
}
