package inspector_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"go.uber.org/zap"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/inspector"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/store"
	"github.com/graphcalls/graphcalls-go/transport"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// rig is a bot on the simulator that answers whoever calls, with an inspector.
type rig struct {
	t         *testing.T
	platform  *simulator.Platform
	account   *simulator.Bot
	client    *statefulclient.Client
	inspector *inspector.Inspector
	server    *httptest.Server
	answering *statefulclient.Subscription
	build     func() *statefulclient.Client // another, which takes what comes from now on
}

// setup is what is different about a rig. The zero value is nothing.
type setup struct {
	platform    simulator.Options
	limits      statefulclient.Limits
	permissions []string
	logger      *zap.Logger
	store       store.Store
	instance    *statefulclient.Instance
}

func open(t *testing.T, options inspector.Options, changes ...setup) *rig {
	t.Helper()
	var with setup
	if len(changes) > 0 {
		with = changes[0]
	}
	platform, err := simulator.Start(with.platform)
	require.NoError(t, err)
	t.Cleanup(platform.Close)
	r := &rig{t: t, platform: platform, account: platform.RegisterBot(simulator.Bot{DisplayName: "Reception", Permissions: with.permissions})}
	provider, err := auth.NewClientCredentials(auth.ClientCredentialsOptions{
		AppID: r.account.AppID, Secret: r.account.Secret, Tenant: platform.Tenant().ID, HTTPClient: platform.Client(),
		Cloud: auth.Cloud{AuthorityURL: platform.AuthorityURL(), OpenIDConfigurationURL: platform.OpenIDConfigurationURL()},
	})
	require.NoError(t, err)
	t.Cleanup(provider.Close)
	var webhook atomic.Pointer[transport.Webhook]
	address, err := platform.Serve(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) { webhook.Load().ServeHTTP(w, q) }))
	require.NoError(t, err)
	r.account.SetCallingWebhook(address + "/api/calls")
	r.build = func() *statefulclient.Client {
		builder := statefulclient.NewStatefulClientBuilder("Reception", r.account.AppID).SetAuthenticationProvider(provider).
			SetNotificationUrl(address+"/api/calls").SetServiceBaseUrl(platform.ServiceBaseURL()).SetHttpClient(platform.Client(), nil).
			SetLimits(with.limits).SetLogger(with.logger).SetStore(with.store)
		if with.instance != nil {
			builder.SetInstance(*with.instance)
		}
		client, err := builder.Build()
		require.NoError(t, err)
		t.Cleanup(client.Close)
		webhook.Store(client.Webhook())
		return client
	}
	r.client = r.build()
	r.answering = r.client.Calls().OnIncoming(func(ctx context.Context, e statefulclient.IncomingCall) {
		_ = e.Call.Answer(ctx, statefulclient.AnswerOptions{})
	})
	r.watch(options)
	return r
}

// watch opens an inspector and serves it.
func (r *rig) watch(options inspector.Options) {
	pages := inspector.New(r.client, options)
	r.t.Cleanup(pages.Close)
	mux := http.NewServeMux()
	mux.Handle("/inspector/", pages)
	server := httptest.NewServer(mux)
	r.t.Cleanup(func() {
		pages.Close() // which ends what listens
		server.Close()
	})
	r.inspector, r.server = pages, server
}

// call has somebody call the bot, and waits until it is established.
func (r *rig) call(name string) (*simulator.IncomingCall, *simulator.Person) {
	r.t.Helper()
	person := r.platform.AddPerson(name)
	call := person.Call(r.account)
	require.NoError(r.t, call.WaitAnswered(r.soon()))
	return call, person
}

// soon is when a test gives up.
func (r *rig) soon() context.Context {
	ctx, cancel := context.WithTimeout(r.t.Context(), 10*time.Second)
	r.t.Cleanup(cancel)
	return ctx
}

func (r *rig) address(path string) string { return r.server.URL + "/inspector/" + path }

func (r *rig) get(path string) (int, string) {
	r.t.Helper()
	reply, err := http.Get(r.address(path))
	require.NoError(r.t, err)
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	require.NoError(r.t, err)
	return reply.StatusCode, string(text)
}

// event is a server-sent event.
type event struct {
	kind string
	data []byte
}

// stream is what somebody who listens is told.
type stream struct {
	t      *testing.T
	lines  *bufio.Scanner
	cancel context.CancelFunc
	all    strings.Builder
}

func (r *rig) listen(path string) *stream {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.t.Context()), 20*time.Second)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, r.address(path), nil)
	require.NoError(r.t, err)
	reply, err := http.DefaultClient.Do(request)
	require.NoError(r.t, err)
	require.Equal(r.t, http.StatusOK, reply.StatusCode)
	require.Equal(r.t, "text/event-stream", reply.Header.Get("Content-Type"))
	s := &stream{t: r.t, lines: bufio.NewScanner(reply.Body), cancel: cancel}
	s.lines.Buffer(nil, 1<<20)
	r.t.Cleanup(func() {
		cancel()
		_ = reply.Body.Close()
	})
	return s
}

// next waits for the next event; false when there are no more.
func (s *stream) next() (event, bool) {
	var e event
	for s.lines.Scan() {
		line := s.lines.Text()
		s.all.WriteString(line + "\n")
		if kind, ok := strings.CutPrefix(line, "event: "); ok {
			e.kind = kind
		}
		if data, ok := strings.CutPrefix(line, "data: "); ok {
			e.data = []byte(data)
		}
		if line == "" && e.kind != "" {
			return e, true
		}
	}
	return e, false
}

// row and note are what the page is told of calls and of what happened.
type row struct {
	ID, State, Kind, End, Trust, Private string
	People, Pending, Bad, Odd, Running   int
	Outgoing                             bool
	Began, Heard, Ended, KeepAlive       int64
}

type list struct {
	Live, Ended, Trouble, Matching, Refused int
	Order                                   []string
	Rows                                    []row
}

type note struct {
	N                                              uint64
	At                                             int64
	Kind, What, Detail, More, About, ID, Reply, By string
	Private                                        string
	Code, Subcode, Count                           int32
	Took                                           float64
	Marks                                          []string
}

func (n note) is(mark string) bool { return slices.Contains(n.Marks, mark) }

type detail struct {
	row

	Scenario, Chain, Tenant, Media string
	Updates, Inputs                int
	Pendings                       []struct{ What string }
	Posts                          struct {
		Came    uint64
		Refused map[string]uint64
	}
	Path  []struct{ State, Cause, Result string }
	Edges []struct {
		From, To string
		Times    int
	}
	Roster struct {
		Trust string
		Total int
		Seats []seat
	}
}

type seat struct {
	Who, Kind, ID, Recording string
	Self, Lobby, Muted, Held bool
	Streams                  []struct{ Kind, Direction string }
}

func decode[T any](t *testing.T, data []byte) T {
	t.Helper()
	var value T
	require.NoError(t, json.Unmarshal(data, &value))
	return value
}

// list asks for the calls of a query, as they stand.
func (r *rig) list(query string) list {
	r.t.Helper()
	s := r.listen("list?" + query)
	defer s.cancel()
	e, ok := s.next()
	require.True(r.t, ok)
	return decode[list](r.t, e.data)
}

// look asks for a call and its timeline, as they stand.
func (r *rig) look(id string) (detail, []note) {
	r.t.Helper()
	s := r.listen("call?id=" + id)
	defer s.cancel()
	e, ok := s.next()
	require.True(r.t, ok)
	require.Equal(r.t, "timeline", e.kind)
	notes := decode[struct{ Notes []note }](r.t, e.data).Notes
	e, ok = s.next()
	require.True(r.t, ok)
	require.Equal(r.t, "call", e.kind)
	return decode[detail](r.t, e.data), notes
}

// until looks at a call until its timeline is as it should be.
func (r *rig) until(id string, is func(detail, []note) bool) (detail, []note) {
	r.t.Helper()
	for late := time.Now().Add(10 * time.Second); ; {
		d, notes := r.look(id)
		if is(d, notes) {
			return d, notes
		}
		if time.Now().After(late) {
			require.Failf(r.t, "waited in vain", "%+v\n%+v", d, notes)
		}
	}
}

func find(notes []note, is func(note) bool) (note, bool) {
	if at := slices.IndexFunc(notes, is); at >= 0 {
		return notes[at], true
	}
	return note{}, false
}
