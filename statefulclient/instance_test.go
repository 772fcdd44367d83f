package statefulclient_test

import (
	"context"
	"errors"
	"strings"
	"testing"

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

func TestInstanceIsChecked(t *testing.T) {
	_, err := statefulclient.NewStatefulClientBuilder("Echo", "app").
		SetInstance(statefulclient.Instance{ID: "a b", Key: []byte("short")}).Build()
	require.ErrorContains(t, err, "letters, digits")
	require.ErrorContains(t, err, "32 random")
}
