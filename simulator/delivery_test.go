package simulator_test

import (
	"context"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/simulator"
)

func TestABusyBotIsTriedAgain(t *testing.T) {
	b := newHandBot(t)
	var tries atomic.Int64
	b.respondWith(func(w http.ResponseWriter, _ *http.Request, _ post) {
		if tries.Add(1) == 1 {
			w.Header().Set("Retry-After", "3600")
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		w.WriteHeader(http.StatusAccepted)
	})
	call := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
	b.settle()
	require.Equal(t, 2, call.Deliveries()[0].Tries)
	require.True(t, call.Deliveries()[0].Accepted())
	require.Equal(t, messageID(b.received()[0]), messageID(b.received()[1]), "it is the same message")
	require.Equal(t, "updated established", b.heard()[2], "the next waited for it")
	require.Equal(t, int64(1), b.platform.Stats().Retries)
}

func TestARefusalIsFinal(t *testing.T) {
	b := newHandBot(t)
	b.respondWith(func(w http.ResponseWriter, _ *http.Request, _ post) { w.WriteHeader(http.StatusUnauthorized) })
	call := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
	b.settle()
	for _, delivery := range call.Deliveries() {
		require.Equal(t, 1, delivery.Tries)
		require.Equal(t, http.StatusUnauthorized, delivery.Status)
	}
	require.Equal(t, int64(5), b.platform.Stats().Undelivered)
}

func TestAnUnreachableBotIsGivenUp(t *testing.T) {
	b := newHandBot(t)
	gone := httptest.NewTLSServer(http.NotFoundHandler())
	gone.Close()
	b.bot.SetCallingWebhook(gone.URL)
	call := b.platform.AddPerson("Adele Vance").Call(b.bot)
	require.NoError(t, call.WaitForDeliveries(b.soon(), 1))
	delivery := call.Deliveries()[0]
	require.Equal(t, 3, delivery.Tries)
	require.Error(t, delivery.Err)
	require.Zero(t, delivery.Status)
}

func TestRedirectsKeepTheirBody(t *testing.T) {
	for _, status := range []int{http.StatusFound, http.StatusTemporaryRedirect} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			b := newHandBot(t)
			b.respondWith(func(w http.ResponseWriter, r *http.Request, _ post) {
				if r.URL.Path == "/api/calls" {
					w.Header().Set("Location", "/elsewhere")
					w.WriteHeader(status)
					return
				}
				w.WriteHeader(http.StatusAccepted)
			})
			call := b.platform.AddPerson("Adele Vance").Call(b.bot)
			require.NoError(t, call.WaitForDeliveries(b.soon(), 1))
			posts := b.received()
			require.Len(t, posts, 2)
			require.Equal(t, "/elsewhere", posts[1].path)
			require.Equal(t, posts[0].body, posts[1].body)
			require.NotEmpty(t, posts[1].header.Get("Authorization"))
			require.True(t, call.Deliveries()[0].Accepted())
		})
	}
}

func TestEndlessRedirectsEnd(t *testing.T) {
	b := newHandBot(t)
	b.respondWith(func(w http.ResponseWriter, r *http.Request, _ post) {
		http.Redirect(w, r, r.URL.Path, http.StatusTemporaryRedirect)
	})
	call := b.platform.AddPerson("Adele Vance").Call(b.bot)
	require.NoError(t, call.WaitForDeliveries(b.soon(), 1))
	require.False(t, call.Deliveries()[0].Accepted())
}

func TestTrustedBots(t *testing.T) {
	b := newHandBot(t, func(o *simulator.Options) { o.DeliveryTries = 1 })
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) }))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	stranger := b.platform.RegisterBot(simulator.Bot{CallingWebhook: server.URL})
	adele := b.platform.AddPerson("Adele Vance")

	call := adele.Call(stranger)
	require.NoError(t, call.WaitForDeliveries(b.soon(), 1))
	require.Error(t, call.Deliveries()[0].Err, "its certificate means nothing yet")

	b.platform.Trust(server.Certificate())
	call = adele.Call(stranger)
	require.NoError(t, call.WaitForDeliveries(b.soon(), 1))
	require.True(t, call.Deliveries()[0].Accepted())
}

func TestPost(t *testing.T) {
	b := newHandBot(t)
	exchange, err := b.platform.Post(t.Context(), b.bot, []byte("{}"), simulator.PostOptions{})
	require.NoError(t, err)
	require.Equal(t, http.StatusAccepted, exchange.Status)
	forged, err := b.platform.Token(b.bot, simulator.Expired)
	require.NoError(t, err)
	_, err = b.platform.Post(t.Context(), b.bot, nil, simulator.PostOptions{
		URL: b.url + "/other", Token: forged, Method: http.MethodPut, Header: http.Header{"content-type": {"text/plain"}, "User-Agent": nil},
	})
	require.NoError(t, err)
	_, err = b.platform.Post(t.Context(), b.bot, nil, simulator.PostOptions{NoToken: true})
	require.NoError(t, err)
	posts := b.received()
	_, err = b.verify(posts[0].header.Get("Authorization")[len("Bearer "):])
	require.NoError(t, err)
	require.Equal(t, "Bearer "+forged, posts[1].header.Get("Authorization"))
	require.Equal(t, "text/plain", posts[1].header.Get("Content-Type"))
	require.Equal(t, "/api/calls/other", posts[1].path)
	require.NotContains(t, posts[2].header, "Authorization")
}

func TestWaitingEndsWithItsContext(t *testing.T) {
	b := newHandBot(t)
	call := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	err := call.WaitForDeliveries(ctx, 100)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.ErrorContains(t, err, "waited in vain for 100 notifications; the call is ")
	require.ErrorContains(t, err, "the bot's last request, POST https://")

	b.respondWith(func(w http.ResponseWriter, _ *http.Request, _ post) { w.WriteHeader(http.StatusInternalServerError) })
	call.End(200, 5001, "over")
	b.settle()
	require.ErrorContains(t, call.WaitForDeliveries(ctx, 100), "with 500: see what its log says")
}
