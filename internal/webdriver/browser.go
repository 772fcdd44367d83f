package webdriver

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Browser is a Chromium that chromedriver drives, by the W3C's WebDriver. What
// does not go well fails the test.
type Browser struct {
	t       *testing.T
	client  *http.Client
	session string // its address
	folder  string // of screenshots
}

// Open starts a browser for a test, which ends with it. Screenshots go into a
// folder, which is made.
func Open(t *testing.T, screenshots string) *Browser {
	t.Helper()
	address := freeAddress(t)
	_, port, err := net.SplitHostPort(address)
	require.NoError(t, err)
	driver := exec.CommandContext(context.WithoutCancel(t.Context()), "chromedriver", "--port="+port) //nolint:gosec // a port of our own
	driver.Stderr = os.Stderr
	require.NoError(t, driver.Start(), "make test-browser installs chromium and chromedriver on Debian")
	b := &Browser{t: t, client: &http.Client{Timeout: time.Minute}, session: "http://" + address, folder: screenshots}
	t.Cleanup(func() {
		b.client.CloseIdleConnections()
		_ = driver.Process.Kill()
		_ = driver.Wait()
	})
	b.begin()
	return b
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	return listener.Addr().String()
}

func (b *Browser) begin() {
	b.t.Helper()
	driver := b.session
	b.Wait("chromedriver is there", func() bool {
		request, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, driver+"/status", nil)
		require.NoError(b.t, err)
		reply, err := b.client.Do(request)
		if err != nil {
			return false
		}
		return reply.Body.Close() == nil && reply.StatusCode == http.StatusOK
	})
	var session struct{ SessionID string }
	b.ask(http.MethodPost, "/session", map[string]any{"capabilities": map[string]any{"alwaysMatch": map[string]any{
		"goog:loggingPrefs": map[string]string{"browser": "ALL"},
		"goog:chromeOptions": map[string]any{"args": []string{
			"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
			"--disable-component-update", "--disable-sync", "--user-data-dir=" + b.t.TempDir(), "--window-size=1360,1000",
		}},
	}}}, &session)
	b.session += "/session/" + session.SessionID
	b.t.Cleanup(func() { b.ask(http.MethodDelete, "", nil, nil) })
}

// ask sends a command of the WebDriver protocol.
func (b *Browser) ask(method, path string, body, into any) {
	b.t.Helper()
	text, err := json.Marshal(body)
	require.NoError(b.t, err)
	if method != http.MethodPost {
		text = nil
	}
	request, err := http.NewRequestWithContext(context.WithoutCancel(b.t.Context()), method, b.session+path, bytes.NewReader(text))
	require.NoError(b.t, err)
	reply, err := b.client.Do(request)
	require.NoError(b.t, err)
	defer reply.Body.Close()
	answer, err := io.ReadAll(reply.Body)
	require.NoError(b.t, err)
	require.Equal(b.t, http.StatusOK, reply.StatusCode, "%s %s: %s", method, path, answer)
	if into != nil {
		require.NoError(b.t, json.Unmarshal(answer, &struct{ Value any }{into}))
	}
}

// Wait asks until something is so.
func (b *Browser) Wait(what string, so func() bool) {
	b.t.Helper()
	pause := time.NewTicker(50 * time.Millisecond)
	defer pause.Stop()
	for late := time.Now().Add(20 * time.Second); !so(); <-pause.C {
		if time.Now().After(late) {
			b.Screenshot("failed")
			require.Fail(b.t, "waited in vain", what)
		}
	}
}
