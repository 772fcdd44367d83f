package webdriver

import (
	"encoding/base64"
	"net/http"
	"os"
	"path/filepath"

	"github.com/stretchr/testify/require"
)

// Open goes to an address.
func (b *Browser) Open(url string) {
	b.t.Helper()
	b.ask(http.MethodPost, "/url", map[string]string{"url": url}, nil)
}

// Script runs JavaScript in the page; into is a pointer for what it returns, or
// nil.
func (b *Browser) Script(text string, into any, args ...any) {
	b.t.Helper()
	if args == nil {
		args = []any{}
	}
	b.ask(http.MethodPost, "/execute/sync", map[string]any{"script": text, "args": args}, into)
}

// Has waits until a CSS selector finds something that can be seen, whose text
// contains this.
func (b *Browser) Has(selector, text string) {
	b.t.Helper()
	b.Wait(selector+" with "+text, func() (found bool) {
		b.Script(`return [...document.querySelectorAll(arguments[0])].some((e) => e.getClientRects().length && e.textContent.includes(arguments[1]))`, &found, selector, text)
		return found
	})
}

func (b *Browser) element(selector string) string {
	b.t.Helper()
	var found map[string]string
	b.ask(http.MethodPost, "/element", map[string]string{"using": "css selector", "value": selector}, &found)
	for _, id := range found {
		return id
	}
	return ""
}

// Click clicks on what a CSS selector finds first.
func (b *Browser) Click(selector string) {
	b.t.Helper()
	b.ask(http.MethodPost, "/element/"+b.element(selector)+"/click", struct{}{}, nil)
}

// Press types into what a CSS selector finds first; Enter is \ue007.
func (b *Browser) Press(selector, text string) {
	b.t.Helper()
	b.ask(http.MethodPost, "/element/"+b.element(selector)+"/value", map[string]string{"text": text}, nil)
}

// Keys presses keys, whatever has the focus.
func (b *Browser) Keys(text string) {
	b.t.Helper()
	var actions []map[string]string
	for _, key := range text {
		actions = append(actions, map[string]string{"type": "keyDown", "value": string(key)}, map[string]string{"type": "keyUp", "value": string(key)})
	}
	b.ask(http.MethodPost, "/actions", map[string]any{"actions": []any{map[string]any{"type": "key", "id": "keyboard", "actions": actions}}}, nil)
}

// DevTools asks what WebDriver has no command for.
func (b *Browser) DevTools(command string, params any) {
	b.t.Helper()
	b.ask(http.MethodPost, "/goog/cdp/execute", map[string]any{"cmd": command, "params": params}, nil)
}

// Dark has pages think that people want dark colours, or not.
func (b *Browser) Dark(on bool) {
	b.t.Helper()
	features := []any{}
	if on {
		features = append(features, map[string]string{"name": "prefers-color-scheme", "value": "dark"})
	}
	b.DevTools("Emulation.setEmulatedMedia", map[string]any{"features": features})
}

// Phone gives the page a narrow screen of that height, in CSS pixels; 0 takes it
// back.
func (b *Browser) Phone(height int) {
	b.t.Helper()
	if height == 0 {
		b.DevTools("Emulation.clearDeviceMetricsOverride", struct{}{})
		return
	}
	b.DevTools("Emulation.setDeviceMetricsOverride", map[string]any{"width": 390, "height": height, "deviceScaleFactor": 2, "mobile": true})
}

// Screenshot writes what there is to see into the folder of screenshots.
func (b *Browser) Screenshot(name string) {
	b.t.Helper()
	var text string
	b.ask(http.MethodGet, "/screenshot", nil, &text)
	image, err := base64.StdEncoding.DecodeString(text)
	require.NoError(b.t, err)
	require.NoError(b.t, os.MkdirAll(b.folder, 0o750))
	require.NoError(b.t, os.WriteFile(filepath.Join(b.folder, name+".png"), image, 0o600))
}

// Complaints are what the page wrote to the console: errors, and what its
// Content-Security-Policy forbade.
func (b *Browser) Complaints() []string {
	b.t.Helper()
	var entries []struct{ Level, Message string }
	b.ask(http.MethodPost, "/se/log", map[string]string{"type": "browser"}, &entries)
	var all []string
	for _, e := range entries {
		all = append(all, e.Level+" "+e.Message)
	}
	return all
}
