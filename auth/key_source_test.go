package auth_test

import (
	"bytes"
	"context"
	"crypto/rsa"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/auth"
)

func TestForgedKidFlood(t *testing.T) {
	t.Run("before any key is known", func(t *testing.T) {
		p, client := startPlatform(t)
		validator := newValidator(t, p, client)
		flood(t, validator, 200, func() {})
		requireUnharmed(t, p, validator)
	})
	t.Run("while a key is known", func(t *testing.T) {
		p, client := startPlatform(t)
		validator := newValidator(t, p, client)
		require.NoError(t, validator.Warm(t.Context()))

		keys := p.handlers["/keys"]
		fetching, release := make(chan struct{}), make(chan struct{})
		announce := sync.OnceFunc(func() { close(fetching) })
		p.handle("/keys", func(w http.ResponseWriter, r *http.Request) {
			announce()
			select {
			case <-release:
			case <-r.Context().Done():
			}
			keys(w, r)
		})
		good := platformToken().sign(t)
		flood(t, validator, 200, func() {
			select {
			case <-fetching:
			case <-time.After(5 * time.Second):
				t.Error("the flood caused no fetch")
			}
			_, err := validate(t, validator, good)
			require.NoError(t, err, "a good token was held up")
			close(release)
		})
		requireUnharmed(t, p, validator)
	})
}

// flood validates n forged tokens at once and does something meanwhile. All must be refused.
func flood(t *testing.T, validator *auth.Validator, n int, meanwhile func()) {
	var callers sync.WaitGroup
	refusals := make(chan error, n)
	for i := range n {
		request := notification(t, "Bearer "+forged(t, i))
		callers.Go(func() {
			_, err := validator.ValidateInbound(t.Context(), request)
			refusals <- err
		})
	}
	meanwhile()
	callers.Wait()
	for range n {
		requireRefused(t, auth.ReasonUnknownKey, <-refusals)
	}
}

// requireUnharmed checks that a flood, and a second one, cost two fetches of keys and no good token.
func requireUnharmed(t *testing.T, p *platform, validator *auth.Validator) {
	t.Helper()
	for range 2 {
		started := time.Now()
		_, err := validate(t, validator, platformToken().sign(t))
		require.NoError(t, err)
		require.Less(t, time.Since(started), time.Second)
		flood(t, validator, 100, func() {})
	}
	require.LessOrEqual(t, p.count("/keys"), 2)
	require.Equal(t, 1, p.count("/openid"))
}

func TestRotatedKeyIsAcceptedAfterOneFetchAndTheOldOneForgotten(t *testing.T) {
	p, client := startPlatform(t)
	validator := newValidator(t, p, client)
	old := platformToken().sign(t)
	_, err := validate(t, validator, old)
	require.NoError(t, err)

	p.handle("/keys", serveRotatedKey())
	var burst sync.WaitGroup
	failures := make(chan error, 50)
	for i := range 50 {
		tok := rotatedToken()
		tok.claims["jti"] = string(rune('a' + i))
		signed := tok.sign(t)
		burst.Go(func() {
			_, err := validator.ValidateInbound(t.Context(), notification(t, "Bearer "+signed))
			failures <- err
		})
	}
	burst.Wait()
	for range 50 {
		require.NoError(t, <-failures)
	}
	require.Equal(t, 2, p.count("/keys"))

	_, err = validate(t, validator, old)
	requireRefused(t, auth.ReasonUnknownKey, err)
}

func TestForgeryDoesNotHideARotation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, client := bubblePlatform()
		validator := newValidator(t, p, client)
		require.NoError(t, validator.Warm(t.Context()))
		time.Sleep(time.Minute)

		_, err := validate(t, validator, forged(t, 1))
		requireRefused(t, auth.ReasonUnknownKey, err)
		p.handle("/keys", serveRotatedKey())
		_, err = validate(t, validator, rotatedToken().sign(t))
		require.NoError(t, err)
	})
}

func TestUnknownKeysAreAskedForAgainAfterAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, client := bubblePlatform()
		validator := newValidator(t, p, client)
		for i := range 10 {
			_, err := validate(t, validator, forged(t, i))
			requireRefused(t, auth.ReasonUnknownKey, err)
		}
		p.handle("/keys", serveRotatedKey())
		signed := rotatedToken().sign(t)
		_, err := validate(t, validator, signed)
		requireRefused(t, auth.ReasonUnknownKey, err)

		time.Sleep(31 * time.Second)
		_, err = validate(t, validator, signed)
		require.NoError(t, err)
	})
}

func TestKnownKeysOutliveADeadEndpoint(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, client := bubblePlatform()
		validator := newValidator(t, p, client)
		require.NoError(t, validator.Warm(t.Context()))
		p.handle("/openid", serveStatus(http.StatusServiceUnavailable))
		p.handle("/keys", serveStatus(http.StatusServiceUnavailable))

		time.Sleep(48 * time.Hour)
		_, err := validate(t, validator, platformToken().sign(t))
		require.NoError(t, err)
		_, err = validate(t, validator, forged(t, 1)) // nobody can know whether this key exists
		requireRefused(t, auth.ReasonKeysUnavailable, err)
	})
}

func TestKeysOutliveADeadConfiguration(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, client := bubblePlatform()
		validator := newValidator(t, p, client)
		require.NoError(t, validator.Warm(t.Context()))
		p.handle("/openid", serveStatus(http.StatusNotFound))
		time.Sleep(3*time.Hour + time.Minute)
		p.handle("/keys", serveRotatedKey())
		time.Sleep(time.Hour)
		fetches := p.count("/keys")
		_, err := validate(t, validator, rotatedToken().sign(t))
		require.NoError(t, err)
		require.Equal(t, fetches, p.count("/keys"), "the background refresh should have brought the key")
	})
}

func TestConfigurationIsReadAgainAfterTwoHours(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, client := bubblePlatform()
		validator := newValidator(t, p, client)
		require.NoError(t, validator.Warm(t.Context()))
		time.Sleep(time.Hour + time.Minute)
		require.Equal(t, 2, p.count("/keys"))
		require.Equal(t, 1, p.count("/openid"))

		p.handle("/openid", serveJSON(map[string]any{"jwks_uri": p.url + "/moved"}))
		p.handle("/moved", serveRotatedKey())
		time.Sleep(time.Hour)
		require.Equal(t, 2, p.count("/openid"))
		require.Equal(t, 1, p.count("/moved"))
	})
}

func TestMovedKeysAreFoundAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, client := bubblePlatform()
		validator := newValidator(t, p, client)
		require.NoError(t, validator.Warm(t.Context()))
		p.handle("/keys", serveStatus(http.StatusGone))
		p.handle("/openid", serveJSON(map[string]any{"jwks_uri": p.url + "/moved"}))
		p.handle("/moved", serveRotatedKey())

		signed := rotatedToken().sign(t)
		_, err := validate(t, validator, signed)
		requireRefused(t, auth.ReasonKeysUnavailable, err)
		time.Sleep(time.Second)
		_, err = validate(t, validator, signed)
		require.NoError(t, err)
	})
}

func TestWithdrawnKeyTakesRememberedTokensWithIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, client := bubblePlatform()
		validator := newValidator(t, p, client)
		tok := platformToken()
		tok.claims["exp"] = time.Now().Add(24 * time.Hour).Unix()
		signed := tok.sign(t)
		_, err := validate(t, validator, signed)
		require.NoError(t, err)

		p.handle("/keys", serveRotatedKey())
		time.Sleep(time.Hour + time.Minute)
		_, err = validate(t, validator, signed)
		requireRefused(t, auth.ReasonUnknownKey, err)
	})
}

func TestRememberedTokenIsRefusedOnceItEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, client := bubblePlatform()
		validator := newValidator(t, p, client)
		good := platformToken().sign(t)
		_, err := validate(t, validator, good)
		require.NoError(t, err)

		time.Sleep(5*time.Minute + 59*time.Second) // its life and almost the leeway
		_, err = validate(t, validator, good)
		require.NoError(t, err)
		time.Sleep(time.Second)
		for range 2 {
			_, err = validate(t, validator, good)
			requireRefused(t, auth.ReasonExpired, err)
		}
	})
}

func TestUselessKeyDocumentsNeverReplaceGoodKeys(t *testing.T) {
	weak := keyDocument("platform", platformKey())
	weak["n"] = "AQAB"
	encryption := keyDocument("encryption", rotatedKey())
	encryption["use"] = "enc"
	symmetric := map[string]any{"kty": "oct", "kid": "platform", "k": "c2VjcmV0"}
	documents := map[string]http.HandlerFunc{
		"empty object": serveJSON(map[string]any{}),
		"no keys":      serveJSON(map[string]any{"keys": []any{}}),
		"only useless": serveJSON(map[string]any{"keys": []any{weak, encryption, symmetric, 7, "x"}}),
		"no JSON":      func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("<html>")) },
		"too large": func(w http.ResponseWriter, r *http.Request) {
			w.Write(bytes.Repeat([]byte(" "), 1<<20))
			serveRotatedKey()(w, r)
		},
	}
	for name, document := range documents {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, client := bubblePlatform()
				validator := newValidator(t, p, client)
				require.NoError(t, validator.Warm(t.Context()))
				p.handle("/keys", document)
				time.Sleep(90 * time.Minute)
				require.Greater(t, p.count("/keys"), 1)
				_, err := validate(t, validator, platformToken().sign(t))
				require.NoError(t, err)
			})
		})
	}
}

func TestBrokenKeyDoesNotSpoilItsSiblings(t *testing.T) {
	p, client := startPlatform(t)
	good := keyDocument("platform", platformKey())
	good["x5c"] = []string{"no certificate"}
	good["alg"] = "RS256"
	p.handle("/keys", serveJSON(map[string]any{"keys": []any{
		map[string]any{"kty": "RSA", "kid": "broken", "n": "!", "e": "!"},
		map[string]any{"kty": "unheard of", "kid": "x"}, nil, good,
	}}))
	_, err := validate(t, newValidator(t, p, client), platformToken().sign(t))
	require.NoError(t, err)
}

func TestUnreachableKeysAreOurTroubleAndRecover(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, client := bubblePlatform()
		openid := p.handlers["/openid"]
		p.handle("/openid", serveStatus(http.StatusBadGateway))
		validator := newValidator(t, p, client)
		good := platformToken().sign(t)
		for range 20 {
			_, err := validate(t, validator, good)
			requireRefused(t, auth.ReasonKeysUnavailable, err)
			require.ErrorContains(t, err, "502")
		}
		require.ErrorIs(t, validator.Warm(t.Context()), auth.ErrKeysUnavailable)
		require.Equal(t, 1, p.count("/openid"), "a dead endpoint was hammered")

		p.handle("/openid", openid)
		time.Sleep(time.Second)
		_, err := validate(t, validator, good)
		require.NoError(t, err)
	})
}

func TestRequestThatGivesUpDoesNotStopTheFetchOfOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, client := bubblePlatform()
		keys := p.handlers["/keys"]
		p.handle("/keys", func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(3 * time.Second)
			keys(w, r)
		})
		validator := newValidator(t, p, client)
		good := platformToken().sign(t)

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		started := time.Now()
		_, err := validator.ValidateInbound(ctx, notification(t, "Bearer "+good))
		requireRefused(t, auth.ReasonKeysUnavailable, err)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, time.Second, time.Since(started))

		_, err = validate(t, validator, good)
		require.NoError(t, err)
		require.Equal(t, 1, p.count("/keys"))
	})
}

func TestSlowKeysHoldARequestNoLongerThanTheFetchTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, client := bubblePlatform()
		p.handle("/keys", hang)
		started := time.Now()
		_, err := validate(t, newValidator(t, p, client), platformToken().sign(t))
		requireRefused(t, auth.ReasonKeysUnavailable, err)
		require.Equal(t, 5*time.Second, time.Since(started))
	})
}

func TestKeysAreNeverFetchedOverPlainHTTP(t *testing.T) {
	plain := httptest.NewServer(serveKeys(map[string]*rsa.PrivateKey{"platform": platformKey()}))
	defer plain.Close()
	t.Run("by configuration", func(t *testing.T) {
		p, client := startPlatform(t)
		p.handle("/openid", serveJSON(map[string]any{"jwks_uri": plain.URL}))
		_, err := validate(t, newValidator(t, p, client), platformToken().sign(t))
		requireRefused(t, auth.ReasonKeysUnavailable, err)
		require.ErrorContains(t, err, "no https jwks_uri")
	})
	t.Run("by redirect", func(t *testing.T) {
		p, client := startPlatform(t)
		p.handle("/keys", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, plain.URL, http.StatusFound)
		})
		_, err := validate(t, newValidator(t, p, client), platformToken().sign(t))
		requireRefused(t, auth.ReasonKeysUnavailable, err)
		require.ErrorIs(t, err, auth.ErrPlainHTTP)
	})
}
