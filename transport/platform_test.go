package transport_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/transport"
)

// platformKey is made once, for making it is slow.
var platformKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

// startKeys serves the platform's OpenID configuration and keys.
func startKeys(t testing.TB) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	server := httptest.NewUnstartedServer(mux)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	public := platformKey().PublicKey
	documents := map[string]any{
		"/openid": map[string]any{"issuer": "https://api.botframework.com", "jwks_uri": server.URL + "/keys"},
		"/keys": map[string]any{"keys": []any{map[string]any{
			"kty": "RSA", "use": "sig", "kid": "platform",
			"n": base64.RawURLEncoding.EncodeToString(public.N.Bytes()),
			"e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(public.E)).Bytes()),
		}}},
	}
	for path, document := range documents {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) { json.NewEncoder(w).Encode(document) })
	}
	return server
}

// startValidator checks tokens for real, with keys from a server.
func startValidator(t testing.TB) *auth.Validator {
	t.Helper()
	keys := startKeys(t)
	validator, err := auth.NewValidator(auth.ValidatorOptions{
		AppID: appID,
		Cloud: auth.Cloud{
			OpenIDConfigurationURL:  keys.URL + "/openid",
			AzureADConfigurationURL: keys.URL + "/openid",
		},
		HTTPClient: keys.Client(),
	})
	require.NoError(t, err)
	t.Cleanup(func() {
		validator.Close()
		keys.Client().CloseIdleConnections()
	})
	return validator
}

// token is one the platform would send, after a change.
func token(t testing.TB, change func(jwt.MapClaims)) string {
	t.Helper()
	unsigned := unsignedToken(jwt.SigningMethodRS256, change)
	text, err := unsigned.SignedString(platformKey())
	require.NoError(t, err)
	return text
}

func unsignedToken(method jwt.SigningMethod, change func(jwt.MapClaims)) *jwt.Token {
	claims := jwt.MapClaims{
		"iss": "https://api.botframework.com",
		"aud": appID,
		"tid": tenantID,
		"nbf": time.Now().Add(-time.Minute).Unix(),
		"exp": time.Now().Add(5 * time.Minute).Unix(),
	}
	if change != nil {
		change(claims)
	}
	unsigned := jwt.NewWithClaims(method, claims)
	unsigned.Header["kid"] = "platform"
	return unsigned
}

// tokenWithoutSignature has the algorithm none.
func tokenWithoutSignature(t testing.TB) string {
	t.Helper()
	text, err := unsignedToken(jwt.SigningMethodNone, nil).SignedString(jwt.UnsafeAllowNoneSignatureType)
	require.NoError(t, err)
	return text
}

// tokenSignedWithPublicKey is HS256 with what everybody can know as its secret.
func tokenSignedWithPublicKey(t testing.TB) string {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(&platformKey().PublicKey)
	require.NoError(t, err)
	known := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	text, err := unsignedToken(jwt.SigningMethodHS256, nil).SignedString(known)
	require.NoError(t, err)
	return text
}

// bot is a webhook on a server, and the platform's side of it.
type bot struct {
	*transport.Webhook
	server *httptest.Server
	token  string
}

func startBot(t testing.TB, options transport.WebhookOptions) *bot {
	t.Helper()
	if options.Provider == nil {
		options.Provider = startValidator(t)
	}
	b := &bot{Webhook: transport.NewWebhook(options), token: token(t, nil)}
	b.server = httptest.NewServer(b.Webhook)
	t.Cleanup(b.server.Close)
	return b
}

// notify sends a notification and returns the reply with its body.
func (b *bot) notify(t testing.TB, body string, change ...func(*http.Request)) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.server.URL+"/api/calls", strings.NewReader(body))
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+b.token)
	request.Header.Set("Content-Type", "application/json; charset=Windows-1252")
	request.Header.Set("X-Microsoft-Skype-Message-ID", "message-1")
	request.Header.Set("X-Microsoft-Skype-Chain-ID", "chain-1")
	for _, apply := range change {
		apply(request)
	}
	client := b.server.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	response, err := client.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response, string(text)
}

func withHeader(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

func withToken(token string) func(*http.Request) {
	return withHeader("Authorization", "Bearer "+token)
}
