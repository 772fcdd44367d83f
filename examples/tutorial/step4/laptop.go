package main

import (
	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// A laptop is where the bot lives for now: registered with a simulator, which
// gives it an address.
type laptop struct {
	bot      *simulator.Bot
	platform *simulator.Platform
	provider *auth.ClientCredentials
	address  string
}

// plugIn registers the bot with a platform.
func plugIn(platform *simulator.Platform) (*laptop, error) {
	l := &laptop{platform: platform, bot: platform.RegisterBot(simulator.Bot{DisplayName: "Reception"})}
	var err error
	l.address, err = l.bot.Listen()
	if err != nil {
		return nil, err
	}
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
