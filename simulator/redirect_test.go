package simulator_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/simulator"
)

func redirectTo(people ...*simulator.Person) map[string]any {
	targets := []any{}
	for _, person := range people {
		targets = append(targets, map[string]any{"identity": map[string]any{"user": map[string]any{"id": person.ID}}})
	}
	return map[string]any{"targets": targets}
}

func TestRedirectRingsEverybodyAtOnce(t *testing.T) {
	b := newHandBot(t)
	caller, adele, alex := b.platform.AddPerson("Caller"), b.platform.AddPerson("Adele Vance"), b.platform.AddPerson("Alex Wilber")
	adele.WhenCalled(simulator.LetsRing)
	alex.WhenCalled(simulator.LetsRing)
	call := caller.Call(b.bot)
	answer := b.act(call.Call, "/redirect", redirectTo(adele, alex))
	require.Equal(t, http.StatusAccepted, answer.status, string(answer.body))
	require.Empty(t, answer.body)
	require.Equal(t, http.StatusBadRequest, b.act(call.Call, "/answer", b.answering()).status, "too late to answer")
	require.Equal(t, 1, alex.PickUp())
	require.Zero(t, adele.PickUp(), "it rings no longer")
	<-call.Done()
	require.Equal(t, []string{"created incoming", "deleted terminated"}, b.since(0))
	last := b.received()[1].data()
	for _, name := range []string{"source", "targets", "direction", "myParticipantId", "id", "callbackUri"} {
		require.Contains(t, last, name)
	}
	require.Equal(t, alex.ID, at(last, "answeredBy", "identity", "user", "id"))
	require.Equal(t, []*simulator.Person{alex}, caller.With())
}

func TestRedirectThatNobodyAnswers(t *testing.T) {
	b := newHandBot(t, func(o *simulator.Options) { o.RingTimeout = 30 * time.Millisecond })
	caller, adele, alex := b.platform.AddPerson("Caller"), b.platform.AddPerson("Adele Vance"), b.platform.AddPerson("Alex Wilber")
	adele.WhenCalled(simulator.LetsRing)
	alex.WhenCalled(simulator.Unreachable)
	call := caller.Call(b.bot)
	require.Equal(t, http.StatusAccepted, b.act(call.Call, "/redirect", redirectTo(adele, alex)).status)
	<-call.Done()
	require.Equal(t, int32(480), call.Facts().Result.Code)
	require.Empty(t, caller.With())
}

func TestRedirectToAnotherBot(t *testing.T) {
	b := newHandBot(t)
	caller := b.platform.AddPerson("Caller")
	call := caller.Call(b.bot)
	other := b.platform.RegisterBot(simulator.Bot{CallingWebhook: b.url + "/other"})
	body := map[string]any{"targets": []any{map[string]any{"identity": map[string]any{"application": map[string]any{"id": other.AppID}}}}}
	require.Equal(t, http.StatusAccepted, b.act(call.Call, "/redirect", body).status)
	b.settle()
	paths := []string{b.received()[0].path, b.received()[1].path}
	require.ElementsMatch(t, []string{"/api/calls", "/api/calls/other"}, paths)
	next := b.platform.Calls()[1]
	token, err := b.platform.AccessToken(other, other.TenantID)
	require.NoError(t, err)
	answer := b.ask(http.MethodPost, "/"+next.ID()+"/answer", b.answering(), "Authorization", "Bearer "+token)
	require.Equal(t, http.StatusAccepted, answer.status)
	<-call.Done()
	require.NoError(t, next.WaitForState(b.soon(), "established"))
}

func TestRedirectIsChecked(t *testing.T) {
	b := newHandBot(t)
	caller, adele := b.platform.AddPerson("Caller"), b.platform.AddPerson("Adele Vance")
	call := caller.Call(b.bot).Call
	var crowd []*simulator.Person
	for range 26 {
		crowd = append(crowd, adele)
	}
	short := redirectTo(adele)
	short["timeout"] = 14
	long := redirectTo(adele)
	long["timeout"] = 91
	for name, body := range map[string]any{"nobody": redirectTo(), "too many": redirectTo(crowd...), "too short": short, "too long": long} {
		require.Equal(t, http.StatusBadRequest, b.act(call, "/redirect", body).status, name)
	}
	established := b.create(b.callTo(adele))
	require.Equal(t, http.StatusBadRequest, b.act(established, "/redirect", redirectTo(caller)).status)
}

func TestHangingUpDuringARedirectStopsAllRinging(t *testing.T) {
	b := newHandBot(t)
	caller, adele := b.platform.AddPerson("Caller"), b.platform.AddPerson("Adele Vance")
	adele.WhenCalled(simulator.LetsRing)
	call := caller.Call(b.bot)
	body := redirectTo(adele)
	body["targets"] = append(body["targets"].([]any), map[string]any{"identity": map[string]any{"application": map[string]any{"id": b.bot.AppID}}})
	require.Equal(t, http.StatusAccepted, b.act(call.Call, "/redirect", body).status)
	call.Hangup()
	<-call.Done()
	<-b.platform.Calls()[1].Done()
	require.Equal(t, int32(4097), b.platform.Calls()[1].Facts().Result.Subcode, "withdrawn, not run out of time")
	require.Zero(t, adele.PickUp())
	require.Empty(t, caller.With())
}
