package auth_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/auth"
)

func TestKnownCodesComeWithAHint(t *testing.T) {
	p, client := startPlatform(t)
	provider := newProvider(t, p, client)
	hints := map[int]string{
		7000215: "secret is wrong", 7000222: "expired", 700016: "not known in this tenant", 65001: "consent",
		7000229: "service principal", 7000112: "disabled", 90002: "no such tenant", 500011: "Cloud.Scope",
		53003: "policy", 1234567: "check AppID, Secret and Tenant",
	}
	for code, hint := range hints {
		p.handle(tokenPath(tenantID), func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprintf(w, `{"error":"invalid_client","error_codes":[%d],"error_description":"AADSTS%d: text",
				"correlation_id":"01234567-89ab-cdef-0123-456789abcdef"}`, code, code)
		})
		_, err := outbound(t.Context(), t, provider, "")
		var failure *auth.TokenError
		require.ErrorAs(t, err, &failure)
		require.Equal(t, "invalid_client", failure.Code)
		require.Equal(t, code, failure.AADSTS)
		require.Equal(t, http.StatusUnauthorized, failure.Status)
		require.Equal(t, "01234567-89ab-cdef-0123-456789abcdef", failure.CorrelationID)
		require.Contains(t, failure.Hint, hint)
		for _, part := range []string{tenantID, "invalid_client", fmt.Sprint(code), "401", failure.CorrelationID, hint} {
			require.ErrorContains(t, err, part)
		}
	}
}

func TestUnreachableTokenEndpointSaysWhy(t *testing.T) {
	p, client := startPlatform(t)
	p.handle(tokenPath(tenantID), serveTokens("t"))
	reach := func(client *http.Client) error {
		_, err := outbound(t.Context(), t, newProviderWith(t, providerOptions(p, client)), "")
		return err
	}
	require.ErrorContains(t, reach(&http.Client{Transport: &http.Transport{}}), "certificate is not trusted")

	transport := client.Transport.(*http.Transport).Clone()
	defer transport.CloseIdleConnections()
	transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.DNSError{Name: "login.test", IsNotFound: true}
	}
	require.ErrorContains(t, reach(&http.Client{Transport: transport}), `"login.test" could not be resolved`)

	refusing := transport.Clone()
	refusing.DialContext = func(context.Context, string, string) (net.Conn, error) { return nil, net.ErrClosed }
	err := reach(&http.Client{Transport: refusing})
	require.ErrorContains(t, err, "could not be reached")
	require.ErrorIs(t, err, net.ErrClosed)
}
