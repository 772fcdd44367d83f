package auth_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/auth"
)

func tokenPath(tenant string) string { return "/" + tenant + "/oauth2/v2.0/token" }

// serveTokens hands out "TENANT-1", "TENANT-2" and so on, each good for an hour.
func serveTokens(tenant string) http.HandlerFunc {
	var mu sync.Mutex
	n := 0
	return func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		n++
		token := fmt.Sprintf("%s-%d", tenant, n)
		mu.Unlock()
		serveJSON(map[string]any{"token_type": "Bearer", "expires_in": 3600, "access_token": token})(w, r)
	}
}

func providerOptions(p *platform, client *http.Client) auth.ClientCredentialsOptions {
	return auth.ClientCredentialsOptions{
		AppID: appID, Secret: secret, Tenant: tenantID, Cloud: p.cloud(), HTTPClient: client,
	}
}

func newProvider(t testing.TB, p *platform, client *http.Client) *auth.ClientCredentials {
	t.Helper()
	p.handle(tokenPath(tenantID), serveTokens(tenantID))
	return newProviderWith(t, providerOptions(p, client))
}

func newProviderWith(t testing.TB, options auth.ClientCredentialsOptions) *auth.ClientCredentials {
	t.Helper()
	provider, err := auth.NewClientCredentials(options)
	require.NoError(t, err)
	t.Cleanup(provider.Close)
	return provider
}

func graphRequest(t testing.TB) *http.Request {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, "https://graph.test/v1.0/communications/calls", nil)
	require.NoError(t, err)
	return request
}

// outbound returns the Authorization header the provider sets.
func outbound(ctx context.Context, t testing.TB, provider auth.Provider, tenant string) (string, error) {
	t.Helper()
	request := graphRequest(t)
	err := provider.AuthenticateOutbound(ctx, request, tenant)
	return request.Header.Get("Authorization"), err
}

func TestTokenIsAskedForAsTheStandardSays(t *testing.T) {
	p, client := startPlatform(t)
	forms := make(chan map[string][]string, 1)
	p.handle(tokenPath(tenantID), func(w http.ResponseWriter, r *http.Request) {
		r.ParseForm()
		forms <- r.PostForm
		serveTokens("t")(w, r)
	})
	header, err := outbound(t.Context(), t, newProviderWith(t, providerOptions(p, client)), "")
	require.NoError(t, err)
	require.Equal(t, "Bearer t-1", header)
	require.Equal(t, map[string][]string{
		"grant_type": {"client_credentials"}, "client_id": {appID}, "client_secret": {secret},
		"scope": {"https://graph.microsoft.com/.default"},
	}, <-forms)
}

func TestConcurrentCallersShareOneFetch(t *testing.T) {
	p, client := startPlatform(t)
	provider := newProvider(t, p, client)
	var callers sync.WaitGroup
	results := make(chan string, 100)
	for range 100 {
		callers.Go(func() {
			header, err := outbound(t.Context(), t, provider, "")
			results <- fmt.Sprint(header, err)
		})
	}
	callers.Wait()
	for range 100 {
		require.Equal(t, "Bearer "+tenantID+"-1<nil>", <-results)
	}
	require.Equal(t, 1, p.count(tokenPath(tenantID)))
}

func TestEachTenantHasItsOwnToken(t *testing.T) {
	p, client := startPlatform(t)
	p.handle(tokenPath("contoso.com"), serveTokens("contoso"))
	provider := newProvider(t, p, client)
	for range 2 {
		header, err := outbound(t.Context(), t, provider, "")
		require.NoError(t, err)
		require.Equal(t, "Bearer "+tenantID+"-1", header)
		header, err = outbound(t.Context(), t, provider, "Contoso.com")
		require.NoError(t, err)
		require.Equal(t, "Bearer contoso-1", header)
	}
}

func TestTokenIsReplacedEarlyAndNobodyWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, client := bubblePlatform()
		provider := newProvider(t, p, client)
		require.NoError(t, provider.Warm(t.Context()))
		first := "Bearer " + tenantID + "-1"

		time.Sleep(55*time.Minute - time.Second)
		header, err := outbound(t.Context(), t, provider, "")
		require.NoError(t, err)
		require.Equal(t, first, header)
		synctest.Wait()
		require.Equal(t, 1, p.count(tokenPath(tenantID)))

		serve := serveTokens("second")
		p.handle(tokenPath(tenantID), func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(2 * time.Second)
			serve(w, r)
		})
		time.Sleep(time.Second)
		started := time.Now()
		for range 10 {
			header, err = outbound(t.Context(), t, provider, "")
			require.NoError(t, err)
			require.Equal(t, first, header)
		}
		require.Zero(t, time.Since(started), "a caller waited for a token while the old one was good")
		time.Sleep(3 * time.Second)
		header, err = outbound(t.Context(), t, provider, "")
		require.NoError(t, err)
		require.Equal(t, "Bearer second-1", header)
		require.Equal(t, 2, p.count(tokenPath(tenantID)))
	})
}

func TestFailingRefreshIsHarmlessWhileTheTokenIsGood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, client := bubblePlatform()
		provider := newProvider(t, p, client)
		require.NoError(t, provider.Warm(t.Context()))
		p.handle(tokenPath(tenantID), serveStatus(http.StatusInternalServerError))

		time.Sleep(56 * time.Minute)
		for range 220 {
			header, err := outbound(t.Context(), t, provider, "")
			require.NoError(t, err)
			require.Equal(t, "Bearer "+tenantID+"-1", header)
			time.Sleep(time.Second)
		}
		require.LessOrEqual(t, p.count(tokenPath(tenantID)), 10, "a failing endpoint was hammered")
		time.Sleep(time.Minute)
		_, err := outbound(t.Context(), t, provider, "")
		var failure *auth.TokenError
		require.ErrorAs(t, err, &failure)
		require.Equal(t, http.StatusInternalServerError, failure.Status)

		p.handle(tokenPath(tenantID), serveTokens("late"))
		header, err := outbound(t.Context(), t, provider, "")
		require.NoError(t, err)
		require.Equal(t, "Bearer late-1", header)
	})
}

func TestCancelledCallerDoesNotPoisonOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, client := bubblePlatform()
		provider := newProvider(t, p, client)
		serve := serveTokens("t")
		p.handle(tokenPath(tenantID), func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(3 * time.Second)
			serve(w, r)
		})
		ctx, cancel := context.WithCancel(t.Context())
		var first, second sync.WaitGroup
		var cancelled, failed error
		var header string
		first.Go(func() { _, cancelled = outbound(ctx, t, provider, "") })
		synctest.Wait()
		second.Go(func() { header, failed = outbound(t.Context(), t, provider, "") })
		synctest.Wait()
		started := time.Now()
		cancel()
		first.Wait()
		require.Zero(t, time.Since(started), "the cancelled caller was held")
		require.ErrorIs(t, cancelled, context.Canceled)
		var failure *auth.TokenError
		require.ErrorAs(t, cancelled, &failure)
		require.Equal(t, tenantID, failure.Tenant)
		second.Wait()
		require.NoError(t, failed)
		require.Equal(t, "Bearer t-1", header)
		require.Equal(t, 1, p.count(tokenPath(tenantID)))
	})
}

func TestHangingTokenEndpointHoldsNobodyForever(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, client := bubblePlatform()
		provider := newProvider(t, p, client)
		p.handle(tokenPath(tenantID), hang)

		started := time.Now()
		_, err := outbound(t.Context(), t, provider, "")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, 5*time.Second, time.Since(started))

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		started = time.Now()
		_, err = outbound(ctx, t, provider, "")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.ErrorContains(t, err, "Warm")
		require.Equal(t, time.Second, time.Since(started))
	})
}

func TestSecretsAndTokensNeverTravelInTheClear(t *testing.T) {
	asked := make(chan string, 10)
	plain := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { asked <- r.URL.Path }))
	defer plain.Close()
	p, client := startPlatform(t)
	provider := newProvider(t, p, client)

	request, err := http.NewRequest(http.MethodGet, plain.URL, nil)
	require.NoError(t, err)
	require.ErrorIs(t, provider.AuthenticateOutbound(t.Context(), request, ""), auth.ErrPlainHTTP)
	require.Empty(t, request.Header)

	options := providerOptions(p, client)
	options.Cloud.AuthorityURL = plain.URL
	_, err = auth.NewClientCredentials(options)
	require.ErrorIs(t, err, auth.ErrPlainHTTP)
	require.Empty(t, asked)
}

func TestSecretIsNeverRedirected(t *testing.T) {
	p, client := startPlatform(t)
	elsewhere, _ := startPlatform(t)
	provider := newProvider(t, p, client)
	p.handle(tokenPath(tenantID), func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.url+"/steal", http.StatusTemporaryRedirect)
	})
	_, err := outbound(t.Context(), t, provider, "")
	require.ErrorContains(t, err, "redirect")
	require.Zero(t, elsewhere.total())
}

func TestTenantCannotEscapeIntoTheTokenURL(t *testing.T) {
	p, client := startPlatform(t)
	provider := newProvider(t, p, client)
	for _, tenant := range []string{"../evil", "a/b", "a?b", "a#b", "a%2fb", "..", ".", "a b", "ä", strings.Repeat("a", 300)} {
		_, err := outbound(t.Context(), t, provider, tenant)
		var failure *auth.TokenError
		require.ErrorAs(t, err, &failure, tenant)
	}
	require.Zero(t, p.total())
}

func TestMissingTenantIsExplained(t *testing.T) {
	p, client := startPlatform(t)
	options := providerOptions(p, client)
	options.Tenant = ""
	provider := newProviderWith(t, options)
	_, err := outbound(t.Context(), t, provider, "")
	require.ErrorContains(t, err, "ClientCredentialsOptions.Tenant")
	require.NoError(t, provider.Warm(t.Context()), "without a default tenant there is no token to warm")
}

func TestClosedProviderRefuses(t *testing.T) {
	p, client := startPlatform(t)
	provider := newProvider(t, p, client)
	require.NoError(t, provider.Warm(t.Context()))
	provider.Close()
	_, err := outbound(t.Context(), t, provider, "")
	require.ErrorIs(t, err, auth.ErrClosed)
	require.ErrorIs(t, provider.Warm(t.Context()), auth.ErrClosed)
}

func TestCloseReleasesThoseWhoWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, client := bubblePlatform()
		provider := newProvider(t, p, client)
		p.handle(tokenPath(tenantID), hang)
		p.handle("/keys", hang)
		started := time.Now()
		request := notification(t, "Bearer "+platformToken().sign(t))
		var waiting sync.WaitGroup
		var sending, receiving error
		waiting.Go(func() { _, sending = outbound(t.Context(), t, provider, "") })
		waiting.Go(func() { _, receiving = provider.ValidateInbound(t.Context(), request) })
		synctest.Wait()
		provider.Close()
		waiting.Wait()
		require.Zero(t, time.Since(started))
		require.ErrorIs(t, sending, auth.ErrClosed)
		requireRefused(t, auth.ReasonKeysUnavailable, receiving)
	})
}

func TestProviderMistakesAreReportedTogether(t *testing.T) {
	_, err := auth.NewClientCredentials(auth.ClientCredentialsOptions{
		Tenant: "a/b",
		Cloud:  auth.Cloud{AuthorityURL: "http://plain.test", OpenIDConfigurationURL: "http://plain.test"},
		Leeway: -1,
	})
	for _, field := range []string{
		"AppID", "neither Secret nor TokenFunc", "Tenant", "Cloud.AuthorityURL", "Cloud.OpenIDConfigurationURL", "Leeway",
	} {
		require.ErrorContains(t, err, field)
	}
	_, err = auth.NewClientCredentials(auth.ClientCredentialsOptions{
		AppID: appID, Secret: secret,
		TokenFunc: func(context.Context, string) (string, time.Time, error) { return "", time.Time{}, nil },
	})
	require.ErrorContains(t, err, "both Secret and TokenFunc")
}

func TestCloudsAreCompleteAndSpeakOnlyHTTPS(t *testing.T) {
	for _, cloud := range []auth.Cloud{auth.Global(), auth.USGovernment(), {}} {
		provider, err := auth.NewClientCredentials(auth.ClientCredentialsOptions{AppID: appID, Secret: secret, Cloud: cloud})
		require.NoError(t, err)
		provider.Close()
	}
}
