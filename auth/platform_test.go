package auth_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/auth"
)

const (
	appID     = "11111111-2222-3333-4444-555555555555"
	tenantID  = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
	secret    = "the-client-secret-value"
	callingID = "26a18ebc-cdf7-4a6a-91cb-beb352805e81"
)

// testKeys are made once, for making them is slow.
var testKeys = sync.OnceValue(func() []*rsa.PrivateKey {
	keys := make([]*rsa.PrivateKey, 4)
	for i := range keys {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		keys[i] = key
	}
	return keys
})

func platformKey() *rsa.PrivateKey { return testKeys()[0] }
func azureADKey() *rsa.PrivateKey  { return testKeys()[1] }
func rotatedKey() *rsa.PrivateKey  { return testKeys()[2] }
func foreignKey() *rsa.PrivateKey  { return testKeys()[3] }

// platform plays the token endpoint, both OpenID configurations and both key documents.
type platform struct {
	url string // without trailing slash

	mu       sync.Mutex
	requests map[string]int
	handlers map[string]http.HandlerFunc
}

func newPlatform(url string) *platform {
	p := &platform{url: url, requests: map[string]int{}, handlers: map[string]http.HandlerFunc{}}
	p.handle("/openid", serveJSON(map[string]any{"issuer": "https://api.botframework.com", "jwks_uri": url + "/keys"}))
	p.handle("/azuread", serveJSON(map[string]any{"jwks_uri": url + "/azuread/keys"}))
	p.handle("/keys", serveKeys(map[string]*rsa.PrivateKey{"platform": platformKey()}))
	p.handle("/azuread/keys", serveKeys(map[string]*rsa.PrivateKey{"azuread": azureADKey()}))
	return p
}

func (p *platform) handle(path string, handler http.HandlerFunc) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.handlers[path] = handler
}

func (p *platform) count(path string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.requests[path]
}

func (p *platform) total() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	total := 0
	for n := range maps.Values(p.requests) {
		total += n
	}
	return total
}

func (p *platform) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.requests[r.URL.Path]++
	handler := p.handlers[r.URL.Path]
	p.mu.Unlock()
	if handler == nil {
		handler = http.NotFound
	}
	handler(w, r)
}

func (p *platform) cloud() auth.Cloud {
	return auth.Cloud{
		AuthorityURL:            p.url,
		OpenIDConfigurationURL:  p.url + "/openid",
		AzureADConfigurationURL: p.url + "/azuread",
	}
}

// startPlatform runs a platform on a TLS server.
func startPlatform(t testing.TB) (*platform, *http.Client) {
	t.Helper()
	var p *platform
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { p.ServeHTTP(w, r) }))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	p = newPlatform(server.URL)
	t.Cleanup(server.Close)
	return p, server.Client()
}

// inProcess reaches a platform without a network, for tests in a synctest bubble.
type inProcess struct {
	platform *platform
}

func (c inProcess) RoundTrip(request *http.Request) (*http.Response, error) {
	answered := make(chan *http.Response, 1)
	go func() {
		recorder := httptest.NewRecorder()
		c.platform.ServeHTTP(recorder, request)
		answered <- recorder.Result()
	}()
	select {
	case response := <-answered:
		return response, nil
	case <-request.Context().Done():
		return nil, request.Context().Err()
	}
}

func bubblePlatform() (*platform, *http.Client) {
	p := newPlatform("https://platform.test")
	return p, &http.Client{Transport: inProcess{p}}
}

func serveJSON(document any) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(document)
	}
}

func serveStatus(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }
}

func serveKeys(keys map[string]*rsa.PrivateKey) http.HandlerFunc {
	documents := []any{}
	for kid, key := range keys {
		documents = append(documents, keyDocument(kid, key))
	}
	return serveJSON(map[string]any{"keys": documents})
}

// serveRotatedKey is what the key documents are once the platform has a new key.
func serveRotatedKey() http.HandlerFunc {
	return serveKeys(map[string]*rsa.PrivateKey{"rotated": rotatedKey()})
}

// hang answers nobody.
func hang(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

func keyDocument(kid string, key *rsa.PrivateKey) map[string]any {
	return map[string]any{
		"kty": "RSA", "use": "sig", "kid": kid, "x5t": kid,
		"n":            base64.RawURLEncoding.EncodeToString(key.N.Bytes()),
		"e":            base64.RawURLEncoding.EncodeToString(big.NewInt(int64(key.E)).Bytes()),
		"endorsements": []string{"msteams"},
	}
}

// token is a token to be signed; change what a test needs.
type token struct {
	method jwt.SigningMethod
	header map[string]any
	claims jwt.MapClaims
	key    any
}

// platformToken is a good token of the platform.
func platformToken() token {
	now := time.Now()
	return token{
		method: jwt.SigningMethodRS256,
		header: map[string]any{"kid": "platform"},
		claims: jwt.MapClaims{
			"iss": "https://api.botframework.com", "aud": appID, "tid": tenantID, "appid": callingID,
			"nbf": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(),
		},
		key: platformKey(),
	}
}

// rotatedToken is one by the key of serveRotatedKey.
func rotatedToken() token {
	tok := platformToken()
	tok.header["kid"], tok.key = "rotated", rotatedKey()
	return tok
}

// azureADToken is a good token of Azure AD.
func azureADToken() token {
	tok := platformToken()
	tok.header["kid"] = "azuread"
	tok.claims["iss"] = "https://sts.windows.net/" + tenantID + "/"
	tok.key = azureADKey()
	return tok
}

func (tok token) sign(t testing.TB) string {
	t.Helper()
	unsigned := jwt.NewWithClaims(tok.method, tok.claims)
	maps.Copy(unsigned.Header, tok.header)
	signed, err := unsigned.SignedString(tok.key)
	require.NoError(t, err)
	return signed
}

// forged is a token that is right in everything but its key.
func forged(t testing.TB, n int) string {
	tok := platformToken()
	tok.header["kid"] = fmt.Sprintf("forged-%d", n)
	tok.key = foreignKey()
	return tok.sign(t)
}

// unreadable fails the test when it is read.
type unreadable struct {
	t testing.TB
}

func (u unreadable) Read([]byte) (int, error) {
	u.t.Error("the body was read")
	return 0, io.EOF
}

// notification is a request as the platform sends it, with the given Authorization headers.
func notification(t testing.TB, authorization ...string) *http.Request {
	request := httptest.NewRequest(http.MethodPost, "https://bot.test/api/calls", unreadable{t})
	for _, value := range authorization {
		request.Header.Add("Authorization", value)
	}
	return request
}

func newValidator(t testing.TB, p *platform, client *http.Client) *auth.Validator {
	t.Helper()
	validator, err := auth.NewValidator(auth.ValidatorOptions{AppID: appID, Cloud: p.cloud(), HTTPClient: client})
	require.NoError(t, err)
	t.Cleanup(validator.Close)
	return validator
}

func validate(t testing.TB, validator *auth.Validator, token string) (auth.Identity, error) {
	t.Helper()
	return validator.ValidateInbound(t.Context(), notification(t, "Bearer "+token))
}

func requireRefused(t testing.TB, reason auth.Reason, err error) {
	t.Helper()
	var inbound *auth.InboundError
	require.ErrorAs(t, err, &inbound)
	require.Equal(t, reason, inbound.Reason)
	require.ErrorIs(t, err, auth.ErrUnauthorized)
	require.Equal(t, reason == auth.ReasonKeysUnavailable, errors.Is(err, auth.ErrKeysUnavailable))
}
