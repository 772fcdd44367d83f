package statefulclient_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/transport"
)

// callbackOf is an address that another instance gave out.
func callbackOf(t *testing.T, r *rig, options rigOptions) string {
	other := r.another(options)
	call, err := other.Calls().Add(r.context(), statefulclient.CallTo(
		r.platform.Tenant().ID, statefulclient.UserIdentity(r.platform.AddPerson("Alex Wilber").ID)))
	require.NoError(t, err)
	return r.platform.Call(call.ID()).CallbackURI()
}

func TestTamperedCallbackIsRefused(t *testing.T) {
	r := newRig(t, asInstance("one", nil))
	call := r.call(r.platform.AddPerson("Adele Vance"))
	good, err := url.Parse(r.platform.Call(call.ID()).CallbackURI())
	require.NoError(t, err)
	marked := good.Query().Get("route")
	require.True(t, strings.HasPrefix(marked, "one."))
	for name, tampered := range map[string]string{
		"another instance": "two" + strings.TrimPrefix(marked, "one"),
		"another call":     strings.Replace(marked, call.ScenarioID(), "scenario", 1),
		"another mark":     marked[:len(marked)-2] + "zz",
		"no mark":          "one",
		"empty":            "",
		"nothing but dots": "..",
	} {
		address := *good
		address.RawQuery = url.Values{"route": {tampered}}.Encode()
		exchange, err := r.platform.Post(r.context(), r.bot, []byte(`{"value":[`+updated(call.ID(), `{"subject":"s"}`)+`]}`), simulator.PostOptions{URL: address.String()})
		require.NoError(t, err)
		require.Equal(t, 404, exchange.Status, name)
		require.Empty(t, exchange.ResponseBody, name)
	}
	r.settled()
	require.Empty(t, call.Resource().Subject)
	require.EqualValues(t, 6, r.client.Stats().Webhook.Refused[transport.ReasonNoRoute])
}

// A bot with one process has plain addresses, and takes any.
func TestOneInstanceNeedsNoRoutes(t *testing.T) {
	r := newRig(t)
	call := r.call(r.platform.AddPerson("Adele Vance"))
	require.Equal(t, r.address, r.platform.Call(call.ID()).CallbackURI())
}

// secondDoor is another address at which the client can be reached.
func (r *rig) secondDoor() string {
	r.t.Helper()
	address, err := r.platform.Serve(r.client.Handler())
	require.NoError(r.t, err)
	return address + "/second/door"
}

// requireHeardAt checks where a call's notifications went, all but the first
// few.
func (r *rig) requireHeardAt(address, callID string, elsewhere int) {
	r.t.Helper()
	require.NoError(r.t, r.platform.WaitIdle(r.context()))
	deliveries := r.platform.Call(callID).Deliveries()
	require.Greater(r.t, len(deliveries), elsewhere)
	for i, delivery := range deliveries {
		require.True(r.t, delivery.Accepted())
		if i < elsewhere {
			require.Equal(r.t, r.address, delivery.URL)
		} else {
			require.Equal(r.t, address, delivery.URL)
		}
	}
}

func TestPlacedCallHasItsOwnCallback(t *testing.T) {
	r := newRig(t)
	door := r.secondDoor()
	adele := r.platform.AddPerson("Adele Vance")
	asked := statefulclient.CallTo(adele.TenantID, statefulclient.UserIdentity(adele.ID))
	asked.CallbackURI = door
	call, err := r.client.Calls().Add(r.context(), asked)
	require.NoError(t, err)
	require.NoError(t, call.WaitFor(r.context(), resources.CallStateEstablished))
	other := r.call(r.platform.AddPerson("Alex Wilber"))
	require.NoError(t, call.Hangup(r.context()))
	ended(r.context(), t, call)
	r.requireHeardAt(door, call.ID(), 0)
	r.requireHeardAt(r.address, other.ID(), 0)
}

func TestJoinedMeetingHasItsOwnCallback(t *testing.T) {
	r := newRig(t)
	door := r.secondDoor()
	join, err := statefulclient.ParseJoinURL(r.platform.AddMeeting(simulator.Meeting{}).JoinURL())
	require.NoError(t, err)
	join.CallbackURI = door
	call, err := r.client.Calls().Join(r.context(), join)
	require.NoError(t, err)
	require.NoError(t, call.WaitFor(r.context(), resources.CallStateEstablished))
	r.requireHeardAt(door, call.ID(), 0)
}

func TestAnsweredCallHasItsOwnCallback(t *testing.T) {
	r := newRig(t)
	door := r.secondDoor()
	incoming := newInbox[statefulclient.IncomingCall]()
	r.client.Calls().OnIncoming(incoming.put)
	caller := r.platform.AddPerson("Adele Vance").Call(r.bot)
	call := incoming.next(r).Call
	require.NoError(t, call.Answer(r.context(), statefulclient.AnswerOptions{CallbackURI: door}))
	require.NoError(t, call.WaitFor(r.context(), resources.CallStateEstablished))
	caller.Hangup()
	ended(r.context(), t, call)
	r.requireHeardAt(door, call.ID(), 1)
}

func TestRedirectedCallHasItsOwnCallback(t *testing.T) {
	r := newRig(t)
	door := r.secondDoor()
	incoming := newInbox[statefulclient.IncomingCall]()
	r.client.Calls().OnIncoming(incoming.put)
	r.platform.AddPerson("Adele Vance").Call(r.bot)
	call := incoming.next(r).Call
	alex := r.platform.AddPerson("Alex Wilber")
	options := statefulclient.RedirectOptions{CallbackURI: door}
	require.NoError(t, call.Redirect(r.context(), options, statefulclient.UserIdentity(alex.ID)))
	ended(r.context(), t, call)
	r.requireHeardAt(door, call.ID(), 1)
}
