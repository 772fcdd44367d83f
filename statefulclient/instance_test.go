package statefulclient_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/transport"
)

var instanceKey = []byte(strings.Repeat("k", 32))

// colleagues hand on to each other what is not theirs, as over a network.
type colleagues map[string]*statefulclient.Client

func (c colleagues) Forward(ctx context.Context, id string, d transport.TrustedDelivery) (transport.Answer, error) {
	if c[id] == nil {
		return transport.Answer{}, errors.New("no such instance")
	}
	return c[id].Webhook().DeliverTrusted(ctx, d)
}

func asInstance(id string, forwarder statefulclient.Forwarder) rigOptions {
	return rigOptions{build: func(b *statefulclient.StatefulClientBuilder) {
		b.SetInstance(statefulclient.Instance{ID: id, Key: instanceKey, Forwarder: forwarder})
	}}
}

// Whatever instance the platform reaches, the one that placed the call hears of
// it.
func TestPromise15EveryDeliveryFindsItsInstance(t *testing.T) {
	fleet := colleagues{}
	r := newRig(t, asInstance("one", fleet))
	fleet["one"], fleet["two"] = r.client, r.another(asInstance("two", fleet))
	r.takenBy(fleet["two"].Handler())
	call := r.call(r.platform.AddPerson("Adele Vance"))
	require.NoError(t, call.Hangup(r.context()))
	ended(r.context(), t, call)
	require.NoError(t, r.platform.WaitIdle(r.context()))
	strangers := fleet["two"].Stats()
	require.NotZero(t, strangers.Forwarded)
	require.Equal(t, strangers.Misrouted, strangers.Forwarded)
	require.Zero(t, strangers.Calls)
	require.Zero(t, strangers.Parked)
}

// With nobody to hand on to, the platform is asked to try again, and nothing is
// dropped in silence.
func TestMisroutedNotificationIsAnsweredSoThatThePlatformTriesElsewhere(t *testing.T) {
	r := newRig(t, asInstance("one", nil))
	stranger := r.another(asInstance("two", nil))
	call := r.call(r.platform.AddPerson("Adele Vance"))
	require.NoError(t, r.platform.WaitIdle(r.context()))
	body := []byte(`{"value":[` + updated(call.ID(), `{"subject":"s"}`) + `]}`)
	r.takenBy(stranger.Handler())
	exchange, err := r.platform.Post(r.context(), r.bot, body, simulator.PostOptions{URL: r.platform.Call(call.ID()).CallbackURI()})
	require.NoError(t, err)
	require.Equal(t, 503, exchange.Status)
	require.NotEmpty(t, exchange.ResponseHeader.Get("Retry-After"))
	stats := stranger.Stats()
	require.EqualValues(t, 1, stats.Misrouted)
	require.EqualValues(t, 1, stats.Webhook.Refused[transport.ReasonMisrouted])
	require.Zero(t, stats.Parked)
}

// What was handed on is not handed on again, so two that are mistaken about each
// other do not play ball with it.
func TestForwardedNotificationIsNotForwardedAgain(t *testing.T) {
	fleet := colleagues{}
	r := newRig(t, asInstance("one", fleet))
	lost := r.another(asInstance("two", fleet))
	fleet["one"], fleet["three"] = lost, r.client // mistaken
	r.takenBy(lost.Handler())
	r.platform.DropEvery(func(*resources.Notification) bool { return true })
	address := callbackOf(t, r, asInstance("three", nil))
	exchange, err := r.platform.Post(r.context(), r.bot, []byte(`{"value":[`+updated("c1", `{}`)+`]}`), simulator.PostOptions{URL: address})
	require.NoError(t, err)
	require.Equal(t, 503, exchange.Status)
	require.EqualValues(t, 1, r.client.Stats().Misrouted)
	require.EqualValues(t, 1, lost.Stats().Misrouted)
}

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

func TestInstanceIsChecked(t *testing.T) {
	_, err := statefulclient.NewStatefulClientBuilder("Echo", "app").
		SetInstance(statefulclient.Instance{ID: "a b", Key: []byte("short")}).Build()
	require.ErrorContains(t, err, "letters, digits")
	require.ErrorContains(t, err, "32 random")
}

// The reply that names a call is lost, and the call was placed all the same. The
// address its notifications come to tells whose it is.
func TestCallWhoseReplyWasLostIsAdopted(t *testing.T) {
	options := asInstance("one", nil)
	options.limits = statefulclient.Limits{ParkFor: 50 * time.Millisecond}
	r := newRig(t, options)
	added := newInbox[callsEvent]()
	r.client.Calls().OnUpdated(added.put)
	unmatched := newInbox[statefulclient.Unmatched]()
	r.client.OnUnmatched(unmatched.put)
	r.platform.FailNext(simulator.Failure{Method: "POST", Path: "/communications/calls", Status: 500, AfterEffect: true})
	adele := r.platform.AddPerson("Adele Vance")
	_, err := r.client.Calls().Add(r.context(), statefulclient.CallTo(adele.TenantID, statefulclient.UserIdentity(adele.ID)))
	var failed *transport.Error
	require.ErrorAs(t, err, &failed)
	require.True(t, failed.EffectUnknown)

	told := added.next(r)
	require.Equal(t, statefulclient.CauseResync, told.Cause)
	call := told.Added[0]
	require.Equal(t, failed.ScenarioID, call.ScenarioID())
	require.NoError(t, call.WaitFor(r.context(), resources.CallStateEstablished))
	require.NoError(t, call.Hangup(r.context()))
	ended(r.context(), t, call)
	r.settled()
	require.Empty(t, unmatched)
}

// A call that is not there any more is not adopted, and what was said of it is
// not lost quietly.
func TestParkedNotificationOfNoCallIsUnmatched(t *testing.T) {
	options := asInstance("one", nil)
	options.limits = statefulclient.Limits{ParkFor: 50 * time.Millisecond}
	r := newRig(t, options)
	unmatched := newInbox[statefulclient.Unmatched]()
	r.client.OnUnmatched(unmatched.put)
	address := r.platform.Call(r.call(r.platform.AddPerson("Adele Vance")).ID()).CallbackURI()
	exchange, err := r.platform.Post(r.context(), r.bot, []byte(`{"value":[`+updated("nobody", `{}`)+`]}`), simulator.PostOptions{URL: address})
	require.NoError(t, err)
	require.Equal(t, 202, exchange.Status)
	require.Equal(t, "nobody", unmatched.next(r).CallID)
	require.Equal(t, 1, r.settled().Calls)
}
