package control_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/simulator/control"
)

const token = "a-token-of-the-tests"

// desk is a platform with its control server, and a bot that answers calls and
// asks for tones.
type desk struct {
	t        *testing.T
	platform *simulator.Platform
	bot      *simulator.Bot
	server   *control.Server
	url      string
	spec     *spec
}

func newDesk(t *testing.T, configure ...func(*simulator.Options)) *desk {
	t.Helper()
	echo := &echoBot{}
	t.Cleanup(func() { echo.busy.Wait() }) // when the platform is closed, and calls it no more
	platform := simulator.New(t, configure...)
	echo.platform = platform
	d := &desk{t: t, platform: platform, server: control.New(platform, control.Options{Token: token}), spec: readSpec(t)}
	web := httptest.NewServer(d.server)
	t.Cleanup(func() {
		d.server.Close()
		web.Close()
	})
	d.url = web.URL
	address, err := platform.Serve(echo)
	require.NoError(t, err)
	d.bot = platform.RegisterBot(simulator.Bot{DisplayName: "Echo", CallingWebhook: address + "/api/calls"})
	echo.bot = d.bot
	d.server.AddBot(d.bot)
	return d
}

// echoBot answers every call it gets, and asks for its tones.
type echoBot struct {
	platform *simulator.Platform
	bot      *simulator.Bot
	busy     sync.WaitGroup
}

func (b *echoBot) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var envelope struct {
		Value []struct {
			ResourceURL  string `json:"resourceUrl"`
			ResourceData json.RawMessage
		}
	}
	if json.NewDecoder(r.Body).Decode(&envelope) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	for _, news := range envelope.Value {
		var call struct{ State string }
		if json.Unmarshal(news.ResourceData, &call) != nil {
			continue
		}
		switch call.State {
		case "incoming":
			b.busy.Go(func() {
				b.post(news.ResourceURL+"/answer", `{"callbackUri":"`+b.bot.CallingWebhook+`","mediaConfig":{"@odata.type":"#microsoft.graph.serviceHostedMediaConfig"},"acceptedModalities":["audio"]}`)
			})
		case "established":
			if bytes.Contains(news.ResourceData, []byte("mediaState")) {
				b.busy.Go(func() { b.post(news.ResourceURL+"/subscribeToTone", `{}`) })
			}
		}
	}
	w.WriteHeader(http.StatusAccepted)
}

func (b *echoBot) post(path, body string) {
	request, err := http.NewRequest(http.MethodPost, b.platform.ServiceBaseURL()+path, strings.NewReader(body))
	if err != nil {
		return
	}
	access, err := b.platform.AccessToken(b.bot, b.bot.TenantID)
	if err != nil {
		return
	}
	request.Header.Set("Authorization", "Bearer "+access)
	request.Header.Set("Content-Type", "application/json")
	if reply, err := b.platform.Client().Do(request); err == nil {
		reply.Body.Close()
	}
}

// ask sends a request and checks that what goes out and what comes back is as
// the API is described.
func (d *desk) ask(method, path string, body any) (int, any) {
	d.t.Helper()
	text := []byte(nil)
	if body != nil {
		var err error
		text, err = json.Marshal(body)
		require.NoError(d.t, err)
	}
	request, err := http.NewRequestWithContext(d.t.Context(), method, d.url+path, bytes.NewReader(text))
	require.NoError(d.t, err)
	request.Header.Set("Authorization", "Bearer "+token)
	if text != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	reply, err := http.DefaultClient.Do(request)
	require.NoError(d.t, err)
	defer reply.Body.Close()
	answer, err := io.ReadAll(reply.Body)
	require.NoError(d.t, err)
	d.spec.checkReply(d.t, method, request.URL, reply.StatusCode, answer)
	var value any
	if len(answer) > 0 {
		require.NoError(d.t, json.Unmarshal(answer, &value))
	}
	return reply.StatusCode, value
}

// do asks for something that has to succeed.
func (d *desk) do(method, path string, body any) map[string]any {
	d.t.Helper()
	status, value := d.ask(method, path, body)
	require.Less(d.t, status, 300, "%s %s: %v", method, path, value)
	object, _ := value.(map[string]any)
	return object
}

// refused asks for something that has to fail, and returns the message.
func (d *desk) refused(status int, method, path string, body any) string {
	d.t.Helper()
	got, value := d.ask(method, path, body)
	require.Equal(d.t, status, got, "%s %s: %v", method, path, value)
	return value.(map[string]any)["error"].(map[string]any)["message"].(string)
}

func (d *desk) person(name string) string {
	d.t.Helper()
	return d.do("POST", "/v1/people", m{"displayName": name})["id"].(string)
}

// callBot has somebody new call the bot, which answers.
func (d *desk) callBot() (person, call string) {
	d.t.Helper()
	person = d.person("Adele Vance")
	call = d.do("POST", "/v1/people/"+person+"/call", m{})["id"].(string)
	d.waitFor(func() bool { return d.platform.Call(call).Facts().TonesSubscribed })
	return person, call
}

func (d *desk) waitFor(condition func() bool) {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), 10*time.Second)
	defer cancel()
	require.NoError(d.t, d.platform.WaitUntil(ctx, condition))
}

func (d *desk) call(id string) map[string]any {
	d.t.Helper()
	return d.do("GET", "/v1/calls/"+id, nil)
}

type m = map[string]any

func escape(id string) string { return url.PathEscape(id) }

// listener reads the stream of events.
type listener struct {
	t      *testing.T
	lines  *bufio.Scanner
	lastID string
}

func (d *desk) listen(lastID string) *listener {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), 20*time.Second)
	d.t.Cleanup(cancel)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, d.url+"/v1/events", http.NoBody)
	require.NoError(d.t, err)
	request.Header.Set("Authorization", "Bearer "+token)
	if lastID != "" {
		request.Header.Set("Last-Event-ID", lastID)
	}
	reply, err := http.DefaultClient.Do(request)
	require.NoError(d.t, err)
	d.t.Cleanup(func() { reply.Body.Close() })
	require.Equal(d.t, "text/event-stream", reply.Header.Get("Content-Type"))
	return d.read(reply.Body)
}

func (d *desk) read(stream io.Reader) *listener {
	lines := bufio.NewScanner(stream)
	lines.Buffer(nil, 4<<20)
	return &listener{t: d.t, lines: lines}
}

// listenSlowly opens the stream on a connection that holds nothing: the server
// has begun to write the first event, and gets on as the listener reads.
func (d *desk) listenSlowly() *listener {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), 20*time.Second)
	request := httptest.NewRequestWithContext(ctx, http.MethodGet, d.url+"/v1/events", http.NoBody)
	request.Header.Set("Authorization", "Bearer "+token)
	near, far := io.Pipe()
	context.AfterFunc(ctx, func() { near.Close() })
	var serving sync.WaitGroup
	serving.Go(func() { d.server.ServeHTTP(unbuffered{far, http.Header{}}, request) })
	d.t.Cleanup(func() {
		cancel()
		serving.Wait()
	})
	begun := make([]byte, 1)
	_, err := io.ReadFull(near, begun)
	require.NoError(d.t, err)
	return d.read(io.MultiReader(bytes.NewReader(begun), near))
}

// unbuffered is a response that is written when it is read.
type unbuffered struct {
	io.Writer

	header http.Header
}

func (u unbuffered) Header() http.Header { return u.header }
func (unbuffered) WriteHeader(int)       {}
func (unbuffered) Flush()                {}

// next returns the next event, or false when the stream has ended.
func (l *listener) next() (kind string, value map[string]any, more bool) {
	l.t.Helper()
	for l.lines.Scan() {
		name, rest, _ := strings.Cut(l.lines.Text(), ": ")
		switch name {
		case "id":
			l.lastID = rest
		case "event":
			kind = rest
		case "data":
			require.NoError(l.t, json.Unmarshal([]byte(rest), &value))
			return kind, value, true
		}
	}
	return "", nil, false
}

// until returns the first event of a kind that matches.
func (l *listener) until(kind string, matches func(map[string]any) bool) map[string]any {
	l.t.Helper()
	for {
		got, value, more := l.next()
		require.True(l.t, more, "the stream ended before there was such a %s", kind)
		if got == kind && matches(value) {
			return value
		}
	}
}
