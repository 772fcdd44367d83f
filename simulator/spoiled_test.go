package simulator_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

func TestDelayKeepsTheOrder(t *testing.T) {
	inVirtualTime(t, func(t *testing.T, b *handBot) {
		b.platform.Delay(2 * time.Second)
		began := time.Now()
		call := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
		call.Delay(time.Second)
		b.settle()
		require.Len(t, b.received(), 5)
		require.Equal(t, 3*time.Second, time.Since(began), "both, of all at once")

		b.platform.Heal()
		call.DelayUpTo(time.Minute, 7)
		for _, tone := range []resources.Tone{resources.Tone1, resources.Tone2, resources.Tone3} {
			call.PressKey(tone)
		}
		began = time.Now()
		require.NoError(t, b.platform.WaitIdle(t.Context()))
		took := time.Since(began)
		require.Greater(t, took, time.Second)
		require.Less(t, took, time.Minute)
		require.Equal(t, int64(3), b.platform.Stats().Injected["delay-up-to"])
		var tones []any
		for _, p := range b.received()[5:] {
			tones = append(tones, p.data()["toneInfo"].(map[string]any)["tone"])
		}
		require.Equal(t, []any{"tone1", "tone2", "tone3"}, tones)

		call.Delay(time.Hour)
		call.PressKey(resources.Tone4)
		<-time.NewTimer(time.Minute).C
		require.Len(t, b.received(), 8)
		began = time.Now()
		call.Heal()
		b.settle()
		require.Len(t, b.received(), 9, "who waits is let go")
		require.Zero(t, time.Since(began))
	})
}

func TestHowNotificationsCanBeWritten(t *testing.T) {
	b := newHandBot(t)
	first := func(fault func()) map[string]any {
		b.platform.Heal()
		fault()
		call := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
		b.settle()
		for _, p := range b.received() {
			for _, name := range []string{"resource", "resourceUrl"} {
				if path, _ := p.value[name].(string); strings.HasSuffix(path, call.ID()) {
					return p.value
				}
			}
		}
		return nil
	}
	value := first(b.platform.Capitalize)
	require.Equal(t, "Updated", value["changeType"])
	require.Equal(t, "Establishing", at(value, "resourceData", "state"))
	value = first(b.platform.ResourceOnly)
	require.NotContains(t, value, "resourceUrl")
	require.True(t, strings.HasPrefix(value["resource"].(string), "/app/calls/"))
	value = first(b.platform.ResourceURLOnly)
	require.NotContains(t, value, "resource")
	require.True(t, strings.HasPrefix(value["resourceUrl"].(string), "/communications/calls/"))
	value = first(b.platform.SameETag)
	require.Equal(t, `W/"5445"`, at(value, "resourceData", "@odata.etag"))
	value = first(b.platform.RisingETags)
	require.Equal(t, `W/"1"`, at(value, "resourceData", "@odata.etag"))
	value = first(func() {})
	require.NotContains(t, value["resourceData"], "@odata.etag")
	require.Equal(t, int64(5), b.platform.Stats().Injected["capitalize"])
}

func TestRisingETagsTellTheOrderOfWhatIsScrambled(t *testing.T) {
	b := newHandBot(t)
	b.platform.RisingETags()
	b.platform.Scramble(3)
	b.platform.Duplicate(1)
	b.platform.Batch(3)
	b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
	b.settle()
	seen := map[string]string{}
	for _, p := range b.received() {
		batch, err := resources.DecodeNotifications(p.body)
		require.NoError(t, err)
		for _, item := range batch.Value {
			call := item.Data.(*resources.Call)
			text, err := resources.Encode(call)
			require.NoError(t, err)
			if known, again := seen[call.ETag]; again {
				require.Equal(t, known, string(text))
			}
			seen[call.ETag] = string(text)
		}
	}
	require.Len(t, seen, 5)
	require.Contains(t, seen[`W/"1"`], "establishing")
	require.Contains(t, seen[`W/"5"`], "meetingInfo")
}

func TestForgeriesInAStreamOfGoodTokens(t *testing.T) {
	b := newHandBot(t)
	b.respondWith(func(w http.ResponseWriter, r *http.Request, _ post) {
		if _, err := b.verify(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")); err != nil {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.WriteHeader(http.StatusAccepted)
	})
	b.platform.Forge(simulator.Expired, simulator.UnknownKey)
	call := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
	b.settle()
	require.Len(t, b.received(), 10)
	require.Len(t, call.Deliveries(), 5, "what is forged is no delivery")
	stats := b.platform.Stats()
	require.Equal(t, []int64{5, 0, 5}, []int64{stats.Injected["forge"], stats.ForgeriesTaken, stats.Delivered})
	b.respondWith(nil)
	call.PressKey(resources.Tone1)
	b.settle()
	require.Equal(t, int64(1), b.platform.Stats().ForgeriesTaken)
}

// All that Forgeries has is refused by a bot that checks what can be checked.
func TestForgeriesAreAllWrong(t *testing.T) {
	b := newHandBot(t)
	for i, forgery := range simulator.Forgeries() {
		token, err := b.platform.Token(b.bot, forgery)
		require.NoError(t, err)
		if parsed, err := b.verify(token); err == nil {
			claims, err := parsed.Claims.GetExpirationTime()
			require.NoError(t, err)
			require.NotNil(t, claims)
			require.NotContains(t, parsed.Claims, "tid", i)
		}
	}
}

func TestTokensOfOthers(t *testing.T) {
	b := newHandBot(t)
	b.platform.SignWith(b.platform.SignedByAzureAD())
	call := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
	b.settle()
	configuration := b.platform.AuthorityURL() + "/common/v2.0/.well-known/openid-configuration"
	_, keys := b.keysAt(configuration)
	token := strings.TrimPrefix(b.received()[0].header.Get("Authorization"), "Bearer ")
	claims := b.claimsBy(token, keys)
	require.Equal(t, "https://sts.windows.net/"+b.platform.Tenant().ID+"/", claims["iss"])
	require.Equal(t, b.bot.AppID, claims["aud"])

	b.platform.Heal()
	call.SignWith(simulator.GovernmentIssuer)
	call.PressKey(resources.Tone1)
	b.settle()
	_, keys = b.keysAt(b.platform.OpenIDConfigurationURL())
	posts := b.received()
	claims = b.claimsBy(strings.TrimPrefix(posts[len(posts)-1].header.Get("Authorization"), "Bearer "), keys)
	require.Equal(t, "https://api.botframework.us", claims["iss"])
	require.Equal(t, int64(6), b.platform.Stats().Injected["sign-with"])
}

func TestRefusalsOfTheService(t *testing.T) {
	b := newHandBot(t)
	b.platform.FailWithDiagCode(1, "500#7112")
	answer := b.ask(http.MethodGet, "/any", nil)
	require.Equal(t, http.StatusInternalServerError, answer.status)
	require.Equal(t, "Server Internal Error. DiagCode: 500#7112.@", answer.text("error", "message"))
	b.platform.CutConnections(1)
	_, err := b.try(http.MethodPost, "", b.callTo(b.platform.AddPerson("Adele Vance")))
	require.Error(t, err)
	require.Empty(t, b.platform.Calls())
	b.platform.FailAfterEffect(1)
	require.Equal(t, http.StatusNotFound, b.ask(http.MethodGet, "/any", nil).status, "it is for what changes something")
	require.Equal(t, http.StatusInternalServerError, b.ask(http.MethodPost, "", b.callTo(b.platform.AddPerson("Adele Vance"))).status)
	require.Len(t, b.platform.Calls(), 1)
	b.platform.FailNext(simulator.Failure{Status: http.StatusTeapot})
	b.ask(http.MethodGet, "/any", nil)

	b.platform.ExpireTokens()
	require.Equal(t, http.StatusUnauthorized, b.ask(http.MethodGet, "/any", nil).status)
	b.token = b.fetchToken(b.platform.Tenant().ID)
	require.Equal(t, http.StatusNotFound, b.ask(http.MethodGet, "/any", nil).status)
	require.Equal(t, map[string]int64{
		"fail-with-diag-code": 1, "cut-connections": 1, "fail-after-effect": 1, "fail": 1, "expire-tokens": 1,
	}, b.platform.Stats().Injected)
}

func TestSlowReplies(t *testing.T) {
	inVirtualTime(t, func(t *testing.T, b *handBot) {
		b.platform.SlowReplies(5 * time.Second)
		began := time.Now()
		call := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
		require.Equal(t, 5*time.Second, time.Since(began))
		require.Equal(t, resources.CallStateEstablished, call.State())
		b.fetchToken(b.platform.Tenant().ID)
		require.Equal(t, 5*time.Second, time.Since(began), "tokens are not slowed")
		b.platform.Heal()
		b.ask(http.MethodGet, "/"+call.ID(), nil)
		require.Equal(t, 5*time.Second, time.Since(began))
	})
}

func TestSpeed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newHandBot(t, func(o *simulator.Options) { o.InMemory, o.Speed = true, 60 })
		call := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
		call.Delay(time.Minute)
		call.PressKey(resources.Tone1)
		began := time.Now()
		b.settle()
		require.Equal(t, time.Second, time.Since(began))
		require.Equal(t, 45*time.Second, time.Since(began)+lasts(call))
	})
	_, err := simulator.Start(simulator.Options{Speed: -1})
	require.ErrorContains(t, err, "Options.Speed")
}
