package transport_test

import (
	"bufio"
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

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/transport"
)

// pipes is a listener whose connections lead nowhere but to the test, so that
// its time is the bubble's.
type pipes chan net.Conn

func (p pipes) Accept() (net.Conn, error) {
	if connection, open := <-p; open {
		return connection, nil
	}
	return nil, net.ErrClosed
}

func (p pipes) Close() error   { close(p); return nil }
func (p pipes) Addr() net.Addr { return &net.TCPAddr{} }

func (p pipes) dial() net.Conn {
	here, there := net.Pipe()
	p <- there
	return here
}

// dawdle writes what it is given, one byte each so often, until the server has
// had enough, and returns how long that took and what was answered.
func dawdle(t *testing.T, handler http.Handler, quick, slow string, pause time.Duration) (time.Duration, string) {
	t.Helper()
	listener := make(pipes)
	server := transport.NewServer("", handler)
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	connection := listener.dial()
	start := time.Now()
	answer := make(chan string, 1)
	go func() {
		text, _ := io.ReadAll(connection)
		answer <- string(text)
	}()
	_, err := io.WriteString(connection, quick)
	for at := 0; err == nil && at < len(slow); at++ {
		<-time.After(pause)
		_, err = io.WriteString(connection, slow[at:at+1])
	}
	text := <-answer
	took := time.Since(start)
	require.NoError(t, server.Close())
	require.ErrorIs(t, <-served, http.ErrServerClosed)
	return took, text
}

func TestSlowSendersAreCutOff(t *testing.T) {
	const head = "POST /api/calls HTTP/1.1\r\nHost: bot\r\n"
	read := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, err := io.ReadAll(r.Body)
		w.WriteHeader(http.StatusTeapot)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
	})
	for name, c := range map[string]struct {
		quick, slow string
		pause, most time.Duration
	}{
		"nothing at all":   {"", "", 0, 5 * time.Second},
		"a slow header":    {"POST /api", strings.Repeat("x", 1000), time.Second, 6 * time.Second},
		"an endless one":   {head, strings.Repeat("X-A: b\r\n", 1000), 100 * time.Millisecond, 6 * time.Second},
		"a slow body":      {head + "Content-Length: 1000\r\n\r\n", strings.Repeat("x", 1000), time.Second, 11 * time.Second},
		"no body":          {head + "Content-Length: 1000\r\n\r\n", "", 0, 10 * time.Second},
		"nothing any more": {head + "Content-Length: 0\r\n\r\n", "", 0, 2 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				took, _ := dawdle(t, read, c.quick, c.slow, c.pause)
				require.LessOrEqual(t, took, c.most)
			})
		})
	}
}

// A webhook behind such a server answers who is slow with 401 or 400, and holds
// nothing of theirs.
func TestSlowBodyWithoutTokenIsNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		webhook := transport.NewWebhook(transport.WebhookOptions{})
		_, text := dawdle(t, webhook, "POST / HTTP/1.1\r\nHost: bot\r\nContent-Length: 1000\r\n\r\n", strings.Repeat("x", 1000), time.Second)
		response, err := http.ReadResponse(bufio.NewReader(strings.NewReader(text)), nil)
		require.NoError(t, err)
		defer response.Body.Close()
		require.Equal(t, http.StatusUnauthorized, response.StatusCode)
	})
}

func TestHeadersAreBounded(t *testing.T) {
	received := &inbox{}
	b := startBot(t, transport.WebhookOptions{Receiver: received})
	server := httptest.NewUnstartedServer(b.Webhook)
	server.Config = transport.NewServer("", b.Webhook)
	server.Start()
	defer server.Close()
	b.server.Close()
	b.server = server
	for size, status := range map[int]int{20 << 10: http.StatusUnauthorized, 1 << 20: http.StatusRequestHeaderFieldsTooLarge} {
		response, _ := b.notify(t, goodBody, withToken(strings.Repeat("x", size)))
		require.Equal(t, status, response.StatusCode)
	}
	require.Equal(t, uint64(1), b.Stats().Refused[transport.Unauthorized(auth.ReasonMalformed)])
	response, _ := b.notify(t, goodBody)
	require.Equal(t, http.StatusAccepted, response.StatusCode)
}

func TestBodiesAtOnceAreBounded(t *testing.T) {
	entered, release := make(chan struct{}), make(chan struct{})
	received := &inbox{answer: func(d transport.Delivery) (transport.Answer, error) {
		if d.MessageID == "slow" {
			close(entered)
			<-release
		}
		return transport.Answer{}, nil
	}}
	b := startBot(t, transport.WebhookOptions{Receiver: received, MaxBodyBytes: int64(len(goodBody)) + 50, MaxBytesAtOnce: 1})
	request := httptest.NewRequest(http.MethodPost, "/api/calls", strings.NewReader(goodBody))
	request.Header.Set("Authorization", "Bearer "+b.token)
	request.Header.Set("X-Microsoft-Skype-Message-ID", "slow")
	slow := httptest.NewRecorder()
	var first sync.WaitGroup
	first.Go(func() { b.ServeHTTP(slow, request) })
	<-entered
	response, _ := b.notify(t, goodBody)
	require.Equal(t, http.StatusServiceUnavailable, response.StatusCode)
	require.NotEmpty(t, response.Header.Get("Retry-After"))
	require.Equal(t, uint64(1), b.Stats().Refused[transport.ReasonBusy])
	close(release)
	first.Wait()
	require.Equal(t, http.StatusAccepted, slow.Code)
	for range 3 {
		response, _ = b.notify(t, goodBody)
		require.Equal(t, http.StatusAccepted, response.StatusCode, "what was held is given back")
	}
}

func TestNotificationsInOneRequestAreBounded(t *testing.T) {
	received := &inbox{}
	b := startBot(t, transport.WebhookOptions{Receiver: received, MaxNotifications: 2})
	batch := func(n int) string {
		one := `{"resourceUrl":"/communications/calls/1","resourceData":{"state":"established"}}`
		return fmt.Sprintf(`{"value":[%s]}`, strings.TrimSuffix(strings.Repeat(one+",", n), ","))
	}
	response, _ := b.notify(t, batch(2))
	require.Equal(t, http.StatusAccepted, response.StatusCode)
	response, body := b.notify(t, batch(3))
	require.Equal(t, http.StatusRequestEntityTooLarge, response.StatusCode)
	require.Empty(t, body)
	require.Len(t, received.all(), 1)
	require.Equal(t, uint64(1), b.Stats().Refused[transport.ReasonTooMany])
	_, err := b.DeliverTrusted(t.Context(), transport.TrustedDelivery{Body: []byte(batch(3))})
	require.ErrorIs(t, err, transport.ErrTooMany)
}
