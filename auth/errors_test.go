package auth_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/auth"
)

const confidential = "confidential"

// requireSilent checks an error's text, and those of all it wraps, in every verb a logger might use.
func requireSilent(t *testing.T, err error, hidden ...string) {
	t.Helper()
	require.Error(t, err)
	for current := err; current != nil; current = errors.Unwrap(current) {
		text := fmt.Sprintf("%v %+v %q %#v", current, current, current, current)
		for _, word := range append(hidden, confidential, secret) {
			if word != "" {
				require.NotContains(t, text, word)
			}
		}
	}
}

// long: a table.
func TestErrorsRevealNothing(t *testing.T) {
	t.Run("of refused tokens", func(t *testing.T) {
		p, client := startPlatform(t)
		validator := newValidator(t, p, client)
		changes := []func(*token){
			func(tok *token) { tok.claims["iss"] = confidential },
			func(tok *token) { tok.claims["aud"] = confidential },
			func(tok *token) { tok.claims["tid"] = confidential + "/" },
			func(tok *token) { tok.claims["exp"] = confidential },
			func(tok *token) { tok.claims["nbf"] = time.Now().Add(time.Hour).Unix() },
			func(tok *token) { tok.header["kid"] = confidential },
			func(tok *token) { tok.header["alg"] = confidential },
			func(tok *token) { tok.key = foreignKey() },
			func(tok *token) {
				*tok = azureADToken()
				tok.claims["appid"] = confidential
			},
		}
		for _, change := range changes {
			tok := platformToken()
			change(&tok)
			signed := tok.sign(t)
			_, err := validate(t, validator, signed)
			parts := strings.Split(signed, ".")
			requireSilent(t, err, parts[0], parts[1], parts[2], tenantID, appID)
		}
		_, err := validate(t, validator, confidential)
		requireSilent(t, err)
	})
	answers := map[string]http.HandlerFunc{
		"refusal": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusBadRequest)
			io.WriteString(w, `{"error":"confidential!","error_description":"confidential","error_uri":"confidential",
				"error_codes":[7000215],"correlation_id":"confidential"}`)
		},
		"page":         func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<html>confidential") },
		"failing page": func(w http.ResponseWriter, _ *http.Request) { http.Error(w, confidential, http.StatusTeapot) },
		"no token":     serveJSON(map[string]any{"refresh_token": confidential}),
		"wrong types":  serveJSON(map[string]any{"access_token": map[string]any{"confidential": confidential}}),
		"echo": func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusBadGateway)
			io.Copy(w, r.Body)
		},
		"broken": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	}
	for name, answer := range answers {
		t.Run("of a token endpoint's "+name, func(t *testing.T) {
			p, client := startPlatform(t)
			provider := newProvider(t, p, client)
			p.handle(tokenPath(tenantID), answer)
			_, err := outbound(t.Context(), t, provider, "")
			var failure *auth.TokenError
			require.ErrorAs(t, err, &failure)
			requireSilent(t, err)
		})
		t.Run("of a key endpoint's "+name, func(t *testing.T) {
			for _, path := range []string{"/openid", "/keys"} {
				p, client := startPlatform(t)
				validator := newValidator(t, p, client)
				p.handle(path, answer)
				_, err := validate(t, validator, platformToken().sign(t))
				requireRefused(t, auth.ReasonKeysUnavailable, err)
				requireSilent(t, err)
			}
		})
	}
	t.Run("of mistaken options", func(t *testing.T) {
		_, err := auth.NewClientCredentials(auth.ClientCredentialsOptions{
			AppID: appID, Secret: " " + secret, Tenant: confidential + "/",
			Cloud: auth.Cloud{AuthorityURL: "https://user:confidential@host.test"},
		})
		requireSilent(t, err)
	})
}
