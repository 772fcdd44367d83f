package transport_test

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/transport"
)

// Whatever the service answers, its tokens stay with it.
func TestRedirectsTakeNoTokenElsewhere(t *testing.T) {
	thief := startService(t, answerWith(http.StatusOK, "{}"))
	there, err := url.Parse(thief.URL)
	require.NoError(t, err)
	for _, status := range []int{301, 302, 303, 307, 308} {
		s := startService(t, answerWith(status, "", "Location", thief.URL+"/v1.0/communications/calls"))
		roots := x509.NewCertPool()
		roots.AddCert(s.Certificate())
		roots.AddCert(thief.Certificate())
		both := clientWith(t, &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}})
		client := s.client(t, func(o *transport.ClientOptions) {
			o.HTTPClient, o.Provider = both, coldProvider{o.Provider}
			o.DownloadHosts = []string{there.Hostname()}
		})
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete} {
			_, err := client.Do(t.Context(), transport.Request{Method: method, Path: callPath})
			var failed *transport.Error
			require.ErrorAs(t, err, &failed)
			require.Equal(t, status, failed.StatusCode)
		}
		_, err := client.Download(t.Context(), s.URL+"/recording", "recording-token", io.Discard)
		require.ErrorContains(t, err, "the platform answered 3", "not even to a host that is trusted with one of its own")
		require.NoError(t, client.Warm(t.Context()))
	}
	require.Empty(t, thief.requests())
}
