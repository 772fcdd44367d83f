package statefulclient_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"go.uber.org/zap"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// rig is a bot on a platform of its own: real HTTPS, real tokens.
type rig struct {
	t        *testing.T
	platform *simulator.Platform
	bot      *simulator.Bot
	client   *statefulclient.Client

	provider *auth.ClientCredentials
	address  string // where the platform sends notifications
}

type rigOptions struct {
	limits   statefulclient.Limits
	platform func(*simulator.Options)
	logger   *zap.Logger
	build    func(*statefulclient.StatefulClientBuilder)
}

func newRig(t *testing.T, options ...rigOptions) *rig {
	t.Helper()
	var chosen rigOptions
	if len(options) > 0 {
		chosen = options[0]
	}
	var configure []func(*simulator.Options)
	if chosen.platform != nil {
		configure = append(configure, chosen.platform)
	}
	r := &rig{t: t, platform: simulator.New(t, configure...)}
	r.bot = r.platform.RegisterBot(simulator.Bot{DisplayName: "Echo"})
	provider, err := auth.NewClientCredentials(auth.ClientCredentialsOptions{
		AppID: r.bot.AppID, Secret: r.bot.Secret, Tenant: r.platform.Tenant().ID, HTTPClient: r.platform.Client(),
		Cloud: auth.Cloud{AuthorityURL: r.platform.AuthorityURL(), OpenIDConfigurationURL: r.platform.OpenIDConfigurationURL()},
	})
	require.NoError(t, err)
	t.Cleanup(provider.Close)
	r.provider = provider
	r.address, err = r.bot.Listen()
	require.NoError(t, err)
	r.client = r.another(chosen)
	r.takenBy(r.client.Handler())
	return r
}

// another builds one more client of the bot.
func (r *rig) another(chosen rigOptions) *statefulclient.Client {
	r.t.Helper()
	builder := statefulclient.NewStatefulClientBuilder("Echo", r.bot.AppID).
		SetAuthenticationProvider(r.provider).
		SetNotificationUrl(r.address).
		SetServiceBaseUrl(r.platform.ServiceBaseURL()).
		SetHttpClient(r.platform.Client(), nil).
		SetLogger(chosen.logger).
		SetLimits(chosen.limits)
	if chosen.build != nil {
		chosen.build(builder)
	}
	client, err := builder.Build()
	require.NoError(r.t, err)
	r.t.Cleanup(client.Close)
	return client
}

// takenBy says who takes what the platform sends from now on.
func (r *rig) takenBy(handler http.Handler) { r.bot.Serve(handler) }

// context ends the test before the runner does, so that what was waited for is
// named.
func (r *rig) context() context.Context {
	ctx, cancel := context.WithTimeout(r.t.Context(), 20*time.Second)
	r.t.Cleanup(cancel)
	return ctx
}

// call places a call to a person and waits until it is established.
func (r *rig) call(person *simulator.Person) *statefulclient.Call {
	r.t.Helper()
	call := r.place(person)
	require.NoError(r.t, call.WaitFor(r.context(), resources.CallStateEstablished))
	return call
}

func (r *rig) place(person *simulator.Person) *statefulclient.Call {
	r.t.Helper()
	call, err := r.client.Calls().Add(r.context(), resources.Call{
		TenantID: person.TenantID,
		Targets:  []resources.InvitationParticipantInfo{{Identity: &resources.IdentitySet{User: &resources.Identity{ID: person.ID}}}},
	})
	require.NoError(r.t, err)
	return call
}

func (r *rig) join(meeting *simulator.Meeting) *statefulclient.Call {
	r.t.Helper()
	join, err := statefulclient.ParseJoinURL(meeting.JoinURL())
	require.NoError(r.t, err)
	call, err := r.client.Calls().Join(r.context(), join)
	require.NoError(r.t, err)
	require.NoError(r.t, call.WaitFor(r.context(), resources.CallStateEstablished))
	return call
}

// inbox collects what handlers are told.
type inbox[E any] chan E

func newInbox[E any]() inbox[E] { return make(inbox[E], 10_000) }

func (i inbox[E]) put(_ context.Context, e E) { i <- e }

func (i inbox[E]) next(r *rig) E {
	r.t.Helper()
	select {
	case e := <-i:
		return e
	case <-r.context().Done():
		require.Fail(r.t, "nothing was told in time")
		panic("unreachable")
	}
}

// until takes events until one is as wanted.
func (i inbox[E]) until(r *rig, wanted func(E) bool) E {
	r.t.Helper()
	for {
		if e := i.next(r); wanted(e) {
			return e
		}
	}
}

func ended(ctx context.Context, t *testing.T, call *statefulclient.Call) statefulclient.EndReason {
	t.Helper()
	select {
	case <-call.Context().Done():
	case <-ctx.Done():
		require.Fail(t, "the call did not end in time")
	}
	var end *statefulclient.EndedError
	require.ErrorAs(t, context.Cause(call.Context()), &end)
	return end.Reason
}

// answered is a call that came in and is established.
func (r *rig) answered() *statefulclient.Call {
	r.t.Helper()
	rings := newInbox[statefulclient.IncomingCall]()
	r.client.Calls().OnIncoming(rings.put)
	r.platform.AddPerson("Adele Vance").Call(r.bot)
	call := rings.next(r).Call
	require.NoError(r.t, call.Answer(r.context(), statefulclient.AnswerOptions{}))
	require.NoError(r.t, call.WaitFor(r.context(), resources.CallStateEstablished))
	require.NoError(r.t, r.platform.WaitIdle(r.context()))
	return call
}
