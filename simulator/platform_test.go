package simulator_test

import (
	"crypto/x509"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestCloseEndsEverything(t *testing.T) {
	ignoring := goleak.IgnoreCurrent()
	platform, err := simulator.Start(simulator.Options{})
	require.NoError(t, err)
	entered, leave := make(chan struct{}), make(chan struct{})
	webhook, err := platform.Serve(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(entered)
		select {
		case <-r.Context().Done():
		case <-leave:
		}
	}))
	require.NoError(t, err)
	bot := platform.RegisterBot(simulator.Bot{CallingWebhook: webhook})
	call := platform.AddPerson("Adele Vance").Call(bot)
	call.PressKey(resources.Tone1)
	<-entered
	waited := make(chan error, 1)
	go func() { waited <- platform.WaitUntil(t.Context(), func() bool { return false }) }()
	platform.Close()
	platform.Close()
	require.ErrorIs(t, <-waited, simulator.ErrClosed)
	close(leave)
	goleak.VerifyNone(t, ignoring)
}

func TestACertificateOfTheirOwn(t *testing.T) {
	platform := simulator.New(t)
	roots := x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(platform.CertificateAuthority()))
	certificate, err := platform.CertificateFor("bot.contoso.com", "10.0.0.7")
	require.NoError(t, err)
	leaf, err := x509.ParseCertificate(certificate.Certificate[0])
	require.NoError(t, err)
	for _, pool := range []*x509.CertPool{roots, platform.RootCAs()} {
		for _, host := range []string{"bot.contoso.com", "10.0.0.7", "localhost", "127.0.0.1"} {
			_, err = leaf.Verify(x509.VerifyOptions{Roots: pool, DNSName: host})
			require.NoError(t, err, host)
		}
	}
	_, err = http.DefaultClient.Get(platform.OpenIDConfigurationURL())
	require.ErrorContains(t, err, "certificate", "it is real https")
}

func TestTheOldestEndedCallsAreForgotten(t *testing.T) {
	b := newHandBot(t, func(o *simulator.Options) { o.Remember = 8 })
	adele := b.platform.AddPerson("Adele Vance")
	live := adele.Call(b.bot)
	for range 20 {
		b.platform.AddPerson("Caller").Call(b.bot).Hangup()
	}
	b.settle()
	require.LessOrEqual(t, len(b.platform.Calls()), 9)
	require.NotNil(t, b.platform.Call(live.ID()))
	require.LessOrEqual(t, len(b.platform.Exchanges()), 8)
	require.Equal(t, int64(20), b.platform.Stats().EndedCalls)
	require.Equal(t, 1, b.platform.Stats().LiveCalls)
}

func TestManyCallsAtOnce(t *testing.T) {
	b := newHandBot(t)
	var callers sync.WaitGroup
	for range 40 {
		callers.Go(func() {
			adele := b.platform.AddPerson("Adele Vance")
			answer, err := b.try(http.MethodPost, "", b.callTo(adele))
			if err != nil || answer.status != http.StatusCreated {
				t.Errorf("create: %v, %d", err, answer.status)
				return
			}
			adele.Leave()
		})
	}
	callers.Wait()
	b.settle()
	require.Len(t, b.received(), 40*6)
	for _, call := range b.platform.Calls() {
		require.Equal(t, resources.CallStateTerminated, call.State())
		require.Len(t, call.Deliveries(), 6)
	}
}

func TestStartSaysWhatIsWrong(t *testing.T) {
	_, err := simulator.Start(simulator.Options{Address: "nowhere.invalid:x"})
	require.ErrorContains(t, err, "Options.Address")
}

func TestPlainHTTPOnlyWhenAllowed(t *testing.T) {
	b := newHandBot(t, func(o *simulator.Options) { o.AllowHTTP = true; o.DeliveryTries = 1; o.DeliveryTimeout = time.Second })
	body := b.callTo(b.platform.AddPerson("Adele Vance"))
	body["callbackUri"] = "http://127.0.0.1:1/"
	require.Equal(t, "http://127.0.0.1:1/", b.create(body).CallbackURI())
}
