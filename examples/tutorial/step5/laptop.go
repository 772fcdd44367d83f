package main

import (
	"net/http"
	"sync/atomic"
	"time"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// A laptop is where the bot lives for now: registered with a simulator, and
// served at an address that stays the same when the client behind it changes.
type laptop struct {
	bot      *simulator.Bot
	platform *simulator.Platform
	provider *auth.ClientCredentials
	address  string
	client   atomic.Pointer[statefulclient.Client]
	since    time.Time // of this client
}

// plugIn registers the bot with a platform.
func plugIn(platform *simulator.Platform) (*laptop, error) {
	l := &laptop{platform: platform, bot: platform.RegisterBot(simulator.Bot{DisplayName: "Reception"})}
	host, err := platform.Serve(l)
	if err != nil {
		return nil, err
	}
	l.address = host + "/api/calls"
	l.bot.SetCallingWebhook(l.address)
	l.provider, err = auth.NewClientCredentials(auth.ClientCredentialsOptions{
		AppID: l.bot.AppID, Secret: l.bot.Secret, Tenant: l.bot.TenantID, HTTPClient: platform.Client(),
		Cloud: auth.Cloud{AuthorityURL: platform.AuthorityURL(), OpenIDConfigurationURL: platform.OpenIDConfigurationURL()},
	})
	return l, err
}

// builder begins a client that knows the simulator and nothing else.
func (l *laptop) builder() *statefulclient.StatefulClientBuilder {
	return statefulclient.NewStatefulClientBuilder("Reception", l.bot.AppID).
		SetAuthenticationProvider(l.provider).
		SetNotificationUrl(l.address).
		SetServiceBaseUrl(l.platform.ServiceBaseURL()).
		SetHttpClient(l.platform.Client(), nil)
}

// serve has the client hear what the platform says from now on.
func (l *laptop) serve(client *statefulclient.Client) {
	l.since = time.Now()
	l.client.Store(client)
}

func (l *laptop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if client := l.client.Load(); client != nil {
		client.Handler().ServeHTTP(w, r)
		return
	}
	w.WriteHeader(http.StatusServiceUnavailable) // the platform tries again
}
