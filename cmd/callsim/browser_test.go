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
	b := openBrowser(t)
	b.open(page)
	b.has("#connection.live", "live")
	var address string
	b.script("return location.href", &address)
	require.NotContains(t, address, "token", "the token stays in the address")
	b.has("#people", "Adele Vance")
	b.screenshot("1-start")

	b.click("[aria-label='Call the bot: Adele Vance']")
	b.has("#calls .state.established", "established")
	b.has("#rows .label", "created incoming")
	b.has("#rows .label", "/answer")
	b.has("#rows .label", "/subscribeToTone")
	b.wait("tones are asked for", func() (hidden bool) {
		b.script("return document.getElementById('tones-hint').hidden", &hidden)
		return hidden
	})
	b.click("[data-tone=tone1]")
	hear(t, tones, resources.Tone1)
	b.has("#rows .to .label", "updated established tone1")
	b.screenshot("2-key-pressed")

	// By keyboard: the newest exchange is opened with Enter, and its body is there.
	b.script("[...document.querySelectorAll('#rows summary')].at(-1).setAttribute('id', 'newest')", nil)
	b.press("#newest", "\ue007")
	b.has(".body pre", `"tone": "tone1"`)
	b.screenshot("3-exchange-opened")

	b.faultIsSeen(tones)
	b.markupStaysText()
	b.press("#newest", "\ue007")
	b.devtools("Emulation.setDeviceMetricsOverride", map[string]any{"width": 390, "height": 1500, "deviceScaleFactor": 2, "mobile": true}, nil)
	b.screenshot("5-phone")
	b.script("document.getElementById('diagram').scrollIntoView()", nil)
	b.screenshot("6-phone-exchanges")
	var wide bool
	b.script("return document.documentElement.scrollWidth > innerWidth", &wide)
	require.False(t, wide, "a phone has to scroll sideways")
	b.devtools("Emulation.clearDeviceMetricsOverride", struct{}{}, nil)

	b.click("[aria-label='Hang up: Adele Vance']")
	b.has("#calls .state.terminated", "terminated")
	b.has("#rows .to .label", "deleted terminated")
	b.screenshot("7-hung-up")
	require.Empty(t, b.complaints())
}

// faultIsSeen injects a fault: what is sent twice is marked.
func (b *browser) faultIsSeen(tones <-chan resources.Tone) {
	b.t.Helper()
	b.devtools("Emulation.setEmulatedMedia", map[string]any{"features": []any{map[string]string{"name": "prefers-color-scheme", "value": "dark"}}}, nil)
	b.click("#fault option[value='duplicate']")
	b.click("#inject button")
	b.has("#faults", "duplicate: times 1")
	b.click("[data-tone=star]")
	hear(b.t, tones, resources.ToneStar)
	b.has("#rows .mark", "duplicate")
	b.screenshot("4-fault-dark")
	b.click("#heal")
	b.wait("the fault is healed", func() (healed bool) {
		b.script("return document.getElementById('faults').children.length === 0", &healed)
		return healed
	})
	b.devtools("Emulation.setEmulatedMedia", map[string]any{"features": []any{}}, nil)
}

// markupStaysText gives a person a name that is markup.
func (b *browser) markupStaysText() {
	b.t.Helper()
	const name = `<img src=x onerror="document.title='taken'">`
	b.press("#person-name", name+"\ue007")
	b.has("#people .name", name)
	b.click(`#people li:last-child button.main`)
	b.has("#rows .act", name)
	b.click(`#people li:last-child button[aria-label^="Hang up"]`)
	b.click("#calls li:last-child button")
	var images int
	b.script("return document.images.length", &images)
	require.Zero(b.t, images)
	var title string
	b.script("return document.title", &title)
	require.Equal(b.t, "callsim", title)
}
