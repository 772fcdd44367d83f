//go:build browser

package main

import (
	"context"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/internal/webdriver"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// openDesk starts callsim in this process, and a bot that answers and asks for
// tones. It returns the page's address and the tones the bot hears.
func openDesk(t *testing.T) (string, <-chan resources.Tone) {
	t.Helper()
	listen := freeAddress(t)
	settings, err := parse([]string{
		"-address", "127.0.0.1:0", "-control-address", "127.0.0.1:0", "-quiet", "-bot-name", "Echo",
		"-ca-file", filepath.Join(t.TempDir(), "ca.pem"), "-bot-webhook", "http://" + listen + "/api/calls",
	}, os.Stderr)
	require.NoError(t, err)
	d, err := open(t.Context(), settings, os.Stderr)
	require.NoError(t, err)
	t.Cleanup(d.close)

	provider, err := auth.NewClientCredentials(auth.ClientCredentialsOptions{
		AppID: d.bot.AppID, Secret: d.bot.Secret, Tenant: d.platform.Tenant().ID, HTTPClient: d.platform.Client(),
		Cloud: auth.Cloud{AuthorityURL: d.platform.AuthorityURL(), OpenIDConfigurationURL: d.platform.OpenIDConfigurationURL()},
	})
	require.NoError(t, err)
	t.Cleanup(provider.Close)
	client, err := statefulclient.NewStatefulClientBuilder("Echo", d.bot.AppID).SetAuthenticationProvider(provider).
		SetNotificationUrl(d.tunnel.webhook).SetServiceBaseUrl(d.platform.ServiceBaseURL()).SetHttpClient(d.platform.Client(), nil).Build()
	require.NoError(t, err)
	tones := make(chan resources.Tone, 100)
	client.Calls().OnIncoming(func(ctx context.Context, e statefulclient.IncomingCall) {
		statefulclient.On(e.Call, func(_ context.Context, tone statefulclient.ToneReceived) { tones <- tone.Tone })
		if e.Call.Answer(ctx, statefulclient.AnswerOptions{}) == nil && e.Call.WaitFor(ctx, resources.CallStateEstablished) == nil {
			_ = e.Call.SubscribeToTone(ctx)
		}
	})
	listener, err := net.Listen("tcp", listen)
	require.NoError(t, err)
	server := &http.Server{Handler: client.Handler(), ReadHeaderTimeout: time.Second}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() {
		_ = client.Shutdown(context.Background())
		_ = server.Close()
	})
	return d.control.PageURL(d.controlURL), tones
}

func hear(t *testing.T, tones <-chan resources.Tone, want resources.Tone) {
	t.Helper()
	select {
	case got := <-tones:
		require.Equal(t, want, got)
	case <-time.After(10 * time.Second):
		require.Fail(t, "the bot heard no key")
	}
}

func TestBrowserHoldsACall(t *testing.T) {
	page, tones := openDesk(t)
	b := webdriver.Open(t, filepath.Join("..", "..", "bin", "screenshots"))
	b.Open(page)
	b.Has("#connection.live", "live")
	var address string
	b.Script("return location.href", &address)
	require.NotContains(t, address, "token", "the token stays in the address")
	b.Has("#people", "Adele Vance")
	b.Screenshot("1-start")

	b.Click("[aria-label='Call the bot: Adele Vance']")
	b.Has("#calls .state.established", "established")
	b.Has("#rows .label", "created incoming")
	b.Has("#rows .label", "/answer")
	b.Has("#rows .label", "/subscribeToTone")
	b.Wait("tones are asked for", func() (hidden bool) {
		b.Script("return document.getElementById('tones-hint').hidden", &hidden)
		return hidden
	})
	b.Click("[data-tone=tone1]")
	hear(t, tones, resources.Tone1)
	b.Has("#rows .to .label", "updated established tone1")
	b.Screenshot("2-key-pressed")

	// By keyboard: the newest exchange is opened with Enter, and its body is there.
	b.Script("[...document.querySelectorAll('#rows summary')].at(-1).setAttribute('id', 'newest')", nil)
	b.Press("#newest", "\ue007")
	b.Has(".body pre", `"tone": "tone1"`)
	b.Screenshot("3-exchange-opened")

	faultIsSeen(t, b, tones)
	markupStaysText(t, b)
	b.Press("#newest", "\ue007")
	b.Phone(1500)
	b.Screenshot("5-phone")
	b.Script("document.getElementById('diagram').scrollIntoView()", nil)
	b.Screenshot("6-phone-exchanges")
	var wide bool
	b.Script("return document.documentElement.scrollWidth > innerWidth", &wide)
	require.False(t, wide, "a phone has to scroll sideways")
	b.Phone(0)

	b.Click("[aria-label='Hang up: Adele Vance']")
	b.Has("#calls .state.terminated", "terminated")
	b.Has("#rows .to .label", "deleted terminated")
	b.Screenshot("7-hung-up")
	require.Empty(t, b.Complaints())
}

// faultIsSeen injects a fault: what is sent twice is marked.
func faultIsSeen(t *testing.T, b *webdriver.Browser, tones <-chan resources.Tone) {
	t.Helper()
	b.Dark(true)
	b.Click("#fault option[value='duplicate']")
	b.Click("#inject button")
	b.Has("#faults", "duplicate: times 1")
	b.Click("[data-tone=star]")
	hear(t, tones, resources.ToneStar)
	b.Has("#rows .mark", "duplicate")
	b.Screenshot("4-fault-dark")
	b.Click("#heal")
	b.Wait("the fault is healed", func() (healed bool) {
		b.Script("return document.getElementById('faults').children.length === 0", &healed)
		return healed
	})
	b.Dark(false)
}

// markupStaysText gives a person a name that is markup.
func markupStaysText(t *testing.T, b *webdriver.Browser) {
	t.Helper()
	const name = `<img src=x onerror="document.title='taken'">`
	b.Press("#person-name", name+"\ue007")
	b.Has("#people .name", name)
	b.Click(`#people li:last-child button.main`)
	b.Has("#rows .act", name)
	b.Click(`#people li:last-child button[aria-label^="Hang up"]`)
	b.Click("#calls li:last-child button")
	var images int
	b.Script("return document.images.length", &images)
	require.Zero(t, images)
	var title string
	b.Script("return document.title", &title)
	require.Equal(t, "callsim", title)
}
