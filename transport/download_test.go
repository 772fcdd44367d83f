package transport_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/transport"
)

func TestDownloadSendsItsTokenToTrustedHostsAlone(t *testing.T) {
	asked := 0
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		switch {
		case r.Header.Get("Authorization") != "Bearer recording-token":
			w.WriteHeader(http.StatusUnauthorized)
		case r.URL.Path == "/elsewhere":
			http.Redirect(w, r, "/recording", http.StatusFound)
		default:
			_, _ = w.Write([]byte("RIFF"))
		}
	}))
	defer server.Close()
	address, err := url.Parse(server.URL)
	require.NoError(t, err)

	client := func(base string, hosts ...string) *transport.Client {
		c, err := transport.NewClient(transport.ClientOptions{
			BaseURL: base, Provider: tokensFrom(t, func(string) string { return "token" }), HTTPClient: server.Client(), DownloadHosts: hosts,
		})
		require.NoError(t, err)
		return c
	}
	var sound bytes.Buffer
	size, err := client("https://graph.contoso.com/v1.0", address.Hostname()).Download(t.Context(), server.URL+"/recording", "recording-token", &sound)
	require.NoError(t, err)
	require.EqualValues(t, 4, size)
	require.Equal(t, "RIFF", sound.String())
	_, err = client(server.URL).Download(t.Context(), server.URL+"/recording", "recording-token", &sound)
	require.NoError(t, err, "the service's own host needs no mention")
	_, err = client(server.URL).Download(t.Context(), server.URL+"/recording", "another", &sound)
	require.ErrorContains(t, err, "401")
	_, err = client(server.URL).Download(t.Context(), server.URL+"/elsewhere", "recording-token", &sound)
	require.ErrorContains(t, err, "302", "a redirect is not followed")

	before := asked
	for _, refused := range []string{"http://" + address.Host + "/recording", server.URL + "/recording", "https://evil-contoso.com/r", "::", ""} {
		_, err = client("https://graph.contoso.com/v1.0", "contoso.com").Download(t.Context(), refused, "recording-token", &sound)
		require.Error(t, err, refused)
		require.NotContains(t, err.Error(), "recording-token")
	}
	require.Equal(t, before, asked, "nothing was sent")
}

func TestDownloadIsBounded(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for chunk := make([]byte, 1<<20); ; {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	}))
	defer server.Close()
	client, err := transport.NewClient(transport.ClientOptions{
		BaseURL: server.URL, Provider: tokensFrom(t, func(string) string { return "token" }), HTTPClient: server.Client(),
	})
	require.NoError(t, err)
	read, err := client.Download(t.Context(), server.URL+"/recording", "recording-token", io.Discard)
	require.ErrorContains(t, err, "more than a recording can be")
	require.LessOrEqual(t, read, int64(64<<20+1))
}
