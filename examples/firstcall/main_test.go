package main

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestEachStepSaysWhatIsMissing(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*scene)
		says  []string
	}{
		"nothing":      {func(*scene) {}, nil},
		"secret":       {func(s *scene) { s.secret = "wrong" }, []string{"credentials, keys, or the way to Graph"}},
		"path":         {func(s *scene) { s.path = "/calls" }, []string{"the notification URL", "404"}},
		"permission":   {func(s *scene) { s.bot.Permissions = []string{"Calls.JoinGroupCall.All"} }, []string{"permissions and consent", "7504", "consent"}},
		"person":       {func(s *scene) { s.person.WhenCalled(simulator.Declines) }, []string{"the call: ", "ended"}},
		"notification": {(*scene).loseAll, []string{"no notification came in"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			c.spoil(s)
			err := s.open(t).firstCall(t.Context(), statefulclient.CallTo(s.person.TenantID, statefulclient.UserIdentity(s.person.ID)))
			if c.says == nil {
				require.NoError(t, err)
			}
			for _, words := range c.says {
				require.ErrorContains(t, err, words)
			}
		})
	}
}

// scene is a tenant, with what a bot is told of it.
type scene struct {
	platform     *simulator.Platform
	person       *simulator.Person
	bot          simulator.Bot
	secret, path string
	limits       statefulclient.Limits
}

// loseAll loses all notifications. The client finds out the rest by asking, which it
// does soon.
func (s *scene) loseAll() {
	s.platform.DropEvery(func(*resources.Notification) bool { return true })
	s.limits = statefulclient.Limits{SilentAfter: 10 * time.Millisecond, EndWithin: 10 * time.Millisecond}
}

func newScene(t *testing.T) *scene {
	t.Helper()
	platform := simulator.New(t)
	return &scene{platform: platform, person: platform.AddPerson("Adele Vance"), path: "/api/calls"}
}

func (s *scene) open(t *testing.T) *newcomer {
	t.Helper()
	bot := s.platform.RegisterBot(s.bot)
	if s.secret == "" {
		s.secret = bot.Secret
	}
	provider, err := auth.NewClientCredentials(auth.ClientCredentialsOptions{
		AppID: bot.AppID, Secret: s.secret, Tenant: bot.TenantID, HTTPClient: s.platform.Client(),
		Cloud: auth.Cloud{AuthorityURL: s.platform.AuthorityURL(), OpenIDConfigurationURL: s.platform.OpenIDConfigurationURL()},
	})
	require.NoError(t, err)
	t.Cleanup(provider.Close)
	mux := http.NewServeMux()
	address, err := s.platform.Serve(mux)
	require.NoError(t, err)
	client, err := statefulclient.NewStatefulClientBuilder("Newcomer", bot.AppID).
		SetAuthenticationProvider(provider).
		SetNotificationUrl(address+s.path).
		SetServiceBaseUrl(s.platform.ServiceBaseURL()).
		SetHttpClient(s.platform.Client(), nil).
		SetLimits(s.limits).
		Build()
	require.NoError(t, err)
	t.Cleanup(client.Close)
	mux.Handle("/api/calls", client.Handler())
	return &newcomer{client, func(_, format string, args ...any) { t.Logf(format, args...) }}
}
