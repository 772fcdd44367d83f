package simulator_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

func TestCallingAPersonTricklesIn(t *testing.T) {
	b := newHandBot(t)
	adele := b.platform.AddPerson("Adele Vance")
	answer := b.ask(http.MethodPost, "", b.callTo(adele), "client-request-id", "mine", "scenario-id", "scene")
	require.Equal(t, http.StatusCreated, answer.status, string(answer.body))

	id := answer.text("id")
	require.Regexp(t, `^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`, id)
	require.Equal(t, b.platform.ServiceBaseURL()+"/communications/calls/"+id, answer.header.Get("Location"))
	require.Equal(t, "establishing", answer.text("state"))
	require.Equal(t, "outgoing", answer.text("direction"))
	require.Equal(t, b.bot.AppID, answer.text("source", "identity", "application", "id"))
	require.NotEmpty(t, answer.text("callChainId"))
	require.NotEmpty(t, answer.text("myParticipantId"))
	require.Contains(t, answer.text("@odata.context"), "/v1.0/$metadata#app/calls/$entity")
	for _, name := range []string{"subject", "ringingTimeoutInSeconds", "mediaState", "resultInfo", "answeredBy", "chatInfo", "meetingInfo", "transcription", "toneInfo"} {
		value, present := answer.value[name]
		require.True(t, present, name)
		require.Nil(t, value, name)
	}
	require.Equal(t, "mine", answer.header.Get("client-request-id"))
	require.Equal(t, "scene", answer.header.Get("scenario-id"))
	require.NotEmpty(t, answer.header.Get("request-id"))
	require.Contains(t, answer.header.Get("x-ms-ags-diagnostic"), "DataCenter")

	b.settle()
	require.Equal(t, []string{
		"updated establishing",
		"updated established",
		"updated established +mediaState",
		"updated established +chatInfo",
		"updated established +chatInfo +meetingInfo",
	}, b.heard())
	for _, p := range b.received() {
		require.Equal(t, "/api/calls/created", p.path)
		require.Equal(t, "/app/calls/"+id, p.value["resource"])
		require.Equal(t, "/communications/calls/"+id, p.value["resourceUrl"])
		require.NotContains(t, string(p.body), "etag")
		require.Equal(t, "application/json; charset=utf-8", p.header.Get("Content-Type"))
		require.Equal(t, "Microsoft-Skype/3.0,(Calling/1.0)", p.header.Get("User-Agent"))
		require.Equal(t, answer.text("callChainId"), p.header.Get("X-Microsoft-Skype-Chain-ID"))
		require.NotEmpty(t, p.header.Get("X-Microsoft-Skype-Message-ID"))
		require.Equal(t, "scene", p.header.Get("Scenario-Id"))
	}
}

func TestCallingPeopleWhoDoNotAnswerAtOnce(t *testing.T) {
	tests := map[string]struct {
		reaction simulator.Reaction
		then     func(*simulator.Person)
		last     string
		code     int32
		ends     bool
	}{
		"picks up":     {simulator.LetsRing, func(p *simulator.Person) { p.PickUp() }, "updated established +chatInfo +meetingInfo", 0, false},
		"declines":     {simulator.LetsRing, func(p *simulator.Person) { p.Decline() }, "deleted terminated", 603, true},
		"rings out":    {simulator.LetsRing, func(*simulator.Person) {}, "deleted terminated", 480, true},
		"at once":      {simulator.Declines, func(*simulator.Person) {}, "deleted terminated", 603, true},
		"out of reach": {simulator.Unreachable, func(*simulator.Person) {}, "deleted terminated", 480, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			b := newHandBot(t, func(o *simulator.Options) {
				if name == "rings out" {
					o.RingTimeout = 20 * time.Millisecond
				}
			})
			adele := b.platform.AddPerson("Adele Vance")
			adele.WhenCalled(test.reaction)
			call := b.create(b.callTo(adele))
			test.then(adele)
			if test.ends {
				<-call.Done()
				require.Equal(t, test.code, call.Facts().Result.Code)
			}
			b.settle()
			heard := b.heard()
			require.Equal(t, "updated establishing", heard[0])
			require.Equal(t, test.last, heard[len(heard)-1])
		})
	}
}

func TestGroupCallHasARoster(t *testing.T) {
	b := newHandBot(t)
	adele, alex := b.platform.AddPerson("Adele Vance"), b.platform.AddPerson("Alex Wilber")
	alex.WhenCalled(simulator.LetsRing)
	call := b.create(b.callTo(adele, alex))
	b.settle()
	require.Equal(t, []string{"updated establishing", "updated established", "updated roster of 2"}, b.heard())
	require.Equal(t, 1, alex.PickUp())
	b.settle()
	require.Equal(t, "updated roster of 3", b.heard()[3])

	alex.Leave()
	adele.Leave()
	b.settle()
	require.Equal(t, []string{"updated roster of 2", "deleted terminated"}, b.heard()[4:])
	require.Equal(t, int32(5002), call.Facts().Result.Subcode)
}

func TestHangingUp(t *testing.T) {
	b := newHandBot(t)
	call := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
	b.settle()
	answer := b.ask(http.MethodDelete, "/"+call.ID(), nil)
	require.Equal(t, http.StatusNoContent, answer.status)
	require.Empty(t, answer.body)
	b.settle()
	require.Equal(t, []string{"updated terminating", "deleted terminated"}, b.heard()[5:])
	last := b.received()[6].data()
	require.Equal(t, map[string]any{
		"@odata.type": "#microsoft.graph.resultInfo", "code": 200.0, "subcode": 7000.0, "message": "The conversation has ended by bot.",
	}, last["resultInfo"])
	require.Equal(t, "CallTerminated", last["terminationReason"])

	for method, path := range map[string]string{http.MethodDelete: "", http.MethodGet: "", http.MethodPost: "/keepAlive"} {
		answer = b.ask(method, "/"+call.ID()+path, nil)
		require.Equal(t, http.StatusNotFound, answer.status, method)
		require.Equal(t, "8522", answer.text("error", "code"))
		require.NotEmpty(t, answer.text("error", "innerError", "request-id"))
		require.NotEmpty(t, answer.text("error", "innerError", "date"))
	}
}

func TestGettingACall(t *testing.T) {
	b := newHandBot(t)
	call := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
	answer := b.ask(http.MethodGet, "/"+call.ID(), nil)
	require.Equal(t, http.StatusOK, answer.status)
	require.Equal(t, "established", answer.text("state"))
	require.Equal(t, "active", answer.text("mediaState", "audio"))
	require.Contains(t, answer.text("@odata.context"), "communications/calls/$entity")

	other := b.platform.RegisterBot(simulator.Bot{})
	token, err := b.platform.AccessToken(other, other.TenantID)
	require.NoError(t, err)
	answer = b.ask(http.MethodGet, "/"+call.ID(), nil, "Authorization", "Bearer "+token)
	require.Equal(t, http.StatusNotFound, answer.status, "another bot's call is none of its business")
}

func TestPathsMatchInAnyCase(t *testing.T) {
	b := newHandBot(t)
	call := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
	base := b.platform.ServiceBaseURL()[:len(b.platform.ServiceBaseURL())-len("/v1.0")]
	for _, path := range []string{
		"/v1.0/Communications/CALLS/" + call.ID() + "/keepalive",
		"/beta/app/calls/" + call.ID() + "/KeepAlive",
		"/beta/communications/calls/" + resources.Key(call.ID()) + "/microsoft.graph.keepAlive",
	} {
		require.Equal(t, http.StatusOK, b.ask(http.MethodPost, base+path, nil).status, path)
	}
	require.Equal(t, 3, call.KeepAlives())
	require.Equal(t, http.StatusBadRequest, b.ask(http.MethodPost, base+"/v1.0/app/calls/"+call.ID()+"/keepAlive", nil).status)
	require.Equal(t, http.StatusBadRequest, b.ask(http.MethodPost, base+"/v2.0/communications/calls", nil).status)
	require.Equal(t, http.StatusMethodNotAllowed, b.ask(http.MethodPut, "/"+call.ID(), nil).status)
}

func TestKeepAlive(t *testing.T) {
	b := newHandBot(t)
	call := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
	answer := b.ask(http.MethodPost, "/"+call.ID()+"/keepAlive", nil)
	require.Equal(t, http.StatusOK, answer.status)
	require.Empty(t, answer.body)
	require.Contains(t, answer.header.Get("Content-Type"), "text/plain")
	require.Equal(t, 1, call.KeepAlives())
}

func TestWithoutKeepAliveACallEnds(t *testing.T) {
	b := newHandBot(t, func(o *simulator.Options) { o.KeepAliveWindow = 30 * time.Millisecond })
	call := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
	<-call.Done()
	require.Equal(t, int32(408), call.Facts().Result.Code)
	require.Equal(t, int32(8537), call.Facts().Result.Subcode)
}

func TestACallThatVanishesTellsNobody(t *testing.T) {
	b := newHandBot(t)
	call := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
	b.settle()
	call.Vanish()
	b.settle()
	require.Len(t, b.received(), 5)
	require.Equal(t, http.StatusNotFound, b.ask(http.MethodPost, "/"+call.ID()+"/keepAlive", nil).status)
}

func TestPersonHangsUpOnBot(t *testing.T) {
	b := newHandBot(t)
	adele := b.platform.AddPerson("Adele Vance")
	call := b.create(b.callTo(adele))
	adele.Mute()
	adele.Leave()
	b.settle()
	require.Equal(t, int32(4521), call.Facts().Result.Subcode)
	require.Equal(t, "deleted terminated", b.heard()[5], "a call of two has no roster to announce a mute with")
	require.ErrorIs(t, call.WaitForState(t.Context(), resources.CallStateHold), simulator.ErrEnded)
}

func TestVerbsOfACall(t *testing.T) {
	b := newHandBot(t)
	call := b.create(b.callTo(b.platform.AddPerson("Adele Vance")))
	b.settle()
	call.PressKey(resources.Tone1)
	call.PressKey(resources.TonePound)
	call.SetMediaActive(false)
	call.SetState(resources.CallStateHold)
	call.SendRoster()
	call.Notify([]byte(`{"value":"nonsense"}`))
	call.End(500, 7117, "Server Internal Error. DiagCode: 500#7117.@")
	b.settle()
	require.Equal(t, []string{
		"updated established +toneInfo", "updated established +toneInfo", "updated established +mediaState",
		"updated hold", "updated roster of 2", "?", "deleted terminated",
	}, b.heard()[5:])
	tone := b.received()[6].data()["toneInfo"].(map[string]any)
	require.Equal(t, 2.0, tone["sequenceId"])
	require.Equal(t, "pound", tone["tone"])
}
