package transport_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/transport"
)

const uuid4 = `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`

func TestRequestCarriesItsHeadersAndBody(t *testing.T) {
	s := startService(t, answerWith(http.StatusCreated, `{"id":"1"}`, "Location", "/there", "Request-Id", "server-1"))
	client := s.client(t, func(o *transport.ClientOptions) {
		o.Headers = http.Header{"X-Bot": {"echo"}}
		o.UserAgent = "EchoBot/1.0"
	})
	reply, err := client.Do(t.Context(), transport.Request{
		Method:     http.MethodPost,
		Path:       callsPath,
		Tenant:     "contoso.com",
		ScenarioID: scenarioID,
		Body:       &resources.Call{Subject: "greeting"},
	})
	require.NoError(t, err)
	require.Equal(t, http.StatusCreated, reply.StatusCode)
	require.Equal(t, "/there", reply.Location)
	require.Equal(t, "server-1", reply.RequestID)
	require.Equal(t, scenarioID, reply.ScenarioID)
	require.JSONEq(t, `{"id":"1"}`, string(reply.Body))

	seen := s.requests()[0]
	require.Equal(t, "/v1.0/communications/calls", seen.path)
	require.JSONEq(t, `{"@odata.type":"#microsoft.graph.call","subject":"greeting"}`, seen.body)
	require.Equal(t, "Bearer token-for-contoso.com", seen.header.Get("Authorization"))
	require.Equal(t, reply.ClientRequestID, seen.header.Get("Client-Request-Id"))
	require.Regexp(t, uuid4, reply.ClientRequestID)
	require.Equal(t, scenarioID, seen.header.Get("Scenario-Id"))
	require.Equal(t, "application/json", seen.header.Get("Content-Type"))
	require.Equal(t, "application/json", seen.header.Get("Accept"))
	require.Equal(t, "EchoBot/1.0", seen.header.Get("User-Agent"))
	require.Equal(t, "echo", seen.header.Get("X-Bot"))
}

func TestRequestBodies(t *testing.T) {
	type mute struct {
		resources.Wire
		ClientContext string `json:"clientContext"`
	}
	for _, c := range []struct {
		body any
		sent string
	}{
		{nil, ""},
		{&mute{ClientContext: "a"}, `{"clientContext":"a"}`},
		{resources.Raw(`{"b":1}`), `{"b":1}`},
	} {
		s := startService(t, answer(http.StatusOK))
		_, err := s.client(t).Do(t.Context(), transport.Request{Method: http.MethodPost, Path: callPath + "/mute", Body: c.body})
		require.NoError(t, err)
		require.Equal(t, c.sent, s.requests()[0].body)
		require.Equal(t, c.sent != "", s.requests()[0].header.Get("Content-Type") != "")
	}
}

func TestRequestsThatCannotBeSent(t *testing.T) {
	s := startService(t, answer(http.StatusOK))
	client := s.client(t)
	for _, r := range []transport.Request{
		{Path: "https://elsewhere.test/communications/calls"},
		{Path: "//elsewhere.test/calls"},
		{Path: "communications/calls//answer"},
		{Path: "communications/calls/"},
		{Path: "communications/../admin"},
		{Path: "communications/%2e%2e/admin"},
		{Path: "communications/calls#fragment"},
		{Path: ""},
		{Path: "a:b"},
		{Path: callsPath, ScenarioID: "a\r\nAuthorization: b"},
		{Path: callsPath, Body: struct{ Name string }{"not a resource"}},
		{Path: callsPath, Body: "text"},
		{Path: callsPath, Method: "GET POST"},
	} {
		_, err := client.Do(t.Context(), r)
		require.ErrorContains(t, err, "transport:", "%+v", r)
	}
	require.Empty(t, s.requests())
}

func TestPathsKeepEscapedIDsAndQueries(t *testing.T) {
	s := startService(t, answer(http.StatusOK))
	_, err := s.client(t).Do(t.Context(), transport.Request{Path: "/communications/calls/a%2Fb%20c?$filter=id%20eq%20'1'"})
	require.NoError(t, err)
	require.Equal(t, http.MethodGet, s.requests()[0].method)
	require.Equal(t, "/v1.0/communications/calls/a%2Fb%20c", s.requests()[0].path)
	require.Equal(t, "$filter=id%20eq%20'1'", s.requests()[0].query)
}

func TestMistakesInOptionsAreReportedTogether(t *testing.T) {
	_, err := transport.NewClient(transport.ClientOptions{
		BaseURL:     "http://graph.microsoft.com/v1.0",
		Headers:     http.Header{"authorization": {"Bearer x"}, "Idempotency-Key": {"1"}},
		RetryBudget: -1,
	})
	for _, mistake := range []string{"not https", "Provider is missing", "Authorization", "Idempotency-Key", "negative"} {
		require.ErrorContains(t, err, mistake)
	}
	for _, address := range []string{"", "graph", "https://", "https://user@host/", "https://host/?a=b", "https://host/#a"} {
		_, err := transport.NewClient(transport.ClientOptions{BaseURL: address})
		require.ErrorContains(t, err, "BaseURL", address)
	}
}

func TestRedirectIsNotFollowed(t *testing.T) {
	foreign := startService(t, answer(http.StatusOK))
	s := startService(t, answer(http.StatusTemporaryRedirect, "Location", foreign.URL+"/v1.0/"+callPath))
	_, err := s.client(t).Do(t.Context(), transport.Request{Path: callPath})
	require.Equal(t, http.StatusTemporaryRedirect, failure(t, err).StatusCode)
	require.Contains(t, failure(t, err).Remedy(), "base URL")
	require.Empty(t, foreign.requests())
}

func TestReplyOfUnreasonableSizeIsRefused(t *testing.T) {
	s := startService(t, func(w http.ResponseWriter, _ *http.Request) {
		for range 17 {
			if _, err := w.Write(make([]byte, 1<<20)); err != nil {
				return
			}
		}
	})
	_, err := s.client(t).Do(t.Context(), transport.Request{Path: callPath})
	require.ErrorContains(t, err, "too large")
	require.Len(t, s.requests(), 1)
}

func TestRateLimit(t *testing.T) {
	s := startService(t, answer(http.StatusOK))
	client := s.client(t, func(o *transport.ClientOptions) { o.RequestsPerSecond, o.RequestBurst = 20, 1 })
	start := time.Now()
	for range 4 {
		_, err := client.Do(t.Context(), transport.Request{Path: callPath})
		require.NoError(t, err)
	}
	require.GreaterOrEqual(t, time.Since(start), 140*time.Millisecond)
}

func TestRateLimitKnowsTheDeadline(t *testing.T) {
	s := startService(t, answer(http.StatusOK))
	client := s.client(t, func(o *transport.ClientOptions) { o.RequestsPerSecond, o.RequestBurst = 0.001, 1 })
	_, err := client.Do(t.Context(), transport.Request{Path: callPath})
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	start := time.Now()
	_, err = client.Do(ctx, transport.Request{Method: http.MethodPost, Path: callsPath})
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.ErrorContains(t, err, "not sent")
	require.False(t, failure(t, err).EffectUnknown)
	require.Less(t, time.Since(start), 10*time.Second)
	require.Len(t, s.requests(), 1)
}

func TestObserverSeesARequestOnce(t *testing.T) {
	s := startService(t, answer(http.StatusBadGateway), answerWith(http.StatusOK, "{}", "Request-Id", "server-1"))
	var begun []string
	var seen []transport.Exchange
	client := s.client(t, func(o *transport.ClientOptions) {
		o.Observe = func(ctx context.Context, r transport.Request) (context.Context, func(transport.Exchange)) {
			begun = append(begun, r.Route())
			return ctx, func(e transport.Exchange) { seen = append(seen, e) }
		}
	})
	reply, err := client.Do(t.Context(), transport.Request{Path: callPath + "/participants/p1?a=b", ScenarioID: scenarioID})
	require.NoError(t, err)
	require.Equal(t, []string{"communications/calls/{id}/participants/{id}"}, begun)
	require.Len(t, seen, 1)
	require.Positive(t, seen[0].Duration)
	seen[0].Duration = 0
	require.Equal(t, transport.Exchange{
		Method:          http.MethodGet,
		Route:           "communications/calls/{id}/participants/{id}",
		StatusCode:      http.StatusOK,
		Attempts:        2,
		RequestID:       "server-1",
		ClientRequestID: reply.ClientRequestID,
		ScenarioID:      scenarioID,
	}, seen[0])
}

// What an observer puts into the context goes with the request.
func TestObserversContextIsTheRequests(t *testing.T) {
	type key struct{}
	s := startService(t, answer(http.StatusOK))
	var carried any
	client := s.client(t, func(o *transport.ClientOptions) {
		o.Observe = func(ctx context.Context, _ transport.Request) (context.Context, func(transport.Exchange)) {
			return context.WithValue(ctx, key{}, "mark"), nil
		}
		wire := o.HTTPClient.Transport
		o.HTTPClient = &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			carried = r.Context().Value(key{})
			return wire.RoundTrip(r)
		})}
	})
	_, err := client.Do(t.Context(), transport.Request{Path: callPath})
	require.NoError(t, err)
	require.Equal(t, "mark", carried)
}

func TestRoutesHoldNoIDs(t *testing.T) {
	s := startService(t, answer(http.StatusOK))
	var route string
	client := s.client(t, func(o *transport.ClientOptions) {
		o.Observe = func(ctx context.Context, r transport.Request) (context.Context, func(transport.Exchange)) {
			route = r.Route()
			return ctx, nil
		}
	})
	for path, want := range map[string]string{
		"communications/calls":                                "communications/calls",
		"app/calls/AB12/answer":                               "app/calls/{id}/answer",
		"communications/calls/1/participants/invite":          "communications/calls/{id}/participants/invite",
		"communications/calls/1/participants/2/mute":          "communications/calls/{id}/participants/{id}/mute",
		"communications/calls/1/audioRoutingGroups/oneToOne":  "communications/calls/{id}/audioRoutingGroups/{id}",
		"users/someone%40contoso.com/onlineMeetings/3":        "users/{id}/onlineMeetings/{id}",
		"communications/calls/logTeleconferenceDeviceQuality": "communications/calls/logTeleconferenceDeviceQuality",
	} {
		_, err := client.Do(t.Context(), transport.Request{Path: path})
		require.NoError(t, err)
		require.Equal(t, want, route)
	}
}

func TestEachAttemptIsLogged(t *testing.T) {
	s := startService(t, answer(http.StatusBadGateway), answer(http.StatusOK, "Request-Id", "server-1"))
	core, lines := observer.New(zap.DebugLevel)
	client := s.client(t, func(o *transport.ClientOptions) { o.Logger = zap.New(core) })
	reply, err := client.Do(t.Context(), transport.Request{Path: callPath, ScenarioID: scenarioID, Tenant: tenantID})
	require.NoError(t, err)
	require.Equal(t, 2, lines.Len())
	fields := lines.All()[1].ContextMap()
	require.Positive(t, fields["duration"])
	delete(fields, "duration")
	require.Equal(t, map[string]any{
		"method":          "GET",
		"route":           "communications/calls/{id}",
		"attempt":         int64(2),
		"status":          int64(200),
		"requestId":       "server-1",
		"clientRequestId": reply.ClientRequestID,
		"scenario":        scenarioID,
		"call":            "4d1f5d00-1a60-4db8-bed0-706b16a6cf67",
		"tenant":          tenantID,
	}, fields)
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
