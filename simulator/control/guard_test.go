package control_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/simulator/control"
)

func (d *desk) send(method, path string, change func(*http.Request)) *http.Response {
	d.t.Helper()
	request, err := http.NewRequestWithContext(d.t.Context(), method, d.url+path, strings.NewReader(`{"displayName":"Eve"}`))
	require.NoError(d.t, err)
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	change(request)
	reply, err := http.DefaultClient.Do(request)
	require.NoError(d.t, err)
	d.t.Cleanup(func() { reply.Body.Close() })
	return reply
}

func TestOnlyWhoHasTheTokenMayDoAnything(t *testing.T) {
	d := newDesk(t)
	for path := range d.spec.Paths {
		if !strings.HasPrefix(path, "/v1/") {
			continue
		}
		for method := range d.spec.Paths[path] {
			for _, header := range []string{"", "Bearer", "Bearer wrong", "Basic " + token} {
				reply := d.send(strings.ToUpper(method), path, func(r *http.Request) { r.Header.Set("Authorization", header) })
				require.Equal(t, http.StatusUnauthorized, reply.StatusCode, "%s %s with %q", method, path, header)
			}
		}
	}
	require.Empty(t, d.do("GET", "/v1/world", nil)["people"])
}

// A page whose site's name leads to this machine, and a page from elsewhere that
// posts here, do nothing even with the token.
func TestPagesFromElsewhereAreRefused(t *testing.T) {
	d := newDesk(t)
	for name, change := range map[string]func(*http.Request){
		"rebinding":  func(r *http.Request) { r.Host = "rebind.contoso.com" },
		"with port":  func(r *http.Request) { r.Host = "rebind.contoso.com:7444" },
		"origin":     func(r *http.Request) { r.Header.Set("Origin", "https://evil.contoso.com") },
		"cross-site": func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") },
	} {
		require.GreaterOrEqual(t, d.send("POST", "/v1/people", change).StatusCode, 400, name)
	}
	require.Equal(t, http.StatusUnsupportedMediaType, d.send("POST", "/v1/people", func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }).StatusCode)
	require.Empty(t, d.do("GET", "/v1/world", nil)["people"])
	for _, host := range []string{"localhost:7444", "127.0.0.1", "[::1]:7444", "[::1]"} {
		require.Equal(t, http.StatusOK, d.send("GET", "/v1/world", func(r *http.Request) { r.Host = host }).StatusCode, host)
	}
}

func TestServerMayHaveANameOfItsOwn(t *testing.T) {
	server := control.New(simulator.New(t), control.Options{Hosts: []string{"callsim.test"}})
	defer server.Close()
	require.NotEmpty(t, server.Token())
	request := httptest.NewRequest(http.MethodGet, "http://callsim.test:7444/", http.NoBody)
	recorder := httptest.NewRecorder()
	server.ServeHTTP(recorder, request)
	require.Equal(t, http.StatusOK, recorder.Code)
	require.Equal(t, "http://callsim.test:7444/#token="+server.Token(), server.PageURL("http://callsim.test:7444"))
}

func TestPageIsServedWithoutTokenAndFetchesNothingElsewhere(t *testing.T) {
	d := newDesk(t)
	for _, path := range []string{"/", "/page.css", "/page.js", "/icon.svg"} {
		reply := d.send(http.MethodGet, path, func(r *http.Request) { r.Header.Del("Authorization") })
		require.Equal(t, http.StatusOK, reply.StatusCode, path)
		policy := reply.Header.Get("Content-Security-Policy")
		require.Contains(t, policy, "default-src 'none'; script-src 'self'")
		require.NotContains(t, policy, "unsafe")
		require.Equal(t, "nosniff", reply.Header.Get("X-Content-Type-Options"))
		text, err := io.ReadAll(reply.Body)
		require.NoError(t, err)
		for _, address := range regexp.MustCompile(`https?://[^\s"'<>]+`).FindAllString(string(text), -1) {
			require.Equal(t, "http://www.w3.org/2000/svg", address, "%s names another place", path)
		}
		for _, markup := range []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", " style=", "onclick=\""} {
			require.NotContains(t, string(text), markup, path)
		}
	}
	require.Equal(t, http.StatusNotFound, d.send(http.MethodGet, "/page/page.js", func(*http.Request) {}).StatusCode)
	require.Equal(t, http.StatusMethodNotAllowed, d.send(http.MethodPost, "/", func(*http.Request) {}).StatusCode)
	described := d.send(http.MethodGet, "/openapi.json", func(r *http.Request) { r.Header.Del("Authorization") })
	require.Equal(t, http.StatusOK, described.StatusCode)
	require.Contains(t, described.Header.Get("Content-Type"), "application/json")
}
