package statefulclient_test

import (
	"context"
	"time"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/store"
)

// rehearsal is where the examples play: a bot on a simulator.
type rehearsal struct {
	ctx      context.Context
	cancel   func()
	platform *simulator.Platform
	bot      *simulator.Bot
	provider *auth.ClientCredentials
	client   *statefulclient.Client
}

// rehearse begins a rehearsal with a client that keeps its calls in a store, or
// in none.
func rehearse(calls store.Store) *rehearsal {
	platform, err := simulator.Start(simulator.Options{})
	must(err)
	r := &rehearsal{platform: platform, bot: platform.RegisterBot(simulator.Bot{DisplayName: "Reception"})}
	r.ctx, r.cancel = context.WithTimeout(context.Background(), time.Minute)
	r.provider, err = auth.NewClientCredentials(auth.ClientCredentialsOptions{
		AppID: r.bot.AppID, Secret: r.bot.Secret, Tenant: r.bot.TenantID, HTTPClient: platform.Client(),
		Cloud: auth.Cloud{AuthorityURL: platform.AuthorityURL(), OpenIDConfigurationURL: platform.OpenIDConfigurationURL()},
	})
	must(err)
	r.start(calls)
	return r
}

// start starts a client, the first or one that takes over.
func (r *rehearsal) start(calls store.Store) {
	address, err := r.bot.Listen()
	must(err)
	r.client, err = statefulclient.NewStatefulClientBuilder("Reception", r.bot.AppID).
		SetAuthenticationProvider(r.provider).SetNotificationUrl(address).SetStore(calls).
		SetServiceBaseUrl(r.platform.ServiceBaseURL()).SetHttpClient(r.platform.Client(), nil).Build()
	must(err)
	r.bot.Serve(r.client.Handler())
}

// answered has somebody call, and returns the call that the bot has answered.
func (r *rehearsal) answered(caller *simulator.Person) *statefulclient.Call {
	answered := make(chan *statefulclient.Call, 1)
	defer r.client.Calls().OnIncoming(func(ctx context.Context, e statefulclient.IncomingCall) {
		must(e.Call.Answer(ctx, statefulclient.AnswerOptions{}))
		answered <- e.Call
	}).Cancel()
	caller.Call(r.bot)
	call := <-answered
	must(call.WaitFor(r.ctx, resources.CallStateEstablished))
	return call
}

func (r *rehearsal) end() {
	r.client.Close()
	r.provider.Close()
	r.platform.Close()
	r.cancel()
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
