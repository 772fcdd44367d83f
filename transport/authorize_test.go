package transport

import (
	"context"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/auth"
)

func TestTokensGoToTheServiceAlone(t *testing.T) {
	asked := false
	provider, err := auth.NewClientCredentials(auth.ClientCredentialsOptions{
		AppID:  "11111111-2222-3333-4444-555555555555",
		Tenant: "contoso.com",
		TokenFunc: func(context.Context, string) (string, time.Time, error) {
			asked = true
			return "token", time.Now().Add(time.Hour), nil
		},
	})
	require.NoError(t, err)
	t.Cleanup(provider.Close)
	service, err := url.Parse("https://graph.microsoft.com/v1.0")
	require.NoError(t, err)
	send := authorize(service, provider)(roundTripperFunc(func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Request: r, Body: http.NoBody}, nil
	}))
	request := func(address string) *http.Request {
		r, err := http.NewRequestWithContext(withProgress(t.Context(), &progress{}), http.MethodGet, address, nil)
		require.NoError(t, err)
		return r
	}
	for _, address := range []string{
		"http://graph.microsoft.com/v1.0/x", "https://graph.microsoft.com.test/x", "https://graph.microsoft.com:444/x",
		"https://elsewhere.test/x",
	} {
		_, err := send.RoundTrip(request(address))
		require.ErrorIs(t, err, errForeignHost)
	}
	disguised := request("https://graph.microsoft.com/x")
	disguised.Host = "elsewhere.test"
	_, err = send.RoundTrip(disguised)
	require.ErrorIs(t, err, errForeignHost)
	require.False(t, asked)

	good := request("https://graph.microsoft.com/v1.0/x")
	response, err := send.RoundTrip(good)
	require.NoError(t, err)
	require.Equal(t, "Bearer token", response.Request.Header.Get("Authorization"))
	require.Empty(t, good.Header.Get("Authorization"))
}
