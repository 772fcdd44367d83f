package auth_test

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/auth"
)

func TestVerifiedTokenTellsWhoSentIt(t *testing.T) {
	p, client := startPlatform(t)
	tok := platformToken()
	identity, err := validate(t, newValidator(t, p, client), tok.sign(t))
	require.NoError(t, err)
	require.Equal(t, auth.Identity{
		TenantID:  tenantID,
		Issuer:    "https://api.botframework.com",
		AppID:     callingID,
		ExpiresAt: time.Unix(tok.claims["exp"].(int64), 0),
	}, identity)
}

func TestEachKnownFormOfTokenIsAccepted(t *testing.T) {
	p, client := startPlatform(t)
	validator := newValidator(t, p, client)
	forms := map[string]func(*token){
		"graph issuer":              func(tok *token) { tok.claims["iss"] = "https://graph.microsoft.com" },
		"issuer with slash":         func(tok *token) { tok.claims["iss"] = "https://api.botframework.com/" },
		"content type JWT":          func(tok *token) { tok.header["cty"] = "JWT" },
		"no appid":                  func(tok *token) { delete(tok.claims, "appid") },
		"several audiences":         func(tok *token) { tok.claims["aud"] = []string{"other", appID} },
		"audience in upper case":    func(tok *token) { tok.claims["aud"] = strings.ToUpper(appID) },
		"begun by the other clock":  func(tok *token) { tok.claims["nbf"] = time.Now().Add(50 * time.Second).Unix() },
		"ended by our clock":        func(tok *token) { tok.claims["exp"] = time.Now().Add(-50 * time.Second).Unix() },
		"issued by Azure AD":        func(tok *token) { *tok = azureADToken() },
		"times with a fraction":     func(tok *token) { tok.claims["exp"] = float64(time.Now().Unix()) + 300.5 },
		"key thumbprint, as on air": func(tok *token) { tok.header["x5t"] = "platform" },
	}
	for name, change := range forms {
		t.Run(name, func(t *testing.T) {
			tok := platformToken()
			change(&tok)
			_, err := validate(t, validator, tok.sign(t))
			require.NoError(t, err)
		})
	}
	t.Run("scheme in lower case", func(t *testing.T) {
		_, err := validator.ValidateInbound(t.Context(), notification(t, "bearer "+platformToken().sign(t)))
		require.NoError(t, err)
	})
}

func TestTokenRefusedByItsClaimsCostsNoKeyLookup(t *testing.T) {
	p, client := startPlatform(t)
	validator := newValidator(t, p, client)
	refusals := []struct {
		name   string
		reason auth.Reason
		change func(*token)
	}{
		{"unknown issuer", auth.ReasonIssuer, func(tok *token) { tok.claims["iss"] = "https://evil.test" }},
		{"no issuer", auth.ReasonIssuer, func(tok *token) { delete(tok.claims, "iss") }},
		{"issuer with a longer name", auth.ReasonIssuer, func(tok *token) { tok.claims["iss"] = "https://api.botframework.com.evil.test" }},
		{"other audience", auth.ReasonAudience, func(tok *token) { tok.claims["aud"] = "other" }},
		{"no audience", auth.ReasonAudience, func(tok *token) { delete(tok.claims, "aud") }},
		{"no tenant", auth.ReasonTenant, func(tok *token) { delete(tok.claims, "tid") }},
		{"tenant that is a path", auth.ReasonTenant, func(tok *token) { tok.claims["tid"] = "../common" }},
		{"expired", auth.ReasonExpired, func(tok *token) { tok.claims["exp"] = time.Now().Add(-2 * time.Minute).Unix() }},
		{"no end", auth.ReasonExpired, func(tok *token) { delete(tok.claims, "exp") }},
		{"not yet valid", auth.ReasonNotYetValid, func(tok *token) { tok.claims["nbf"] = time.Now().Add(2 * time.Minute).Unix() }},
		{"no beginning", auth.ReasonNotYetValid, func(tok *token) { delete(tok.claims, "nbf") }},
		{"end of another kind", auth.ReasonMalformed, func(tok *token) { tok.claims["exp"] = "tomorrow" }},
		{"no key named", auth.ReasonUnknownKey, func(tok *token) { delete(tok.header, "kid") }},
		{"key named by a number", auth.ReasonUnknownKey, func(tok *token) { tok.header["kid"] = 7 }},
		{"Azure AD for another application", auth.ReasonApplication, func(tok *token) {
			*tok = azureADToken()
			tok.claims["appid"] = "99999999-0000-0000-0000-000000000000"
		}},
		{"Azure AD for no application", auth.ReasonApplication, func(tok *token) {
			*tok = azureADToken()
			delete(tok.claims, "appid")
		}},
		{"Azure AD of another tenant", auth.ReasonTenant, func(tok *token) {
			*tok = azureADToken()
			tok.claims["tid"] = "ffffffff-bbbb-cccc-dddd-eeeeeeeeeeee"
		}},
		{"Azure AD of no tenant", auth.ReasonTenant, func(tok *token) {
			*tok = azureADToken()
			tok.claims["iss"] = "https://sts.windows.net//"
			tok.claims["tid"] = ""
		}},
	}
	for _, refusal := range refusals {
		t.Run(refusal.name, func(t *testing.T) {
			tok := platformToken()
			refusal.change(&tok)
			_, err := validate(t, validator, tok.sign(t))
			requireRefused(t, refusal.reason, err)
		})
	}
	require.Zero(t, p.total(), "a refused token caused a fetch")
}

func TestOnlyRS256IsAccepted(t *testing.T) {
	p, client := startPlatform(t)
	validator := newValidator(t, p, client)
	public, err := x509.MarshalPKIXPublicKey(&platformKey().PublicKey)
	require.NoError(t, err)
	publicPEM := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public})
	methods := []struct {
		method jwt.SigningMethod
		key    any
	}{
		{jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType},
		{jwt.SigningMethodHS256, publicPEM},
		{jwt.SigningMethodHS256, public},
		{jwt.SigningMethodRS512, platformKey()},
		{jwt.SigningMethodPS256, platformKey()},
	}
	for _, m := range methods {
		t.Run(m.method.Alg(), func(t *testing.T) {
			tok := platformToken()
			tok.method, tok.key = m.method, m.key
			_, err := validate(t, validator, tok.sign(t))
			requireRefused(t, auth.ReasonAlgorithm, err)
		})
	}
	t.Run("unheard of", func(t *testing.T) {
		tok := platformToken()
		tok.header["alg"] = "XX256"
		_, err := validate(t, validator, tok.sign(t))
		requireRefused(t, auth.ReasonAlgorithm, err)
	})
	require.Zero(t, p.total(), "a refused token caused a fetch")
}

func TestHeaderWithoutOneTokenIsRefused(t *testing.T) {
	p, client := startPlatform(t)
	validator := newValidator(t, p, client)
	good := "Bearer " + platformToken().sign(t)
	headers := []struct {
		name   string
		reason auth.Reason
		values []string
	}{
		{"none", auth.ReasonNoToken, nil},
		{"empty", auth.ReasonNoToken, []string{""}},
		{"another scheme", auth.ReasonNoToken, []string{"Basic dXNlcjpwYXNz"}},
		{"no token", auth.ReasonNoToken, []string{"Bearer "}},
		{"no scheme", auth.ReasonNoToken, []string{strings.TrimPrefix(good, "Bearer ")}},
		{"two", auth.ReasonMalformed, []string{good, good}},
		{"two in one", auth.ReasonMalformed, []string{good + ", " + good}},
		{"two parts", auth.ReasonMalformed, []string{"Bearer a.b"}},
		{"four parts", auth.ReasonMalformed, []string{good + ".x"}},
		{"no JSON", auth.ReasonMalformed, []string{"Bearer YQ.YQ.YQ"}},
	}
	for _, header := range headers {
		t.Run(header.name, func(t *testing.T) {
			_, err := validator.ValidateInbound(t.Context(), notification(t, header.values...))
			requireRefused(t, header.reason, err)
		})
	}
}

func TestSignatureMustBeOfTheNamedKeyOfTheIssuer(t *testing.T) {
	p, client := startPlatform(t)
	p.handle("/keys", serveKeys(map[string]*rsa.PrivateKey{"platform": platformKey(), "other": rotatedKey()}))
	validator := newValidator(t, p, client)

	foreign := platformToken()
	foreign.key = foreignKey()
	_, err := validate(t, validator, foreign.sign(t))
	requireRefused(t, auth.ReasonSignature, err)

	misnamed := platformToken()
	misnamed.header["kid"] = "other"
	_, err = validate(t, validator, misnamed.sign(t))
	requireRefused(t, auth.ReasonSignature, err)

	changed := strings.Split(platformToken().sign(t), ".")
	other := platformToken()
	other.claims["tid"] = "ffffffff-bbbb-cccc-dddd-eeeeeeeeeeee"
	changed[1] = strings.Split(other.sign(t), ".")[1]
	_, err = validate(t, validator, strings.Join(changed, "."))
	requireRefused(t, auth.ReasonSignature, err)

	byAzureAD := platformToken() // any tenant can have Azure AD sign a token; it must not speak for the platform
	byAzureAD.header["kid"], byAzureAD.key = "azuread", azureADKey()
	_, err = validate(t, validator, byAzureAD.sign(t))
	requireRefused(t, auth.ReasonUnknownKey, err)

	byPlatform := azureADToken()
	byPlatform.header["kid"], byPlatform.key = "platform", platformKey()
	_, err = validate(t, validator, byPlatform.sign(t))
	requireRefused(t, auth.ReasonUnknownKey, err)
}

func TestCallingApplicationAndIssuersCanBeOverridden(t *testing.T) {
	p, client := startPlatform(t)
	cloud := p.cloud()
	cloud.CallingAppID = "99999999-0000-0000-0000-000000000000"
	cloud.Issuers = []string{"https://issuer.test/"}
	validator, err := auth.NewValidator(auth.ValidatorOptions{AppID: appID, Cloud: cloud, HTTPClient: client})
	require.NoError(t, err)
	defer validator.Close()

	tok := azureADToken()
	tok.claims["appid"] = cloud.CallingAppID
	_, err = validate(t, validator, tok.sign(t))
	require.NoError(t, err)
	_, err = validate(t, validator, azureADToken().sign(t))
	requireRefused(t, auth.ReasonApplication, err)

	tok = platformToken()
	tok.claims["iss"] = "https://issuer.test"
	_, err = validate(t, validator, tok.sign(t))
	require.NoError(t, err)
	_, err = validate(t, validator, platformToken().sign(t))
	requireRefused(t, auth.ReasonIssuer, err)
}

func TestRememberedTokenIsNotVerifiedAgain(t *testing.T) {
	p, client := startPlatform(t)
	validator, err := auth.NewValidator(auth.ValidatorOptions{
		AppID: appID, Cloud: p.cloud(), HTTPClient: client, RememberedTokens: 1,
	})
	require.NoError(t, err)
	defer validator.Close()
	other := platformToken()
	other.claims["jti"] = "other"
	one, two := notification(t, "Bearer "+platformToken().sign(t)), notification(t, "Bearer "+other.sign(t))
	cost := func(requests ...*http.Request) float64 {
		return testing.AllocsPerRun(10, func() {
			for _, request := range requests {
				_, err := validator.ValidateInbound(t.Context(), request)
				require.NoError(t, err)
			}
		})
	}
	require.Less(t, cost(one, one), 20.0)
	require.Greater(t, cost(one, two), 50.0, "more tokens were remembered than allowed")
}

func TestClosedValidatorRefuses(t *testing.T) {
	p, client := startPlatform(t)
	validator := newValidator(t, p, client)
	good := platformToken().sign(t)
	_, err := validate(t, validator, good)
	require.NoError(t, err)

	validator.Close()
	validator.Close()
	_, err = validate(t, validator, good)
	requireRefused(t, auth.ReasonKeysUnavailable, err)
	require.ErrorIs(t, err, auth.ErrClosed)
	require.ErrorIs(t, validator.Warm(t.Context()), auth.ErrClosed)
}

func TestValidatorMistakesAreReportedTogether(t *testing.T) {
	_, err := auth.NewValidator(auth.ValidatorOptions{
		Cloud: auth.Cloud{
			OpenIDConfigurationURL:  "http://plain.test/openid",
			AzureADConfigurationURL: "nowhere",
			Issuers:                 []string{""},
		},
		FetchTimeout:        -1,
		Leeway:              time.Hour,
		ConfigurationMaxAge: -1,
		RememberedTokens:    -1,
	})
	require.ErrorIs(t, err, auth.ErrPlainHTTP)
	for _, field := range []string{
		"AppID", "OpenIDConfigurationURL", "AzureADConfigurationURL", "Issuers",
		"FetchTimeout", "Leeway", "ConfigurationMaxAge", "RememberedTokens",
	} {
		require.ErrorContains(t, err, field)
	}
}

func TestConstructionDoesNoIO(t *testing.T) {
	p, client := startPlatform(t)
	provider := newProvider(t, p, client)
	require.Zero(t, p.total())
	for range 2 {
		require.NoError(t, provider.Warm(t.Context()))
	}
	require.Equal(t, 1, p.count("/keys"))
	require.Equal(t, 1, p.count(tokenPath(tenantID)))

	_, err := provider.ValidateInbound(t.Context(), notification(t, "Bearer "+platformToken().sign(t)))
	require.NoError(t, err)
	require.NoError(t, provider.AuthenticateOutbound(t.Context(), graphRequest(t), ""))
	require.Equal(t, 3, p.total(), "what was warm was fetched again")
}

func TestHugeTokenIsRefusedUnread(t *testing.T) {
	p, client := startPlatform(t)
	validator := newValidator(t, p, client)
	for _, authorization := range []string{
		"Bearer " + strings.Repeat("x", 1<<20),
		"Bearer " + platformToken().sign(t) + strings.Repeat("A", 16<<10),
		"Bearer " + strings.Repeat("e30.", 1<<18),
	} {
		_, err := validator.ValidateInbound(t.Context(), notification(t, authorization))
		requireRefused(t, auth.ReasonMalformed, err)
	}
	require.Zero(t, p.total(), "no key is looked up for it")
}
