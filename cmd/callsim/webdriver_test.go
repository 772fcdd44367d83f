//go:build browser

package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// browser is a Chromium that chromedriver drives, by the W3C's WebDriver.
type browser struct {
	t       *testing.T
	client  *http.Client
	session string // its address
}

func openBrowser(t *testing.T) *browser {
	t.Helper()
	address := freeAddress(t)
	_, port, err := net.SplitHostPort(address)
	require.NoError(t, err)
	driver := exec.CommandContext(context.WithoutCancel(t.Context()), "chromedriver", "--port="+port)
	driver.Stderr = os.Stderr
	require.NoError(t, driver.Start(), "make test-browser installs chromium and chromedriver on Debian")
	b := &browser{t: t, client: &http.Client{Timeout: time.Minute}, session: "http://" + address}
	b.wait("chromedriver is there", func() bool {
		reply, err := b.client.Get(b.session + "/status")
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
			"--disable-component-update", "--disable-sync", "--user-data-dir=" + t.TempDir(), "--window-size=1360,1000",
		}},
	}}}, &session)
	b.session += "/session/" + session.SessionID
	t.Cleanup(func() {
		b.ask(http.MethodDelete, "", nil, nil)
		b.client.CloseIdleConnections()
		_ = driver.Process.Kill()
		_ = driver.Wait()
	})
	return b
}

// ask sends a command of the WebDriver protocol.
func (b *browser) ask(method, path string, body, into any) {
	b.t.Helper()
	text, err := json.Marshal(body)
	require.NoError(b.t, err)
	if method != http.MethodPost {
		text = nil
	}
	request, err := http.NewRequest(method, b.session+path, bytes.NewReader(text))
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

// wait asks until something is so.
func (b *browser) wait(what string, so func() bool) {
	b.t.Helper()
	pause := time.NewTicker(50 * time.Millisecond)
	defer pause.Stop()
	for late := time.Now().Add(20 * time.Second); !so(); <-pause.C {
		if time.Now().After(late) {
			b.screenshot("failed")
			require.Fail(b.t, "waited in vain", what)
		}
	}
}

func (b *browser) open(url string) {
	b.ask(http.MethodPost, "/url", map[string]string{"url": url}, nil)
}

// script runs JavaScript in the page and returns what it returns.
func (b *browser) script(text string, into any, args ...any) {
	b.t.Helper()
	if args == nil {
		args = []any{}
	}
	b.ask(http.MethodPost, "/execute/sync", map[string]any{"script": text, "args": args}, into)
}

// has waits until a CSS selector finds something whose text contains this.
func (b *browser) has(selector, text string) {
	b.t.Helper()
	b.wait(selector+" with "+text, func() (found bool) {
		b.script(`return [...document.querySelectorAll(arguments[0])].some((e) => e.offsetParent && e.textContent.includes(arguments[1]))`, &found, selector, text)
		return found
	})
}

func (b *browser) element(selector string) string {
	b.t.Helper()
	var found map[string]string
	b.ask(http.MethodPost, "/element", map[string]string{"using": "css selector", "value": selector}, &found)
	for _, id := range found {
		return id
	}
	return ""
}

func (b *browser) click(selector string) {
	b.t.Helper()
	b.ask(http.MethodPost, "/element/"+b.element(selector)+"/click", struct{}{}, nil)
}

// press types into what has the focus.
func (b *browser) press(selector, text string) {
	b.t.Helper()
	b.ask(http.MethodPost, "/element/"+b.element(selector)+"/value", map[string]string{"text": text}, nil)
}

// devtools asks what WebDriver has no command for.
func (b *browser) devtools(command string, params any, into any) {
	b.t.Helper()
	b.ask(http.MethodPost, "/goog/cdp/execute", map[string]any{"cmd": command, "params": params}, into)
}

// screenshot writes what there is to see to bin/screenshots, which git ignores.
func (b *browser) screenshot(name string) {
	b.t.Helper()
	var text string
	b.ask(http.MethodGet, "/screenshot", nil, &text)
	image, err := base64.StdEncoding.DecodeString(text)
	require.NoError(b.t, err)
	folder := filepath.Join("..", "..", "bin", "screenshots")
	require.NoError(b.t, os.MkdirAll(folder, 0o755))
	require.NoError(b.t, os.WriteFile(filepath.Join(folder, name+".png"), image, 0o644))
}

// complaints are what the page wrote to the console: errors, and what its
// Content-Security-Policy forbade.
func (b *browser) complaints() []string {
	b.t.Helper()
	var entries []struct{ Level, Message string }
	b.ask(http.MethodPost, "/se/log", map[string]string{"type": "browser"}, &entries)
	var all []string
	for _, e := range entries {
		all = append(all, e.Level+" "+e.Message)
	}
	return all
}
