package main

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestEchoGreetsWhoCalls(t *testing.T) {
	t.Setenv("BOT_SOUND_URL", "https://bot.contoso.com/hello.wav")
	platform := simulator.New(t)
	bot := platform.RegisterBot(simulator.Bot{DisplayName: "Echo"})
	bot.Serve(newClient(t, platform, bot).Handler())

	call := platform.AddPerson("Adele Vance").Call(bot)
	require.NoError(t, call.WaitAnswered(t.Context()))
	_, err := call.WaitForDelivery(t.Context(), simulator.Under(resources.CollectionOperations)) // the greeting was played
	require.NoError(t, err)
	call.Hangup()
}

func newClient(t *testing.T, platform *simulator.Platform, bot *simulator.Bot) *statefulclient.Client {
	t.Helper()
	address, err := bot.Listen()
	require.NoError(t, err)
	provider, err := auth.NewClientCredentials(auth.ClientCredentialsOptions{
		AppID: bot.AppID, Secret: bot.Secret, Tenant: bot.TenantID, HTTPClient: platform.Client(),
		Cloud: auth.Cloud{AuthorityURL: platform.AuthorityURL(), OpenIDConfigurationURL: platform.OpenIDConfigurationURL()},
	})
	require.NoError(t, err)
	t.Cleanup(provider.Close)
	client, err := statefulclient.NewStatefulClientBuilder("Echo", bot.AppID).
		SetAuthenticationProvider(provider).
		SetNotificationUrl(address).
		SetServiceBaseUrl(platform.ServiceBaseURL()).
		SetHttpClient(platform.Client(), nil).
		Build()
	require.NoError(t, err)
	t.Cleanup(client.Close)
	client.Calls().OnIncoming(greet)
	return client
}
