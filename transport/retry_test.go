package transport_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/transport"
)

func placeCall() transport.Request {
	return transport.Request{Method: http.MethodPost, Path: callsPath, Body: &resources.Call{Subject: "once"}}
}

// TestPlaceCallOnce: no telephone rings twice.
func TestPlaceCallOnce(t *testing.T) {
	created := answer(http.StatusCreated)
	for _, c := range []struct {
		name          string
		answers       []http.HandlerFunc
		sent          int
		status        int // of the error, -1 where none was answered; 0 means success
		effectUnknown bool
	}{
		{"answered 500", []http.HandlerFunc{answer(500), created}, 1, 500, true},
		{"answered 500 with Retry-After", []http.HandlerFunc{answer(500, "Retry-After", "0"), created}, 1, 500, true},
		{"answered 502", []http.HandlerFunc{answer(502), created}, 1, 502, true},
		{"answered 504", []http.HandlerFunc{answer(504), created}, 1, 504, true},
		{"answered 408", []http.HandlerFunc{answer(408), created}, 1, 408, false},
		{"answered 403", []http.HandlerFunc{answer(403), created}, 1, 403, false},
		{"answered 503 without Retry-After", []http.HandlerFunc{answer(503), created}, 1, 503, true},
		{"answered 503 with a Retry-After of no sense", []http.HandlerFunc{answer(503, "Retry-After", "soon"), created}, 1, 503, true},
		{"answered 503 with Retry-After", []http.HandlerFunc{answer(503, "Retry-After", "0"), created}, 2, 0, false},
		{"answered 429", []http.HandlerFunc{answer(429), created}, 2, 0, false},
		{"connection lost", []http.HandlerFunc{hangUp, created}, 1, -1, true},
		{"answered 429, then connection lost", []http.HandlerFunc{answer(429), hangUp, created}, 2, -1, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := startService(t, c.answers...)
			_, err := s.client(t).Do(t.Context(), placeCall())
			require.Len(t, s.requests(), c.sent)
			for _, seen := range s.requests() {
				require.Contains(t, seen.body, "once")
			}
			if c.status == 0 {
				require.NoError(t, err)
				return
			}
			require.Equal(t, max(0, c.status), failure(t, err).StatusCode)
			require.Equal(t, c.effectUnknown, failure(t, err).EffectUnknown)
			require.Equal(t, c.sent, failure(t, err).Attempts)
		})
	}
	t.Run("timed out", placeCallTimesOut)
	t.Run("deadline passed", placeCallPassesDeadline)
	t.Run("kept connection lost", placeCallOnLostConnection)
	t.Run("stream lost", placeCallOnLostStream)
	t.Run("not dialled", placeCallCannotDial)
	t.Run("no handshake", placeCallWithoutHandshake)
}

func placeCallTimesOut(t *testing.T) {
	s := startService(t, never, answer(http.StatusCreated))
	client := s.client(t, func(o *transport.ClientOptions) {
		o.HTTPClient = &http.Client{Transport: s.Client().Transport, Timeout: 200 * time.Millisecond}
	})
	_, err := client.Do(t.Context(), placeCall())
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.True(t, failure(t, err).EffectUnknown)
	require.Contains(t, failure(t, err).Remedy(), "notifications")
	require.Len(t, s.requests(), 1)
}

func placeCallPassesDeadline(t *testing.T) {
	s := startService(t, never, answer(http.StatusCreated))
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	_, err := s.client(t).Do(ctx, placeCall())
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.True(t, failure(t, err).EffectUnknown)
	require.Len(t, s.requests(), 1)
}

// A connection that was good before is the case in which net/http itself may repeat a request.
func placeCallOnLostConnection(t *testing.T) {
	s := startService(t, answer(http.StatusCreated), hangUp, answer(http.StatusCreated))
	client := s.client(t)
	_, err := client.Do(t.Context(), placeCall())
	require.NoError(t, err)
	_, err = client.Do(t.Context(), placeCall())
	require.Error(t, err)
	require.Len(t, s.requests(), 2)
}

func placeCallOnLostStream(t *testing.T) {
	s := &service{handlers: []http.HandlerFunc{answer(http.StatusCreated), hangUp, answer(http.StatusCreated)}}
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(s.serve))
	s.EnableHTTP2 = true
	s.StartTLS()
	t.Cleanup(s.Close)
	client := s.client(t)
	_, err := client.Do(t.Context(), placeCall())
	require.NoError(t, err)
	_, err = client.Do(t.Context(), placeCall())
	require.True(t, failure(t, err).EffectUnknown)
	require.Len(t, s.requests(), 2)
	require.Equal(t, "HTTP/2.0", s.requests()[1].proto)
}

func placeCallCannotDial(t *testing.T) {
	s := startService(t, answer(http.StatusCreated))
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, closed.Close())
	client, dials := s.clientDialling(t, closed.Addr().String())
	_, err = client.Do(t.Context(), placeCall())
	require.NoError(t, err)
	require.Len(t, s.requests(), 1)
	require.Equal(t, int32(2), dials.Load())
}

func placeCallWithoutHandshake(t *testing.T) {
	s := startService(t, answer(http.StatusCreated))
	deaf, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	hungUp := make(chan struct{})
	go func() {
		defer close(hungUp)
		if conn, err := deaf.Accept(); err == nil {
			conn.Close()
		}
	}()
	t.Cleanup(func() { deaf.Close(); <-hungUp })
	client, dials := s.clientDialling(t, deaf.Addr().String())
	_, err = client.Do(t.Context(), placeCall())
	require.NoError(t, err)
	require.Len(t, s.requests(), 1)
	require.Equal(t, int32(2), dials.Load())
}

// clientDialling reaches another address the first time.
func (s *service) clientDialling(t *testing.T, first string) (*transport.Client, *atomic.Int32) {
	var dials atomic.Int32
	base := s.Client().Transport.(*http.Transport).Clone()
	base.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		if dials.Add(1) == 1 {
			address = first
		}
		return (&net.Dialer{}).DialContext(ctx, network, address)
	}
	return s.client(t, func(o *transport.ClientOptions) { o.HTTPClient = &http.Client{Transport: base} }), &dials
}

// silent is a RoundTripper of the user's own, that fails once and does not report to httptrace.
type silent struct {
	next   http.RoundTripper
	fails  error
	bodies []string
}

func (s *silent) RoundTrip(request *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return nil, err
	}
	s.bodies = append(s.bodies, string(body))
	if len(s.bodies) == 1 {
		return nil, s.fails
	}
	again := request.Clone(context.WithoutCancel(request.Context()))
	again.Body = io.NopCloser(bytes.NewReader(body))
	return s.next.RoundTrip(again)
}

func TestSilentTransportIsBelievedOnlyAboutDialling(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, closed.Close())
	_, undialled := net.Dial("tcp", closed.Addr().String())
	require.Error(t, undialled)
	for fails, sent := range map[error]int{
		undialled:           2,
		errors.New("lost"):  1,
		io.ErrUnexpectedEOF: 1,
	} {
		s := startService(t, answer(http.StatusCreated))
		lent := &silent{next: s.Client().Transport, fails: fails}
		client := s.client(t, func(o *transport.ClientOptions) { o.HTTPClient = &http.Client{Transport: lent} })
		_, err := client.Do(t.Context(), placeCall())
		require.Equal(t, sent == 2, err == nil)
		require.Len(t, lent.bodies, sent)
		require.Equal(t, lent.bodies[0], lent.bodies[sent-1])
		s.Client().CloseIdleConnections()
	}
}

func TestACertificateThatIsNotTrustedIsNamedAsTheReason(t *testing.T) {
	s := startService(t, answer(http.StatusCreated))
	stranger := &http.Client{Transport: &http.Transport{}}
	defer stranger.CloseIdleConnections()
	_, err := s.client(t, func(o *transport.ClientOptions) { o.HTTPClient = stranger }).Do(t.Context(), placeCall())
	require.False(t, failure(t, err).EffectUnknown)
	require.Contains(t, failure(t, err).Remedy(), "the HTTP client's root certificates")
}

func TestUnreachableServiceLeavesNothingDone(t *testing.T) {
	s := startService(t, answer(http.StatusCreated))
	s.Close()
	_, err := s.client(t).Do(t.Context(), placeCall())
	require.False(t, failure(t, err).EffectUnknown)
	require.Equal(t, 4, failure(t, err).Attempts)
	require.Contains(t, failure(t, err).Remedy(), "nothing was sent")
	var refused *net.OpError
	require.ErrorAs(t, err, &refused)
}

func TestUntrustedCertificateIsNotTriedAgain(t *testing.T) {
	s := startService(t, answer(http.StatusCreated))
	client := s.client(t, func(o *transport.ClientOptions) { o.HTTPClient = nil })
	_, err := client.Do(t.Context(), placeCall())
	require.Equal(t, 1, failure(t, err).Attempts)
	require.False(t, failure(t, err).EffectUnknown)
	require.ErrorContains(t, err, "certificate")
}

func TestHarmlessRequestsAreRepeated(t *testing.T) {
	get, post := http.MethodGet, http.MethodPost
	for _, c := range []struct {
		method     string
		idempotent bool
		first      http.HandlerFunc
		sent       int
	}{
		{get, false, hangUp, 2},
		{get, false, answer(429), 2},
		{get, false, answer(500), 2},
		{get, false, answer(502), 2},
		{get, false, answer(503), 2},
		{get, false, answer(504), 2},
		{get, false, answer(501), 1},
		{get, false, answer(401), 1},
		{get, false, answer(404), 1},
		{http.MethodDelete, false, answer(500), 2},
		{http.MethodDelete, false, hangUp, 2},
		{http.MethodPut, false, answer(500), 1},
		{http.MethodPut, false, answer(503), 2},
		{http.MethodHead, false, answer(503), 2},
		{http.MethodPatch, false, answer(503), 1},
		{http.MethodPatch, false, hangUp, 1},
		{post, true, answer(500), 2},
		{post, true, answer(503), 2},
		{post, true, hangUp, 2},
	} {
		s := startService(t, c.first, answer(http.StatusOK))
		_, err := s.client(t).Do(t.Context(), transport.Request{
			Method: c.method, Path: callPath + "/keepAlive", Idempotent: c.idempotent,
		})
		require.Len(t, s.requests(), c.sent, "%+v", c)
		require.Equal(t, c.sent == 2, err == nil, "%+v", c)
	}
}

func TestLaterAttemptsDoNotUndoTheFirst(t *testing.T) {
	var s *service
	s = startService(t, func(w http.ResponseWriter, r *http.Request) {
		s.Listener.Close()
		hangUp(w, r)
	})
	_, err := s.client(t).Do(t.Context(), transport.Request{
		Method: http.MethodPost, Path: callPath + "/keepAlive", Idempotent: true,
	})
	require.ErrorContains(t, err, "refused")
	require.True(t, failure(t, err).EffectUnknown)
}

func TestAttemptsShareOneClientRequestID(t *testing.T) {
	s := startService(t, answer(503))
	_, err := s.client(t).Do(t.Context(), transport.Request{Path: callPath})
	require.Equal(t, 4, failure(t, err).Attempts)
	require.Len(t, s.requests(), 4)
	for _, seen := range s.requests() {
		require.Equal(t, failure(t, err).ClientRequestID, seen.header.Get("Client-Request-Id"))
	}
}

func TestNegativeMaxRetriesMeansNever(t *testing.T) {
	s := startService(t, answer(503))
	client := s.client(t, func(o *transport.ClientOptions) { o.MaxRetries = -1 })
	_, err := client.Do(t.Context(), transport.Request{Path: callPath})
	require.ErrorIs(t, err, transport.ErrService)
	require.Len(t, s.requests(), 1)
}

func TestRetryAfterIsHonoured(t *testing.T) {
	s := startService(t, answer(429, "Retry-After", "1"), answer(http.StatusCreated))
	start := time.Now()
	_, err := s.client(t).Do(t.Context(), placeCall())
	require.NoError(t, err)
	require.GreaterOrEqual(t, time.Since(start), time.Second)
}

func TestRetryAfterBeyondTheBudgetIsReturned(t *testing.T) {
	s := startService(t, answer(429, "Retry-After", "31"))
	_, err := s.client(t).Do(t.Context(), placeCall())
	require.ErrorIs(t, err, transport.ErrThrottled)
	require.Equal(t, 31*time.Second, failure(t, err).RetryAfter)
	require.Len(t, s.requests(), 1)
}

func TestRetryAfterBeyondTheDeadlineIsReturned(t *testing.T) {
	s := startService(t, answer(429, "Retry-After", "5"))
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
	defer cancel()
	_, err := s.client(t).Do(ctx, placeCall())
	require.ErrorIs(t, err, transport.ErrThrottled)
	require.NoError(t, ctx.Err())
	require.Len(t, s.requests(), 1)
}

func TestRetryAfterAsDate(t *testing.T) {
	sent := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	s := startService(t, answer(429,
		"Date", sent.Format(http.TimeFormat), "Retry-After", sent.Add(time.Minute).Format(http.TimeFormat)))
	_, err := s.client(t).Do(t.Context(), placeCall())
	require.Equal(t, time.Minute, failure(t, err).RetryAfter)
	require.Equal(t, sent, failure(t, err).Time.UTC())
}

func TestRetryAfterAsDateFromServiceWithoutClock(t *testing.T) {
	s := startService(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Date"] = nil
		w.Header().Set("Retry-After", time.Now().Add(time.Hour).UTC().Format(http.TimeFormat))
		w.WriteHeader(429)
	})
	_, err := s.client(t).Do(t.Context(), placeCall())
	require.InDelta(t, time.Hour, failure(t, err).RetryAfter, float64(time.Minute))
}

func TestCancelledWhileWaiting(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := startService(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "20")
		w.WriteHeader(429)
		time.AfterFunc(20*time.Millisecond, cancel)
	})
	_, err := s.client(t).Do(ctx, placeCall())
	require.ErrorIs(t, err, context.Canceled)
	require.False(t, failure(t, err).EffectUnknown)
	require.Len(t, s.requests(), 1)
}

func TestCallWhoseReplyBrokeOffCanBeFound(t *testing.T) {
	s := startService(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "/communications/calls/1")
		w.Header().Set("Content-Length", "100")
		w.WriteHeader(http.StatusCreated)
		w.Write([]byte(`{"id":`))
	}, answer(http.StatusCreated))
	_, err := s.client(t).Do(t.Context(), placeCall())
	require.Equal(t, http.StatusCreated, failure(t, err).StatusCode)
	require.Equal(t, "/communications/calls/1", failure(t, err).Location)
	require.True(t, failure(t, err).EffectUnknown)
	require.Len(t, s.requests(), 1)
}
