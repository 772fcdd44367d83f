package statefulclient_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// neighbour is another bot on the same platform, with a client of its own in
// the same process.
func (r *rig) neighbour() *rig {
	r.t.Helper()
	n := &rig{t: r.t, platform: r.platform, bot: r.platform.RegisterBot(simulator.Bot{DisplayName: "Concierge"})}
	provider, err := auth.NewClientCredentials(auth.ClientCredentialsOptions{
		AppID: n.bot.AppID, Secret: n.bot.Secret, Tenant: r.platform.Tenant().ID, HTTPClient: r.platform.Client(),
		Cloud: auth.Cloud{AuthorityURL: r.platform.AuthorityURL(), OpenIDConfigurationURL: r.platform.OpenIDConfigurationURL()},
	})
	require.NoError(r.t, err)
	r.t.Cleanup(provider.Close)
	n.provider = provider
	n.address, err = n.bot.Listen()
	require.NoError(r.t, err)
	n.client = n.another(rigOptions{})
	n.takenBy(n.client.Handler())
	return n
}

func TestTwoClientsInOneProcessKeepApart(t *testing.T) {
	one := newRig(t)
	two := one.neighbour()
	adele, alex := one.platform.AddPerson("Adele Vance"), one.platform.AddPerson("Alex Wilber")
	told := map[*rig]inbox[callsEvent]{}
	for _, r := range []*rig{one, two} {
		told[r] = newInbox[callsEvent]()
		r.client.Calls().OnUpdated(told[r].put)
	}
	calls := map[*rig]*statefulclient.Call{one: one.call(adele), two: two.call(alex)}
	require.NoError(t, one.platform.WaitIdle(one.context()))
	for r, call := range calls {
		require.Equal(t, 1, r.client.Calls().Len())
		known, _ := r.client.Calls().Get(call.ID())
		require.Same(t, call, known)
		r.settled()
		for len(told[r]) > 0 {
			e := told[r].next(r)
			for _, other := range append(e.Added, e.Updated...) {
				require.Same(t, call, other)
			}
		}
		require.Zero(t, r.client.Stats().Unmatched+r.client.Stats().Late)
	}

	// The token of one bot opens no door of the other's.
	token, err := one.platform.Token(two.bot)
	require.NoError(t, err)
	body := []byte(`{"value":[` + terminated(calls[one].ID()) + `]}`)
	exchange, err := one.platform.Post(one.context(), one.bot, body, simulator.PostOptions{Token: token})
	require.NoError(t, err)
	require.Equal(t, http.StatusUnauthorized, exchange.Status)

	// Nor does the end of one concern the other, though a handler of the other's
	// brings it about.
	down := make(chan error, 1)
	statefulclient.On(calls[two], func(ctx context.Context, e statefulclient.ToneReceived) { down <- one.client.Shutdown(ctx) })
	two.platform.Call(calls[two].ID()).PressKey(resources.TonePound)
	require.NoError(t, <-down)
	ended(one.context(), t, calls[one])
	require.NoError(t, calls[two].Context().Err())
	require.NoError(t, calls[two].KeepAlive(two.context()))
	require.Equal(t, resources.CallStateEstablished, two.call(adele).State())
}

func TestHeadersOfTheBuilderReachGraph(t *testing.T) {
	r := newRig(t)
	client := r.another(rigOptions{build: func(b *statefulclient.StatefulClientBuilder) {
		b.SetHttpClient(r.platform.Client(), http.Header{"X-Contoso-Region": {"emea"}})
	}})
	r.takenBy(client.Handler())
	r.client = client
	call := r.call(r.platform.AddPerson("Adele Vance"))
	require.NoError(t, call.KeepAlive(r.context()))
	require.NoError(t, r.platform.WaitIdle(r.context()))
	requests := 0
	for _, exchange := range r.platform.Exchanges() {
		if exchange.ToBot {
			continue
		}
		requests++
		require.Equal(t, "emea", exchange.RequestHeader.Get("X-Contoso-Region"), exchange.URL)
		require.Equal(t, call.ScenarioID(), exchange.RequestHeader.Get("Scenario-Id"))
	}
	require.Equal(t, 2, requests)
}
