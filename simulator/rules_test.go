package simulator_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

// inVirtualTime runs a test with a bot on a platform with the service's own
// time limits.
func inVirtualTime(t *testing.T, test func(t *testing.T, b *handBot)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		test(t, newHandBot(t, func(o *simulator.Options) { o.InMemory = true }))
	})
}

// lasts is how long a call is there.
func lasts(call *simulator.Call) time.Duration {
	began := time.Now()
	<-call.Done()
	return time.Since(began)
}

func TestABotHas15SecondsToAnswer(t *testing.T) {
	inVirtualTime(t, func(t *testing.T, b *handBot) {
		call := b.platform.AddPerson("Adele Vance").Call(b.bot)
		require.Equal(t, 15*time.Second, lasts(call.Call))
		require.Equal(t, int32(10057), call.Facts().Result.Subcode)
	})
}

func TestARecorderHas5SecondsToAnswer(t *testing.T) {
	inVirtualTime(t, func(t *testing.T, b *handBot) {
		adele := b.platform.AddPerson("Adele Vance")
		b.platform.Tenant().SetRecordingPolicy(b.bot, adele)
		adele.Join(b.platform.AddMeeting(simulator.Meeting{Organizer: adele}))
		require.Equal(t, 5*time.Second, lasts(b.platform.Calls()[0]))
	})
}

func TestACallLasts45MinutesFromTheLastKeepAlive(t *testing.T) {
	inVirtualTime(t, func(t *testing.T, b *handBot) {
		call := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
		for range 3 {
			<-time.NewTimer(45*time.Minute - time.Second).C
			b.token = b.fetchToken(b.platform.Tenant().ID)
			require.Equal(t, http.StatusOK, b.ask(http.MethodPost, "/"+call.ID()+"/keepAlive", nil).status)
		}
		require.Equal(t, 45*time.Minute, lasts(call))
		require.Equal(t, []int32{408, 8537}, []int32{call.Facts().Result.Code, call.Facts().Result.Subcode})
		require.Equal(t, http.StatusNotFound, b.ask(http.MethodPost, "/"+call.ID()+"/keepAlive", nil).status)
	})
}

func TestAPersonIsRungForAMinuteOrAsLongAsAsked(t *testing.T) {
	for asked, rings := range map[int]time.Duration{0: time.Minute, 10: 10 * time.Second, 115: 115 * time.Second, 600: 115 * time.Second} {
		inVirtualTime(t, func(t *testing.T, b *handBot) {
			adele := b.platform.AddPerson("Adele Vance")
			adele.WhenCalled(simulator.LetsRing)
			body := b.callTo(adele)
			if asked > 0 {
				body["ringingTimeoutInSeconds"] = asked
			}
			call := b.create(body)
			require.Equal(t, resources.CallStateRinging, call.State())
			require.Equal(t, rings, lasts(call), asked)
			require.Equal(t, int32(10076), call.Facts().Result.Subcode)
			require.Zero(t, adele.Rings())
		})
	}
}

func TestALobbyIsLeftAfter30Minutes(t *testing.T) {
	inVirtualTime(t, func(t *testing.T, b *handBot) {
		call := b.create(b.joining(b.platform.AddMeeting(simulator.Meeting{Lobby: simulator.LobbyForAll})))
		require.Equal(t, 30*time.Minute, lasts(call))
		require.Equal(t, int32(5855), call.Facts().Result.Subcode)
	})
}

func TestARedirectRingsAsLongAsAsked(t *testing.T) {
	inVirtualTime(t, func(t *testing.T, b *handBot) {
		alex := b.platform.AddPerson("Alex Wilber")
		alex.WhenCalled(simulator.LetsRing)
		call := b.platform.AddPerson("Adele Vance").Call(b.bot)
		target := map[string]any{"identity": map[string]any{"user": map[string]any{"id": alex.ID}}}
		answer := b.ask(http.MethodPost, "/"+call.ID()+"/redirect", map[string]any{"targets": []any{target}, "timeout": 20})
		require.Equal(t, http.StatusAccepted, answer.status)
		require.Equal(t, 20*time.Second, lasts(call.Call))
	})
}

func TestAccessTokensExpireAfterAnHour(t *testing.T) {
	inVirtualTime(t, func(t *testing.T, b *handBot) {
		call := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
		<-time.NewTimer(time.Hour - time.Second).C
		require.Equal(t, http.StatusNotFound, b.ask(http.MethodGet, "/"+call.ID(), nil).status, "the call is over, not the token")
		<-time.NewTimer(time.Second).C
		require.Equal(t, http.StatusUnauthorized, b.ask(http.MethodGet, "/"+call.ID(), nil).status)
	})
}

func TestWithoutPermissionsCallersStayEncrypted(t *testing.T) {
	b := newHandBot(t)
	adele := b.platform.AddPerson("Adele Vance")
	for permission, told := range map[string]bool{"OnlineMeetings.Read.All": false, "Calls.JoinGroupCall.All": true} {
		bot := b.platform.RegisterBot(simulator.Bot{CallingWebhook: b.url, Permissions: []string{permission}})
		call := adele.Call(bot)
		require.NoError(t, call.WaitForDeliveries(b.soon(), 1))
		source := call.Deliveries()[0].Notification().Data.(*resources.Call).Source.Identity
		require.Equal(t, told, source.User != nil)
		require.Equal(t, !told, source.Encrypted != nil)
	}
}

func TestGroupCallsHaveNoChat(t *testing.T) {
	b := newHandBot(t)
	call := b.create(b.callTo(b.platform.AddPerson("Adele Vance"), b.platform.AddPerson("Alex Wilber")))
	b.settle()
	answer := b.ask(http.MethodGet, "/"+call.ID(), nil)
	for _, name := range []string{"chatInfo", "meetingInfo"} {
		value, said := answer.value[name]
		require.True(t, said)
		require.Nil(t, value)
	}
	answer = b.ask(http.MethodPost, "/"+call.ID()+"/updateRecordingStatus", map[string]any{"status": "recording"})
	require.Equal(t, "8506", answer.text("error", "code"), "nor are they recorded")
}

func TestWhatACallerMayDoIsRefusedByCode(t *testing.T) {
	b := newHandBot(t)
	adele := b.platform.AddPerson("Adele Vance")
	other := b.platform.AddTenant()
	stranger := other.AddPerson("Megan Bowen")
	phone := b.platform.AddPhone("+12065550100")
	for _, refused := range []struct {
		code        string
		permissions []string
		body        map[string]any
	}{
		{"7504", []string{"Calls.JoinGroupCall.All"}, b.callTo(adele)},
		{"7504", []string{"Calls.Initiate.All"}, b.callTo(adele, b.platform.AddPerson("Alex Wilber"))},
		{"7504", []string{"Calls.Initiate.All"}, b.joining(b.platform.AddMeeting(simulator.Meeting{}))},
		{"7504", nil, b.callTo(stranger)},
		{"7505", nil, b.joining(b.platform.AddMeeting(simulator.Meeting{Organizer: stranger}))},
		{"7507", nil, map[string]any{
			"callbackUri": b.url, "mediaConfig": b.serviceMedia(),
			"targets": []any{map[string]any{"identity": map[string]any{"phone": map[string]any{"id": phone.Phone}}}},
		}},
	} {
		b.bot = b.platform.RegisterBot(simulator.Bot{Permissions: refused.permissions})
		b.token = b.fetchToken(b.platform.Tenant().ID)
		answer := b.ask(http.MethodPost, "", refused.body)
		require.Equal(t, http.StatusForbidden, answer.status, string(answer.body))
		require.Equal(t, refused.code, answer.text("error", "code"))
		require.NotEmpty(t, answer.text("error", "message"))
		require.NotEmpty(t, answer.text("error", "innerError", "request-id"))
	}
	require.Empty(t, b.platform.Calls())
}
