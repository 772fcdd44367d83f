package transport_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"log"
	"maps"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/transport"
)

// certificateOf is one for names, by an authority that the pool holds.
func certificateOf(t *testing.T, until time.Time, names ...string) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "bot"}, DNSNames: names, IsCA: true, BasicConstraintsValid: true,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotBefore: until.Add(-24 * time.Hour), NotAfter: until,
	}
	if len(names) > 0 {
		template.IPAddresses = nil
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	certificate, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	pool := x509.NewCertPool()
	pool.AddCert(certificate)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

// serveTLS serves a handler with a certificate, and returns its address and a
// client with the given roots.
func serveTLS(t *testing.T, handler http.Handler, certificate tls.Certificate, roots *x509.CertPool) (string, *http.Client) {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.URL, clientWith(t, &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}})
}

func clientWith(t *testing.T, transport *http.Transport) *http.Client {
	t.Helper()
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

func requireSelfTest(t *testing.T, err error, step transport.SelfTestStep, advice string) {
	t.Helper()
	var failed *transport.SelfTestError
	require.ErrorAs(t, err, &failed)
	require.Equal(t, step, failed.Step, "%v", err)
	require.ErrorContains(t, err, advice)
}

func TestSelfTestReachesTheWebhookItself(t *testing.T) {
	webhook := transport.NewWebhook(transport.WebhookOptions{Provider: startValidator(t), Receiver: &inbox{}})
	certificate, roots := certificateOf(t, time.Now().Add(time.Hour))
	address, client := serveTLS(t, webhook, certificate, roots)
	var tests sync.WaitGroup
	for range 8 {
		tests.Go(func() {
			if err := webhook.SelfTest(t.Context(), address+"/api/calls?route=x", client); err != nil {
				t.Error(err)
			}
		})
	}
	tests.Wait()
	require.Zero(t, webhook.Stats().Requests, "a self-test is no notification")
}

func TestSelfTestSaysWhatToDo(t *testing.T) {
	good, roots := certificateOf(t, time.Now().Add(time.Hour))
	expired, expiredRoots := certificateOf(t, time.Now().Add(-time.Hour))
	misnamed, misnamedRoots := certificateOf(t, time.Now().Add(time.Hour), "bot.contoso.com")
	webhook := transport.NewWebhook(transport.WebhookOptions{})
	status := func(code int) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "https://login.contoso.com/")
			w.WriteHeader(code)
		})
	}
	parrot := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		maps.Copy(w.Header(), r.Header)
	})
	mux := http.NewServeMux()
	mux.Handle("/elsewhere", webhook)
	for name, c := range map[string]struct {
		handler     http.Handler
		certificate tls.Certificate
		roots       *x509.CertPool
		step        transport.SelfTestStep
		advice      string
	}{
		"unknown authority":  {webhook, good, expiredRoots, transport.SelfTestCertificate, "by nobody trusted"},
		"expired":            {webhook, expired, expiredRoots, transport.SelfTestCertificate, "renew it"},
		"for another name":   {webhook, misnamed, misnamedRoots, transport.SelfTestCertificate, "for other names"},
		"another path":       {mux, good, roots, transport.SelfTestPath, "serve the Handler at the path"},
		"only GET":           {status(http.StatusMethodNotAllowed), good, roots, transport.SelfTestPath, "for POST"},
		"redirect":           {status(http.StatusFound), good, roots, transport.SelfTestRedirect, "give the address it sends to"},
		"proxy without bot":  {status(http.StatusBadGateway), good, roots, transport.SelfTestGateway, "does not reach the bot"},
		"another process":    {transport.NewWebhook(transport.WebhookOptions{}), good, roots, transport.SelfTestStranger, "is not this process"},
		"a login":            {status(http.StatusForbidden), good, roots, transport.SelfTestStranger, "ask for a login"},
		"whoever says yes":   {status(http.StatusNoContent), good, roots, transport.SelfTestStranger, "is not this process"},
		"who repeats it all": {parrot, good, roots, transport.SelfTestStranger, "is not this process"},
	} {
		t.Run(name, func(t *testing.T) {
			address, client := serveTLS(t, c.handler, c.certificate, c.roots)
			err := webhook.SelfTest(t.Context(), address+"/api/calls?secret=s", client)
			requireSelfTest(t, err, c.step, c.advice)
			require.NotContains(t, err.Error(), "secret")
		})
	}
}

func TestSelfTestWithoutAnAnswer(t *testing.T) {
	webhook := transport.NewWebhook(transport.WebhookOptions{})
	test := func(ctx context.Context, address string, client *http.Client) error {
		return webhook.SelfTest(ctx, address, client)
	}
	for _, address := range []string{"", "::", "http://bot.contoso.com", "https://"} {
		requireSelfTest(t, test(t.Context(), address, nil), transport.SelfTestAddress, "no https URL")
	}

	refused := httptest.NewTLSServer(webhook)
	refused.Close()
	requireSelfTest(t, test(t.Context(), refused.URL, clientWith(t, &http.Transport{})), transport.SelfTestConnection, "listening at that port")

	plain := httptest.NewServer(webhook)
	defer plain.Close()
	requireSelfTest(t, test(t.Context(), strings.Replace(plain.URL, "http:", "https:", 1), clientWith(t, &http.Transport{})), transport.SelfTestTLS, "plain http")

	certificate, roots := certificateOf(t, time.Now().Add(time.Hour))
	address, client := serveTLS(t, webhook, certificate, roots)
	client.Transport.(*http.Transport).TLSClientConfig.MaxVersion = tls.VersionTLS11
	client.Transport.(*http.Transport).TLSClientConfig.MinVersion = tls.VersionTLS11
	requireSelfTest(t, test(t.Context(), address, client), transport.SelfTestTLS, "older than TLS 1.2")

	address, client = serveTLS(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }), certificate, roots)
	soon, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	requireSelfTest(t, test(soon, address, client), transport.SelfTestTimeout, "did not answer in time")

	unknown := clientWith(t, &http.Transport{DialContext: (&net.Dialer{Resolver: startNameServer(t)}).DialContext})
	requireSelfTest(t, test(t.Context(), "https://bot.contoso.example/api/calls", unknown), transport.SelfTestName, "add it to the DNS")
}

// startNameServer is a name server that knows no name.
func startNameServer(t *testing.T) *net.Resolver {
	t.Helper()
	socket, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	done := make(chan struct{})
	go func() {
		defer close(done)
		message := make([]byte, 1500)
		for {
			n, from, err := socket.ReadFrom(message)
			if err != nil {
				return
			}
			message[2], message[3] = 0x81, 0x83 // a reply; there is no such name
			_, _ = socket.WriteTo(message[:n], from)
		}
	}()
	t.Cleanup(func() {
		_ = socket.Close()
		<-done
	})
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", socket.LocalAddr().String())
	}}
}

// What the self-test sends opens no door: a mark that is unknown, spent or late
// is worth nothing.
func TestSelfTestWeakensNoAuthentication(t *testing.T) {
	marks := make(chan string, 1)
	webhook := transport.NewWebhook(transport.WebhookOptions{Provider: startValidator(t), Receiver: &inbox{}})
	certificate, roots := certificateOf(t, time.Now().Add(time.Hour))
	post := func(mark string) int {
		recorder := httptest.NewRecorder()
		request := httptest.NewRequest(http.MethodPost, "/api/calls", strings.NewReader(goodBody))
		request.Header.Set("Graphcalls-Selftest", mark)
		webhook.ServeHTTP(recorder, request)
		require.NotContains(t, recorder.Header(), "Graphcalls-Selftest")
		return recorder.Code
	}
	thief := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		marks <- r.Header.Get("Graphcalls-Selftest")
		w.WriteHeader(http.StatusTeapot)
	})
	address, client := serveTLS(t, thief, certificate, roots)
	require.Error(t, webhook.SelfTest(t.Context(), address, client))
	require.Equal(t, http.StatusUnauthorized, post(<-marks), "the test is over")

	spying := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		marks <- r.Header.Get("Graphcalls-Selftest")
		webhook.ServeHTTP(w, r)
	})
	address, client = serveTLS(t, spying, certificate, roots)
	require.NoError(t, webhook.SelfTest(t.Context(), address, client))
	require.Equal(t, http.StatusUnauthorized, post(<-marks), "it was spent")
	require.Equal(t, http.StatusUnauthorized, post("guessed"))
	require.Equal(t, http.StatusUnauthorized, post(""))
	require.Zero(t, webhook.Stats().Accepted)
}
