package statefulclient_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/transport"
)

// TestBadInputDisturbsNothing sends a live bot what it must refuse: each is
// answered with the right status, counted once under one reason, echoed
// nowhere, and the call goes on.
func TestBadInputDisturbsNothing(t *testing.T) {
	r := newRig(t)
	call := r.call(r.platform.AddPerson("Adele Vance"))
	require.NoError(t, r.platform.WaitIdle(r.context()))
	good := `{"value":[` + subject(call.ID(), 1) + `]}`
	token := func(forgery simulator.Forgery) string {
		forged, err := r.platform.Token(r.bot, forgery)
		require.NoError(t, err)
		return forged
	}
	unauthorized := func(forgery simulator.Forgery, reason auth.Reason) badInput {
		return badInput{good, simulator.PostOptions{Token: token(forgery)}, http.StatusUnauthorized, transport.Unauthorized(reason)}
	}
	for name, input := range map[string]badInput{
		"empty body":                {"", simulator.PostOptions{}, http.StatusBadRequest, transport.ReasonMalformed},
		"not JSON":                  {"hello secret", simulator.PostOptions{}, http.StatusBadRequest, transport.ReasonMalformed},
		"5 MB of [":                 {strings.Repeat("[", 5<<20), simulator.PostOptions{}, http.StatusRequestEntityTooLarge, transport.ReasonTooLarge},
		"wrong method":              {good, simulator.PostOptions{Method: "PUT"}, http.StatusMethodNotAllowed, transport.ReasonMethod},
		"no token":                  {good, simulator.PostOptions{NoToken: true}, http.StatusUnauthorized, transport.Unauthorized(auth.ReasonNoToken)},
		"no such token":             {good, simulator.PostOptions{Token: "secret"}, http.StatusUnauthorized, transport.Unauthorized(auth.ReasonMalformed)},
		"expired":                   unauthorized(simulator.Expired, auth.ReasonExpired),
		"wrong audience":            unauthorized(simulator.Claim("aud", "another-app"), auth.ReasonAudience),
		"wrong issuer":              unauthorized(simulator.Claim("iss", "https://login.contoso.com"), auth.ReasonIssuer),
		"no tenant":                 unauthorized(simulator.Claim("tid", nil), auth.ReasonTenant),
		"alg none":                  unauthorized(simulator.Unsigned, auth.ReasonAlgorithm),
		"HS256 with the public key": unauthorized(simulator.SignedWithPublicKey, auth.ReasonAlgorithm),
		"another's key":             unauthorized(simulator.StolenKeyID, auth.ReasonSignature),
	} {
		t.Run(name, func(t *testing.T) { input.check(t, r) })
	}
	exchange, err := r.platform.Post(r.context(), r.bot, []byte(good), simulator.PostOptions{})
	require.NoError(t, err)
	require.Equal(t, http.StatusAccepted, exchange.Status)
	r.settled()
	require.Equal(t, "1", call.Resource().Subject)
	require.Equal(t, resources.CallStateEstablished, call.State())
}

type badInput struct {
	body   string
	post   simulator.PostOptions
	status int
	reason transport.Reason
}

func (b badInput) check(t *testing.T, r *rig) {
	before := r.client.Webhook().Stats()
	exchange, err := r.platform.Post(r.context(), r.bot, []byte(b.body), b.post)
	if exchange.Status == 0 && b.status == http.StatusRequestEntityTooLarge {
		require.Error(t, err) // refused before the sender had sent it all
	} else {
		require.Equal(t, b.status, exchange.Status)
	}
	require.Empty(t, exchange.ResponseBody)
	require.NotContains(t, exchange.ResponseHeader, "secret")
	after := r.client.Webhook().Stats()
	require.Equal(t, before.Accepted, after.Accepted)
	require.Equal(t, before.Refused[b.reason]+1, after.Refused[b.reason], "%v", after.Refused)
	require.Equal(t, before.Requests+1, after.Requests)
}

func TestForgedKidFloodThroughTheWebhook(t *testing.T) {
	r := newRig(t)
	r.call(r.platform.AddPerson("Adele Vance"))
	forged, err := r.platform.Token(r.bot, simulator.UnknownKey)
	require.NoError(t, err)
	var flood sync.WaitGroup
	for range 8 {
		flood.Go(func() {
			for range 25 {
				exchange, err := r.platform.Post(t.Context(), r.bot, []byte(`{}`), simulator.PostOptions{Token: forged})
				if err != nil || exchange.Status != http.StatusUnauthorized {
					t.Errorf("forged token: %d, %v", exchange.Status, err)
				}
			}
		})
	}
	r.call(r.platform.AddPerson("Alex Wilber"))
	flood.Wait()
	require.LessOrEqual(t, r.platform.Stats().KeyFetches, int64(2))
}
