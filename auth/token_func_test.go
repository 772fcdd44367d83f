package auth_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/auth"
)

func TestTokenFuncTakesThePlaceOfASecret(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, client := bubblePlatform()
		options := providerOptions(p, client)
		options.Secret, options.Tenant = "", ""
		calls := 0
		options.TokenFunc = func(_ context.Context, tenant string) (string, time.Time, error) {
			calls++
			return fmt.Sprintf("%s-%d", tenant, calls), time.Now().Add(time.Hour), nil
		}
		provider := newProviderWith(t, options)
		for range 2 {
			header, err := outbound(t.Context(), t, provider, "")
			require.NoError(t, err)
			require.Equal(t, "Bearer -1", header)
		}
		header, err := outbound(t.Context(), t, provider, tenantID)
		require.NoError(t, err)
		require.Equal(t, "Bearer "+tenantID+"-2", header)
		time.Sleep(time.Hour)
		header, err = outbound(t.Context(), t, provider, "")
		require.NoError(t, err)
		require.Equal(t, "Bearer -3", header)
	})
}

func TestTokenFuncFailuresAreErrorsNotCrashes(t *testing.T) {
	p, client := startPlatform(t)
	own := errors.New("the application's own error")
	functions := map[string]auth.TokenFunc{
		"own":     func(context.Context, string) (string, time.Time, error) { return "", time.Time{}, own },
		"panic":   func(context.Context, string) (string, time.Time, error) { panic("token") },
		"empty":   func(context.Context, string) (string, time.Time, error) { return "", time.Now().Add(time.Hour), nil },
		"expired": func(context.Context, string) (string, time.Time, error) { return "t", time.Now().Add(-1), nil },
	}
	for name, function := range functions {
		t.Run(name, func(t *testing.T) {
			options := providerOptions(p, client)
			options.Secret, options.TokenFunc = "", function
			header, err := outbound(t.Context(), t, newProviderWith(t, options), "")
			var failure *auth.TokenError
			require.ErrorAs(t, err, &failure)
			require.Empty(t, header)
			require.Equal(t, name == "own", errors.Is(err, own))
		})
	}
}

func TestTokenWithoutAnEndIsNotKept(t *testing.T) {
	p, client := startPlatform(t)
	options := providerOptions(p, client)
	calls := 0
	options.Secret = ""
	options.TokenFunc = func(context.Context, string) (string, time.Time, error) {
		calls++
		return fmt.Sprint(calls), time.Time{}, nil
	}
	provider := newProviderWith(t, options)
	for want := range 3 {
		header, err := outbound(t.Context(), t, provider, "")
		require.NoError(t, err)
		require.Equal(t, fmt.Sprintf("Bearer %d", want+1), header)
	}
}

func TestShortLivedTokenIsStillUsed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, client := bubblePlatform()
		options := providerOptions(p, client)
		calls := 0
		options.Secret = ""
		options.TokenFunc = func(context.Context, string) (string, time.Time, error) {
			calls++
			return "t", time.Now().Add(2 * time.Minute), nil
		}
		provider := newProviderWith(t, options)
		for range 59 {
			_, err := outbound(t.Context(), t, provider, "")
			require.NoError(t, err)
			time.Sleep(time.Second)
		}
		require.Equal(t, 1, calls)
	})
}

// A token that the platform refuses before its time is replaced; one that has just been fetched is not, for the next
// would fare no better.
func TestRefusedTokenIsReplaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fetches := 0
		provider, err := auth.NewClientCredentials(auth.ClientCredentialsOptions{
			AppID: "app", Tenant: "contoso.com",
			TokenFunc: func(context.Context, string) (string, time.Time, error) {
				fetches++
				return fmt.Sprint("token-", fetches), time.Now().Add(time.Hour), nil
			},
		})
		require.NoError(t, err)
		defer provider.Close()
		send := func() *http.Request {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://graph.microsoft.com/v1.0", http.NoBody)
			require.NoError(t, err)
			require.NoError(t, provider.AuthenticateOutbound(t.Context(), request, ""))
			return request
		}
		first := send()
		require.False(t, provider.Refused(first, ""), "it is new")
		time.Sleep(time.Minute)
		require.False(t, provider.Refused(first, "fabrikam.com"), "not that tenant's")
		require.True(t, provider.Refused(first, "Contoso.com"))
		require.Equal(t, "Bearer token-2", send().Header.Get("Authorization"))
		require.True(t, provider.Refused(first, ""), "replaced already")
		require.Equal(t, "Bearer token-2", send().Header.Get("Authorization"))
		require.Equal(t, 2, fetches)
	})
}
