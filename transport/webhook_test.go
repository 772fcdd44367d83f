// long: each way a POST is answered, in the order in which it is decided.

package transport_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/transport"
)

const goodBody = `{"@odata.type":"#microsoft.graph.commsNotifications","value":[{"changeType":"updated",` +
	`"resource":"/app/calls/1","resourceUrl":"/communications/calls/1","resourceData":{"@odata.type":` +
	`"#microsoft.graph.call","state":"established","subject":"Ada Lovelace"}}]}`

// inbox is a receiver that keeps deliveries, and answers as it is told.
type inbox struct {
	answer func(transport.Delivery) (transport.Answer, error)

	mu         sync.Mutex
	deliveries []transport.Delivery
}

func (i *inbox) Receive(_ context.Context, d transport.Delivery) (transport.Answer, error) {
	i.mu.Lock()
	i.deliveries = append(i.deliveries, d)
	i.mu.Unlock()
	if i.answer == nil {
		return transport.Answer{}, nil
	}
	return i.answer(d)
}

func (i *inbox) all() []transport.Delivery {
	i.mu.Lock()
	defer i.mu.Unlock()
	return append([]transport.Delivery(nil), i.deliveries...)
}

func answering(answer transport.Answer, err error) *inbox {
	return &inbox{answer: func(transport.Delivery) (transport.Answer, error) { return answer, err }}
}

func refusedTotal(stats transport.Stats) uint64 {
	var total uint64
	for _, n := range stats.Refused {
		total += n
	}
	return total
}

func TestDeliveryHasItsIDsAndNotifications(t *testing.T) {
	received := &inbox{}
	b := startBot(t, transport.WebhookOptions{Receiver: received})
	before := time.Now()
	response, body := b.notify(t, goodBody, withHeader("Scenario-Id", scenarioID+", "+scenarioID),
		withHeader("X-Microsoft-Skype-Original-Message-ID", "message-0"))
	require.Equal(t, http.StatusAccepted, response.StatusCode)
	require.Empty(t, body)
	require.Equal(t, "message-1", response.Header.Get("Client-Request-Id"))
	require.Equal(t, scenarioID, response.Header.Get("Scenario-Id"))

	require.Len(t, received.all(), 1)
	d := received.all()[0]
	require.Equal(t, tenantID, d.TenantID)
	require.Equal(t, "message-1", d.MessageID)
	require.Equal(t, "message-0", d.OriginalMessageID)
	require.Equal(t, "chain-1", d.ChainID)
	require.Equal(t, scenarioID, d.ScenarioID)
	require.Equal(t, "/api/calls", d.RequestURL)
	require.WithinRange(t, d.Received, before, time.Now())
	require.Len(t, d.Notifications.Value, 1)
	require.Equal(t, "Ada Lovelace", d.Notifications.Value[0].Data.(*resources.Call).Subject)
}

func TestScenarioIDFallsBackToTheChain(t *testing.T) {
	received := &inbox{}
	b := startBot(t, transport.WebhookOptions{Receiver: received})
	response, _ := b.notify(t, goodBody)
	require.Equal(t, "chain-1", response.Header.Get("Scenario-Id"))
	response, _ = b.notify(t, goodBody, withHeader("Scenario-Id", strings.Repeat("x", 5000)))
	require.Equal(t, "chain-1", response.Header.Get("Scenario-Id"))
	response, _ = b.notify(t, goodBody, withHeader("X-Microsoft-Skype-Message-ID", `<script>"`))
	require.Empty(t, response.Header.Get("Client-Request-Id"))
	require.Equal(t, "chain-1", received.all()[2].ScenarioID)
	require.Empty(t, received.all()[2].MessageID)
}

func TestRequestURLIsWhatThePlatformCalled(t *testing.T) {
	received := &inbox{}
	webhook := transport.NewWebhook(transport.WebhookOptions{Provider: startValidator(t), Receiver: received})
	server := httptest.NewServer(http.StripPrefix("/bots/echo", webhook))
	defer server.Close()
	b := &bot{Webhook: webhook, server: server, token: token(t, nil)}
	b.notify(t, goodBody, func(r *http.Request) { r.URL.Path, r.URL.RawQuery = "/bots/echo/calls/i-7", "c=a%20b" })
	require.Equal(t, "/bots/echo/calls/i-7?c=a%20b", received.all()[0].RequestURL)
}

func TestAnswers(t *testing.T) {
	accept := &resources.AcceptJoinResponse{}
	for name, c := range map[string]struct {
		answer   transport.Answer
		err      error
		status   int
		reason   transport.Reason
		location string
		body     string
	}{
		"accepted":        {status: 202},
		"redirected":      {answer: transport.Answer{RedirectTo: "https://eu.test/calls"}, status: 302, location: "https://eu.test/calls"},
		"redirected 307":  {answer: transport.Answer{RedirectTo: "https://eu.test/calls", RedirectStatus: 307}, status: 307, location: "https://eu.test/calls"},
		"redirected 200":  {answer: transport.Answer{RedirectTo: "https://eu.test/calls", RedirectStatus: 200}, status: 302, location: "https://eu.test/calls"},
		"to nowhere":      {answer: transport.Answer{RedirectTo: "eu\r\nX: y"}, status: 500, reason: transport.ReasonFailed},
		"to a path":       {answer: transport.Answer{RedirectTo: "/calls"}, status: 500, reason: transport.ReasonFailed},
		"joining":         {answer: transport.Answer{Joining: accept}, status: 200, body: `{"@odata.type":"#microsoft.graph.acceptJoinResponse"}`},
		"busy":            {err: fmt.Errorf("mailbox: %w", transport.ErrBusy), status: 503, reason: transport.ReasonBusy},
		"closed":          {err: transport.ErrClosed, status: 503, reason: transport.ReasonClosed},
		"misrouted":       {err: transport.ErrMisrouted, status: 503, reason: transport.ReasonMisrouted},
		"no route":        {err: transport.ErrNoRoute, status: 404, reason: transport.ReasonNoRoute},
		"failed":          {err: errors.New("disk"), status: 500, reason: transport.ReasonFailed},
		"failed, answers": {answer: transport.Answer{Joining: accept}, err: errors.New("disk"), status: 500, reason: transport.ReasonFailed},
	} {
		t.Run(name, func(t *testing.T) {
			b := startBot(t, transport.WebhookOptions{Receiver: answering(c.answer, c.err), RetryAfter: 7 * time.Second})
			response, body := b.notify(t, goodBody)
			require.Equal(t, c.status, response.StatusCode)
			require.Equal(t, c.location, response.Header.Get("Location"))
			require.Equal(t, c.status == 503, response.Header.Get("Retry-After") == "7")
			require.Equal(t, c.body, body)
			require.Equal(t, c.body != "", response.Header.Get("Content-Type") == "application/json")
			want := transport.Stats{Requests: 1}
			switch {
			case c.reason != "":
				want.Refused = map[transport.Reason]uint64{c.reason: 1}
			case c.location != "":
				want.Redirected = 1
			default:
				want.Accepted = 1
			}
			require.Equal(t, want, b.Stats())
		})
	}
}

func TestPanicInReceiver(t *testing.T) {
	core, lines := observer.New(zap.DebugLevel)
	received := &inbox{answer: func(d transport.Delivery) (transport.Answer, error) {
		if d.MessageID == "message-1" {
			panic("Ada Lovelace")
		}
		return transport.Answer{}, nil
	}}
	b := startBot(t, transport.WebhookOptions{Receiver: received, Logger: zap.New(core)})
	response, body := b.notify(t, goodBody)
	require.Equal(t, http.StatusInternalServerError, response.StatusCode)
	require.Empty(t, body)
	require.Equal(t, map[transport.Reason]uint64{transport.ReasonPanic: 1}, b.Stats().Refused)
	require.Contains(t, lines.All()[0].ContextMap()["stack"], "TestPanicInReceiver")
	require.NotContains(t, fmt.Sprint(lines.All()), "Lovelace")
	response, _ = b.notify(t, goodBody, withHeader("X-Microsoft-Skype-Message-ID", "message-2"))
	require.Equal(t, http.StatusAccepted, response.StatusCode)
}

func TestWithoutProviderNothingPasses(t *testing.T) {
	webhook := transport.NewWebhook(transport.WebhookOptions{Receiver: &inbox{}})
	recorder := httptest.NewRecorder()
	webhook.ServeHTTP(recorder, httptest.NewRequest(http.MethodPost, "/", strings.NewReader(goodBody)))
	require.Equal(t, http.StatusUnauthorized, recorder.Code)
	require.Equal(t, uint64(1), webhook.Stats().Refused[transport.ReasonUnauthorized])
}

func TestWithoutReceiverThePlatformIsToldToComeBack(t *testing.T) {
	b := startBot(t, transport.WebhookOptions{})
	response, _ := b.notify(t, goodBody)
	require.Equal(t, http.StatusServiceUnavailable, response.StatusCode)
	require.Equal(t, "2", response.Header.Get("Retry-After"))
}

func TestKeysUnavailable(t *testing.T) {
	keys := startKeys(t)
	validator, err := auth.NewValidator(auth.ValidatorOptions{
		AppID:      appID,
		Cloud:      auth.Cloud{OpenIDConfigurationURL: keys.URL + "/missing"},
		HTTPClient: keys.Client(),
	})
	require.NoError(t, err)
	t.Cleanup(func() { validator.Close(); keys.Client().CloseIdleConnections() })
	b := startBot(t, transport.WebhookOptions{Provider: validator, Receiver: &inbox{}})
	response, body := b.notify(t, goodBody)
	require.Equal(t, http.StatusServiceUnavailable, response.StatusCode)
	require.NotEmpty(t, response.Header.Get("Retry-After"))
	require.Empty(t, body)
	require.Equal(t, map[transport.Reason]uint64{transport.ReasonKeysUnavailable: 1}, b.Stats().Refused)
}

// chunked hides a body's length.
func chunked(r *http.Request) { r.ContentLength, r.TransferEncoding = -1, []string{"chunked"} }

// sendWhole goes on sending the body while the server may have stopped reading, as no http.Client would.
func (b *bot) sendWhole(t *testing.T, body string, change func(*http.Request)) int {
	t.Helper()
	conn, err := net.Dial("tcp", b.server.Listener.Addr().String())
	require.NoError(t, err)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.server.URL, strings.NewReader(body))
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+b.token)
	change(request)
	var sender sync.WaitGroup
	sender.Go(func() { request.Write(conn) })
	response, err := http.ReadResponse(bufio.NewReader(conn), request)
	require.NoError(t, err)
	text, _ := io.ReadAll(response.Body)
	require.Empty(t, text)
	require.NoError(t, conn.Close())
	sender.Wait()
	return response.StatusCode
}

func TestHugeBody(t *testing.T) {
	received := &inbox{}
	b := startBot(t, transport.WebhookOptions{Receiver: received})
	huge := strings.Repeat("[", 5<<20)
	for name, c := range map[string]struct {
		body   string
		change func(*http.Request)
		status int
		reason transport.Reason
	}{
		"sized":            {huge, func(*http.Request) {}, 413, transport.ReasonTooLarge},
		"chunked":          {huge, chunked, 413, transport.ReasonTooLarge},
		"as large as may":  {huge[:1<<20], func(*http.Request) {}, 400, transport.ReasonMalformed},
		"sized, unknown":   {huge, func(r *http.Request) { r.Header.Del("Authorization") }, 413, transport.ReasonTooLarge},
		"one byte more":    {huge[:1<<20+1], chunked, 413, transport.ReasonTooLarge},
		"chunked, unknown": {huge, func(r *http.Request) { chunked(r); r.Header.Del("Authorization") }, 401, transport.Unauthorized(auth.ReasonNoToken)},
	} {
		t.Run(name, func(t *testing.T) {
			before := b.Stats()
			status := b.sendWhole(t, c.body, c.change)
			require.Equal(t, c.status, status)
			require.Equal(t, before.Refused[c.reason]+1, b.Stats().Refused[c.reason])
			require.Equal(t, refusedTotal(before)+1, refusedTotal(b.Stats()))
			response, _ := b.notify(t, goodBody)
			require.Equal(t, http.StatusAccepted, response.StatusCode)
		})
	}
}

// send calls the handler as a server would.
func (b *bot) send(t *testing.T, body string, change func(*http.Request)) int {
	t.Helper()
	request := httptest.NewRequest(http.MethodPost, "/api/calls", strings.NewReader(body))
	request.Header.Set("Authorization", "Bearer "+b.token)
	change(request)
	recorder := httptest.NewRecorder()
	b.ServeHTTP(recorder, request)
	require.Zero(t, recorder.Body.Len())
	return recorder.Code
}

func TestBadInput(t *testing.T) {
	received := &inbox{}
	core, lines := observer.New(zap.DebugLevel)
	b := startBot(t, transport.WebhookOptions{Receiver: received, Logger: zap.New(core)})
	claim := func(name string, value any) func(*http.Request) {
		return withToken(token(t, func(claims jwt.MapClaims) { claims[name] = value }))
	}
	unchanged := func(*http.Request) {}
	for _, c := range []struct {
		name   string
		body   string
		change func(*http.Request)
		status int
		reason transport.Reason
	}{
		{"empty body", "", unchanged, 400, transport.ReasonMalformed},
		{"white space", " \n", unchanged, 400, transport.ReasonMalformed},
		{"not JSON", "Ada Lovelace", unchanged, 400, transport.ReasonMalformed},
		{"half JSON", goodBody[:100], unchanged, 400, transport.ReasonMalformed},
		{"no notifications", `{"name":"Ada Lovelace"}`, unchanged, 400, transport.ReasonMalformed},
		{"legacy", `{"callState":"incoming","id":"Ada Lovelace"}`, unchanged, 204, transport.ReasonLegacy},
		{"huge", goodBody + strings.Repeat(" ", 1<<20), unchanged, 413, transport.ReasonTooLarge},
		{"wrong method", goodBody, func(r *http.Request) { r.Method = http.MethodPut }, 405, transport.ReasonMethod},
		{"no token", goodBody, func(r *http.Request) { r.Header.Del("Authorization") }, 401, transport.Unauthorized(auth.ReasonNoToken)},
		{"basic", goodBody, withHeader("Authorization", "Basic QWRhOkxvdmVsYWNl"), 401, transport.Unauthorized(auth.ReasonNoToken)},
		{"no JWT", goodBody, withToken("Lovelace"), 401, transport.Unauthorized(auth.ReasonMalformed)},
		{"expired", goodBody, claim("exp", time.Now().Add(-time.Hour).Unix()), 401, transport.Unauthorized(auth.ReasonExpired)},
		{"not yet valid", goodBody, claim("nbf", time.Now().Add(time.Hour).Unix()), 401, transport.Unauthorized(auth.ReasonNotYetValid)},
		{"wrong audience", goodBody, claim("aud", "another"), 401, transport.Unauthorized(auth.ReasonAudience)},
		{"wrong issuer", goodBody, claim("iss", "https://lovelace.test"), 401, transport.Unauthorized(auth.ReasonIssuer)},
		{"no tenant", goodBody, claim("tid", nil), 401, transport.Unauthorized(auth.ReasonTenant)},
		{"alg none", goodBody, withToken(tokenWithoutSignature(t)), 401, transport.Unauthorized(auth.ReasonAlgorithm)},
		{"HS256 with the public key", goodBody, withToken(tokenSignedWithPublicKey(t)), 401, transport.Unauthorized(auth.ReasonAlgorithm)},
		{"forged", goodBody, withToken(b.token[:len(b.token)-8] + "AAAAAAAA"), 401, transport.Unauthorized(auth.ReasonSignature)},
		{"no token and no JSON", "Ada Lovelace", func(r *http.Request) { r.Header.Del("Authorization") }, 401, transport.Unauthorized(auth.ReasonNoToken)},
	} {
		t.Run(c.name, func(t *testing.T) {
			before, taken := b.Stats(), len(received.all())
			response, body := b.notify(t, c.body, c.change)
			require.Equal(t, c.status, response.StatusCode)
			require.Empty(t, body)
			require.NotContains(t, fmt.Sprint(response.Header), "Lovelace")
			require.Equal(t, before.Refused[c.reason]+1, b.Stats().Refused[c.reason])
			require.Equal(t, refusedTotal(before)+1, refusedTotal(b.Stats()))
			require.Equal(t, before.Accepted, b.Stats().Accepted)
			require.Len(t, received.all(), taken)
			if c.status == http.StatusUnauthorized {
				require.Equal(t, "Bearer", response.Header.Get("Www-Authenticate"))
				require.Empty(t, response.Header.Get("Client-Request-Id"))
			}
			require.Equal(t, c.status == http.StatusMethodNotAllowed, response.Header.Get("Allow") == http.MethodPost)

			response, _ = b.notify(t, goodBody)
			require.Equal(t, http.StatusAccepted, response.StatusCode)
		})
	}
	require.NotContains(t, fmt.Sprint(lines.All()), "Lovelace")
}

func TestUnknownResourceDoesNotSpoilItsSiblings(t *testing.T) {
	received := &inbox{}
	b := startBot(t, transport.WebhookOptions{Receiver: received})
	body := strings.Replace(goodBody, `"value":[`, `"value":[{"changeType":"reborn","resourceUrl":"/communications/dreams/1",`+
		`"resourceData":{"@odata.type":"#microsoft.graph.dream","depth":3}},null,7,`, 1)
	response, _ := b.notify(t, body)
	require.Equal(t, http.StatusAccepted, response.StatusCode)
	require.Len(t, received.all()[0].Notifications.Value, 4)
	require.Equal(t, transport.Stats{Requests: 1, Accepted: 1}, b.Stats())
}

func TestBodyThatBreaksOff(t *testing.T) {
	b := startBot(t, transport.WebhookOptions{Receiver: &inbox{}})
	broken := io.NopCloser(io.MultiReader(strings.NewReader(`{"value":`), brokenReader{}))
	require.Equal(t, http.StatusBadRequest, b.send(t, "", func(r *http.Request) { r.Body, r.ContentLength = broken, 100 }))
	require.Equal(t, map[transport.Reason]uint64{transport.ReasonUnreadable: 1}, b.Stats().Refused)
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func inboundErrorsRevealNothing(t *testing.T) {
	core, lines := observer.New(zap.DebugLevel)
	b := startBot(t, transport.WebhookOptions{
		Receiver: answering(transport.Answer{}, errors.New("cannot place it: Bearer abc.def")),
		Logger:   zap.New(core),
	})
	withHidden := func(name string) func(*http.Request) {
		return withHeader(name, "Ada Lovelace")
	}
	for _, change := range [][]func(*http.Request){
		{},
		{withToken(b.token[:len(b.token)-8] + "AAAAAAAA")},
		{withToken("Lovelace"), withHidden("Scenario-Id")},
		{withHidden("X-Microsoft-Skype-Message-ID"), withHidden("X-Microsoft-Skype-Chain-ID")},
	} {
		for _, body := range []string{goodBody, goodBody[:len(goodBody)-9], "Ada Lovelace", ""} {
			response, text := b.notify(t, body, change...)
			require.GreaterOrEqual(t, response.StatusCode, 400)
			require.Empty(t, text)
			require.NotContains(t, fmt.Sprint(response.Header), "Lovelace")
		}
	}
	logged := fmt.Sprint(lines.All())
	require.NotContains(t, logged, "Lovelace")
	require.NotContains(t, logged, "abc.def")
	for part := range strings.SplitSeq(b.token, ".") {
		require.NotContains(t, logged, part)
	}
}

func TestRefusalsCannotFloodTheLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		core, lines := observer.New(zap.WarnLevel)
		webhook := transport.NewWebhook(transport.WebhookOptions{Receiver: &inbox{}, Logger: zap.New(core)})
		deliver := func(body string) {
			_, err := webhook.DeliverTrusted(t.Context(), transport.TrustedDelivery{Body: []byte(body)})
			require.Error(t, err)
		}
		for range 1000 {
			deliver("not JSON")
		}
		deliver(`{"callState":"incoming"}`)
		require.Equal(t, 2, lines.Len())
		time.Sleep(10 * time.Second)
		deliver("not JSON")
		require.Equal(t, 3, lines.Len())
		require.Equal(t, uint64(999), lines.All()[2].ContextMap()["unlogged"])
		require.Equal(t, "malformed", lines.All()[2].ContextMap()["reason"])
		require.Equal(t, uint64(1001), webhook.Stats().Refused[transport.ReasonMalformed])
	})
}

func TestDeliverTrusted(t *testing.T) {
	received := &inbox{answer: func(d transport.Delivery) (transport.Answer, error) {
		switch d.MessageID {
		case "busy":
			return transport.Answer{}, transport.ErrBusy
		case "panic":
			panic("Ada Lovelace")
		}
		return transport.Answer{RedirectTo: "https://eu.test/calls"}, nil
	}}
	webhook := transport.NewWebhook(transport.WebhookOptions{Receiver: received})
	deliver := func(id, body string) (transport.Answer, error) {
		return webhook.DeliverTrusted(t.Context(), transport.TrustedDelivery{
			TenantID:   tenantID,
			RequestURL: "/api/calls?i=7",
			Header:     http.Header{"X-Microsoft-Skype-Message-ID": {id}, "x-microsoft-skype-chain-id": {"chain-1"}},
			Body:       []byte(body),
		})
	}
	answer, err := deliver("message-1", goodBody)
	require.NoError(t, err)
	require.Equal(t, "https://eu.test/calls", answer.RedirectTo)
	d := received.all()[0]
	require.Equal(t, []string{tenantID, "message-1", "chain-1", "chain-1", "/api/calls?i=7"},
		[]string{d.TenantID, d.MessageID, d.ChainID, d.ScenarioID, d.RequestURL})

	for id, want := range map[string]error{"busy": transport.ErrBusy, "panic": transport.ErrPanic} {
		_, err = deliver(id, goodBody)
		require.ErrorIs(t, err, want)
		require.NotContains(t, err.Error(), "Lovelace")
	}
	_, err = deliver("message-2", "")
	require.ErrorIs(t, err, resources.ErrMalformed)
	_, err = deliver("message-3", `{"callState":"incoming"}`)
	require.ErrorIs(t, err, resources.ErrLegacyFormat)
	_, err = deliver("message-4", strings.Repeat(" ", 1<<20+1))
	require.ErrorIs(t, err, transport.ErrTooLarge)
	require.Equal(t, transport.Stats{Requests: 6, Redirected: 1, Refused: map[transport.Reason]uint64{
		transport.ReasonBusy: 1, transport.ReasonPanic: 1, transport.ReasonMalformed: 1,
		transport.ReasonLegacy: 1, transport.ReasonTooLarge: 1,
	}}, webhook.Stats())
}

func TestCountsAddUpUnderLoad(t *testing.T) {
	received := &inbox{answer: func(d transport.Delivery) (transport.Answer, error) {
		if d.MessageID == "message-1" {
			return transport.Answer{}, transport.ErrBusy
		}
		return transport.Answer{}, nil
	}}
	b := startBot(t, transport.WebhookOptions{Receiver: received})
	var senders sync.WaitGroup
	for range 8 {
		senders.Go(func() {
			for range 25 {
				b.send(t, goodBody, func(*http.Request) {})
				b.send(t, goodBody, withHeader("X-Microsoft-Skype-Message-ID", "message-1"))
				b.send(t, "", func(r *http.Request) { r.Header.Del("Authorization") })
				b.Stats()
			}
		})
	}
	senders.Wait()
	require.Equal(t, transport.Stats{Requests: 600, Accepted: 200, Refused: map[transport.Reason]uint64{
		transport.ReasonBusy: 200, transport.Unauthorized(auth.ReasonNoToken): 200,
	}}, b.Stats())
}
