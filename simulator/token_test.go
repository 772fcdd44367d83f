package simulator_test

import (
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/simulator"
)

// keysAt fetches the keys an OpenID configuration leads to.
func (b *handBot) keysAt(configuration string) (issuer string, keys map[string]*rsa.PublicKey) {
	b.t.Helper()
	found := b.ask(http.MethodGet, configuration, nil)
	require.Equal(b.t, http.StatusOK, found.status)
	var set struct {
		Keys []struct{ Kty, Kid, N, E string }
	}
	require.NoError(b.t, json.Unmarshal(b.ask(http.MethodGet, found.text("jwks_uri"), nil).body, &set))
	keys = map[string]*rsa.PublicKey{}
	for _, key := range set.Keys {
		n, err := base64.RawURLEncoding.DecodeString(key.N)
		require.NoError(b.t, err)
		e, err := base64.RawURLEncoding.DecodeString(key.E)
		require.NoError(b.t, err)
		keys[key.Kid] = &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(new(big.Int).SetBytes(e).Int64())}
	}
	return found.text("issuer"), keys
}

// verify is what a careful bot does with a callback token.
func (b *handBot) verify(token string) (*jwt.Token, error) {
	issuer, keys := b.keysAt(b.platform.OpenIDConfigurationURL())
	return jwt.Parse(token, func(token *jwt.Token) (any, error) {
		kid, _ := token.Header["kid"].(string)
		if key, ok := keys[kid]; ok {
			return key, nil
		}
		return nil, fmt.Errorf("unknown kid")
	}, jwt.WithValidMethods([]string{"RS256"}), jwt.WithIssuer(issuer), jwt.WithAudience(b.bot.AppID), jwt.WithExpirationRequired())
}

func TestCallbackTokensVerifyAgainstThePublishedKeys(t *testing.T) {
	b := newHandBot(t)
	adele := b.platform.AddPerson("Adele Vance")
	b.create(b.callTo(adele))
	b.settle()
	for _, p := range b.received() {
		token, err := b.verify(strings.TrimPrefix(p.header.Get("Authorization"), "Bearer "))
		require.NoError(t, err)
		require.Equal(t, "JWT", token.Header["typ"])
		require.Equal(t, "JWT", token.Header["cty"])
		claims := token.Claims.(jwt.MapClaims)
		require.Equal(t, "https://api.botframework.com", claims["iss"])
		require.Equal(t, adele.TenantID, claims["tid"])
		require.NotEmpty(t, claims["appid"])
		require.Equal(t, 300.0, claims["exp"].(float64)-claims["nbf"].(float64))
	}
	require.Equal(t, int64(5), b.platform.Stats().OpenIDFetches)
	require.Equal(t, int64(5), b.platform.Stats().KeyFetches)
}

func TestForgeriesDoNotVerify(t *testing.T) {
	b := newHandBot(t)
	good, err := b.platform.Token(b.bot)
	require.NoError(t, err)
	_, err = b.verify(good)
	require.NoError(t, err)
	for name, forgery := range map[string]simulator.Forgery{
		"expired": simulator.Expired, "too early": simulator.NotYetValid, "unsigned": simulator.Unsigned,
		"public key as secret": simulator.SignedWithPublicKey, "unknown key": simulator.UnknownKey, "stolen kid": simulator.StolenKeyID,
		"audience": simulator.Claim("aud", "somebody-else"), "issuer": simulator.Claim("iss", "https://evil.example"), "endless": simulator.Claim("exp", nil),
	} {
		t.Run(name, func(t *testing.T) {
			token, err := b.platform.Token(b.bot, forgery)
			require.NoError(t, err)
			require.Equal(t, 2, strings.Count(token, "."))
			_, err = b.verify(token)
			require.Error(t, err)
		})
	}
}

func TestRotatedKeysArePublished(t *testing.T) {
	b := newHandBot(t)
	old, err := b.platform.Token(b.bot)
	require.NoError(t, err)
	require.NoError(t, b.platform.RotateKeys())
	_, err = b.verify(old)
	require.Error(t, err)
	fresh, err := b.platform.Token(b.bot)
	require.NoError(t, err)
	_, err = b.verify(fresh)
	require.NoError(t, err)
}

func TestAccessTokensAreRealToo(t *testing.T) {
	b := newHandBot(t)
	issuer, keys := b.keysAt(b.platform.AuthorityURL() + "/" + b.bot.TenantID + "/v2.0/.well-known/openid-configuration")
	token, err := jwt.Parse(b.token, func(token *jwt.Token) (any, error) { return keys[token.Header["kid"].(string)], nil },
		jwt.WithValidMethods([]string{"RS256"}), jwt.WithIssuer(issuer), jwt.WithAudience("https://graph.microsoft.com"))
	require.NoError(t, err)
	claims := token.Claims.(jwt.MapClaims)
	require.Equal(t, b.bot.AppID, claims["appid"])
	require.Contains(t, claims["roles"], "Calls.JoinGroupCall.All")
}

func TestTheTokenEndpointRefusesAsAzureDoes(t *testing.T) {
	b := newHandBot(t)
	good := url.Values{
		"grant_type": {"client_credentials"}, "client_id": {b.bot.AppID},
		"client_secret": {b.bot.Secret}, "scope": {"https://graph.microsoft.com/.default"},
	}
	tests := map[string]struct {
		tenant, name, value string
		status              int
		kind, code          string
	}{
		"secret": {b.bot.TenantID, "client_secret", "wrong", 401, "invalid_client", "AADSTS7000215"},
		"app":    {b.bot.TenantID, "client_id", "nobody", 400, "unauthorized_client", "AADSTS700016"},
		"scope":  {b.bot.TenantID, "scope", "openid", 400, "invalid_scope", "AADSTS70011"},
		"grant":  {b.bot.TenantID, "grant_type", "password", 400, "unsupported_grant_type", "AADSTS70003"},
		"tenant": {"no-such-tenant", "state", "", 400, "invalid_request", "AADSTS90002"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			form := url.Values{}
			for key := range good {
				form.Set(key, good.Get(key))
			}
			form.Set(test.name, test.value)
			answer := b.askForToken(test.tenant, form)
			require.Equal(t, test.status, answer.status)
			require.Equal(t, test.kind, answer.text("error"))
			require.True(t, strings.HasPrefix(answer.text("error_description"), test.code+":"), string(answer.body))
			require.NotContains(t, string(answer.body), b.bot.Secret)
		})
	}
	require.Equal(t, http.StatusOK, b.askForToken("common", good).status)
	require.Equal(t, int64(2), b.platform.Stats().Tokens)
	require.Equal(t, int64(5), b.platform.Stats().TokensRefused)
}

func TestTheServiceVerifiesEveryToken(t *testing.T) {
	b := newHandBot(t)
	refused := func(authorization string) {
		t.Helper()
		answer := b.ask(http.MethodPost, "", b.callTo(b.platform.AddPerson("Adele Vance")), "Authorization", authorization)
		require.Equal(t, http.StatusUnauthorized, answer.status)
		require.Equal(t, "InvalidAuthenticationToken", answer.text("error", "code"))
		require.Contains(t, answer.header.Get("WWW-Authenticate"), "Bearer")
	}
	refused("")
	refused("Bearer nonsense")
	refused("Basic " + b.token)
	for _, forgery := range []simulator.Forgery{
		simulator.Expired, simulator.Unsigned, simulator.SignedWithPublicKey, simulator.UnknownKey, simulator.StolenKeyID,
		simulator.Claim("aud", "https://vault.azure.net"), simulator.Claim("iss", "https://sts.windows.net/elsewhere/"), simulator.Claim("appid", "nobody"),
	} {
		token, err := b.platform.AccessToken(b.bot, b.bot.TenantID, forgery)
		require.NoError(t, err)
		refused("Bearer " + token)
	}
	callback, err := b.platform.Token(b.bot)
	require.NoError(t, err)
	refused("Bearer " + callback)

	other := simulator.New(t)
	foreign, err := other.AccessToken(b.bot, b.bot.TenantID)
	require.NoError(t, err)
	refused("Bearer " + foreign)
	require.Equal(t, int64(13), b.platform.Stats().Unauthorized)
	require.Empty(t, b.platform.Calls())
}

func TestCredentialsMayBeInTheHeader(t *testing.T) {
	b := newHandBot(t)
	bot := b.platform.RegisterBot(simulator.Bot{Secret: "s/3+cret%"})
	form := url.Values{"grant_type": {"client_credentials"}, "scope": {"https://graph.microsoft.com/.default"}}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost,
		b.platform.AuthorityURL()+"/"+bot.TenantID+"/oauth2/v2.0/token", strings.NewReader(form.Encode()))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.SetBasicAuth(bot.AppID, url.QueryEscape(bot.Secret))
	answer, err := b.do(request)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, answer.status, string(answer.body))
}

func TestAccessTokensLiveAsLongAsOptionsSay(t *testing.T) {
	b := newHandBot(t, func(o *simulator.Options) { o.AccessTokenLifetime = 5 * time.Minute })
	answer := b.askForToken("common", url.Values{
		"grant_type": {"client_credentials"}, "client_id": {b.bot.AppID},
		"client_secret": {b.bot.Secret}, "scope": {"https://graph.microsoft.com/.default"},
	})
	require.Equal(t, 300.0, answer.value["expires_in"])
	require.Equal(t, "Bearer", answer.text("token_type"))
}

// claimsBy are what a token says, which one of the keys has signed.
func (b *handBot) claimsBy(token string, keys map[string]*rsa.PublicKey) jwt.MapClaims {
	b.t.Helper()
	claims := jwt.MapClaims{}
	_, err := jwt.ParseWithClaims(token, claims, func(token *jwt.Token) (any, error) {
		return keys[token.Header["kid"].(string)], nil
	})
	require.NoError(b.t, err)
	return claims
}
