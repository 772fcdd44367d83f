package transport_test

import (
	"context"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/transport"
)

const (
	appID      = "11111111-2222-3333-4444-555555555555"
	tenantID   = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
	scenarioID = "99999999-8888-7777-6666-555555555555"
	callsPath  = "communications/calls"
	callPath   = "communications/calls/4d1f5d00-1a60-4db8-bed0-706b16a6cf67"
)

// service plays the Graph calls API: it answers with one handler after another, the last for good, and keeps what it
// was asked.
type service struct {
	*httptest.Server

	mu       sync.Mutex
	handlers []http.HandlerFunc
	seen     []seenRequest
}

type seenRequest struct {
	method, path, query, proto string
	header                     http.Header
	body                       string
}

func startService(t testing.TB, handlers ...http.HandlerFunc) *service {
	t.Helper()
	s := &service{handlers: handlers}
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(s.serve))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

func (s *service) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.next(seenRequest{r.Method, r.URL.EscapedPath(), r.URL.RawQuery, r.Proto, r.Header.Clone(), string(body)})(w, r)
}

func (s *service) next(request seenRequest) http.HandlerFunc {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = append(s.seen, request)
	handler := s.handlers[0]
	if len(s.handlers) > 1 {
		s.handlers = s.handlers[1:]
	}
	return handler
}

func (s *service) requests() []seenRequest {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]seenRequest(nil), s.seen...)
}

// client makes a client of the service that waits little between attempts.
func (s *service) client(t testing.TB, change ...func(*transport.ClientOptions)) *transport.Client {
	t.Helper()
	options := transport.ClientOptions{
		BaseURL:    s.URL + "/v1.0",
		Provider:   tokensFrom(t, func(tenant string) string { return "token-for-" + tenant }),
		HTTPClient: s.Client(),
		RetryDelay: time.Millisecond,
	}
	for _, apply := range change {
		apply(&options)
	}
	client, err := transport.NewClient(options)
	require.NoError(t, err)
	t.Cleanup(client.CloseIdleConnections)
	return client
}

// tokensFrom is a real provider whose tokens are made here.
func tokensFrom(t testing.TB, token func(tenant string) string) *auth.ClientCredentials {
	t.Helper()
	provider, err := auth.NewClientCredentials(auth.ClientCredentialsOptions{
		AppID:  appID,
		Tenant: tenantID,
		TokenFunc: func(_ context.Context, tenant string) (string, time.Time, error) {
			return token(tenant), time.Now().Add(time.Hour), nil
		},
	})
	require.NoError(t, err)
	t.Cleanup(provider.Close)
	return provider
}

func answer(status int, headers ...string) http.HandlerFunc {
	return answerWith(status, "", headers...)
}

func answerWith(status int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

// hangUp closes the connection after the request was read.
func hangUp(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// never does not answer, not even once the client gives up: an answer could still reach a client about to hang up.
func never(_ http.ResponseWriter, r *http.Request) {
	<-r.Context().Done()
	panic(http.ErrAbortHandler)
}

func failure(t testing.TB, err error) *transport.Error {
	t.Helper()
	var failed *transport.Error
	require.ErrorAs(t, err, &failed)
	return failed
}
