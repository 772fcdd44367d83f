package statefulclient_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/transport"
)

// ordeal is a fault of the simulator's, and what is left of a phone call under
// it: the package's own tests show that each of them is too much for a naive
// bot.
type ordeal struct {
	arguments []string
	midCall   bool // it comes once the call is established
	deaf      bool // keys pressed are lost, whoever listens
	lost      bool // only the platform's silence tells of the end
	own       bool // it has a test of its own
	cloud     func(*simulator.Platform) auth.Cloud
}

func ordeals() map[string]ordeal {
	return map[string]ordeal{
		"hold":                {deaf: true, lost: true},
		"delay":               {arguments: []string{"2s"}},
		"delay-up-to":         {arguments: []string{"10s", "2"}},
		"scramble":            {arguments: []string{"3"}, midCall: true},
		"duplicate":           {arguments: []string{"2"}},
		"duplicate-as-new":    {arguments: []string{"2"}},
		"batch":               {},
		"drop":                {arguments: []string{"ended"}, lost: true},
		"drop-every":          {arguments: []string{"established"}, deaf: true},
		"lose-end":            {lost: true},
		"skip-established":    {deaf: true},
		"capitalize":          {},
		"resource-only":       {},
		"resource-url-only":   {},
		"same-etag":           {},
		"rising-etags":        {},
		"forge":               {},
		"fail":                {arguments: []string{"3"}, midCall: true},
		"fail-with-diag-code": {arguments: []string{"3", "500#7112"}, midCall: true},
		"cut-connections":     {arguments: []string{"9"}, midCall: true},
		"throttle":            {arguments: []string{"2", "2s"}, midCall: true},
		"slow-replies":        {arguments: []string{"3s"}},
		"notify-before-reply": {},
		"rotate-keys":         {midCall: true},
		"azure-ad-tokens": {cloud: func(p *simulator.Platform) auth.Cloud {
			return auth.Cloud{AzureADConfigurationURL: p.AuthorityURL() + "/common/v2.0/.well-known/openid-configuration"}
		}},
		"government-issuer": {cloud: func(*simulator.Platform) auth.Cloud {
			return auth.Cloud{Issuers: auth.USGovernment().Issuers}
		}},
		"legacy-first":      {own: true},
		"fail-after-effect": {own: true},
		"expire-tokens":     {midCall: true},
	}
}

func TestACallSurvivesEveryFault(t *testing.T) {
	all := ordeals()
	require.Len(t, all, len(simulator.AllFaults()), "a fault without an ordeal")
	for _, fault := range simulator.AllFaults() {
		trial, ok := all[fault.Name]
		require.True(t, ok, fault.Name)
		if trial.own {
			continue
		}
		t.Run(fault.Name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { trial.undergo(t, fault) })
		})
	}
}

func (o ordeal) undergo(t *testing.T, fault simulator.Fault) {
	r := newRig(t, rigOptions{platform: func(opt *simulator.Options) { opt.InMemory = true }})
	if o.cloud != nil {
		r.movesTo(o.cloud(r.platform))
	}
	tones, told := newInbox[statefulclient.ToneReceived](), newEdgeLog(t, r.client)
	statefulclient.On(r.client.Calls(), tones.put)
	inject := func() { require.NoError(t, fault.Apply(r.platform, nil, o.arguments...)) }
	if !o.midCall {
		inject()
	}
	adele := r.platform.AddPerson("Adele Vance")
	call := r.place(adele)
	passTime(time.Minute)
	var pressed []resources.Tone
	press := func(keys ...resources.Tone) {
		for _, key := range keys {
			r.platform.Calls()[0].PressKey(key)
			pressed = append(pressed, key)
		}
		passTime(time.Minute)
	}
	if o.midCall {
		press(resources.Tone0) // what the others are counted from
		inject()
	}
	passTime(20 * time.Minute) // keep-alives come under it too
	require.Len(t, r.platform.Calls(), 1)
	seen := r.platform.Calls()[0]
	require.NotEqual(t, resources.CallStateTerminated, seen.State())
	require.Positive(t, seen.KeepAlives())
	press(resources.Tone1, resources.Tone2, resources.Tone2, resources.Tone3, resources.Tone1, resources.ToneStar)
	adele.Leave()
	<-call.Context().Done()
	reason := ended(t.Context(), t, call)
	r.platform.Heal() // and whatever was held comes now
	passTime(time.Minute)

	require.Equal(t, o.lost, reason.Cause == statefulclient.EndLost, "%+v", reason)
	told.requireForwardOnce(call.ID(), resources.CallStateTerminated)
	var heard []resources.Tone
	for len(tones) > 0 {
		heard = append(heard, (<-tones).Tone)
	}
	if o.deaf {
		pressed = nil
	}
	require.Equal(t, pressed, heard)
	require.Zero(t, r.client.Calls().Len())
	require.Zero(t, r.client.Stats().Unmatched)
	require.Zero(t, r.platform.Stats().ForgeriesTaken)
	require.Positive(t, r.platform.Stats().Injected[fault.Name])
}

// movesTo has the bot trust another cloud, as far as it is another.
func (r *rig) movesTo(cloud auth.Cloud) {
	r.t.Helper()
	cloud.AuthorityURL, cloud.OpenIDConfigurationURL = r.platform.AuthorityURL(), r.platform.OpenIDConfigurationURL()
	provider, err := auth.NewClientCredentials(auth.ClientCredentialsOptions{
		AppID: r.bot.AppID, Secret: r.bot.Secret, Tenant: r.platform.Tenant().ID, HTTPClient: r.platform.Client(), Cloud: cloud,
	})
	require.NoError(r.t, err)
	r.t.Cleanup(provider.Close)
	r.provider = provider
	r.client = r.another(rigOptions{})
	r.takenBy(r.client.Handler())
}

// A bot of an issuer it does not trust hears nothing, and is not fooled: what it
// knows it asks for.
func TestTokensOfAnotherCloudAreRefused(t *testing.T) {
	inVirtualTime(t, statefulclient.Limits{}, func(t *testing.T, r *rig) {
		r.platform.SignWith(simulator.GovernmentIssuer)
		call := r.place(r.platform.AddPerson("Adele Vance"))
		passTime(time.Hour)
		require.Positive(t, r.client.Stats().Webhook.Refused[transport.Unauthorized(auth.ReasonIssuer)])
		require.Zero(t, r.platform.Stats().Delivered)
		require.Equal(t, resources.CallStateEstablished, call.State(), "the platform was asked")
	})
}

func TestLegacyFormatFirstRingsOnce(t *testing.T) {
	inVirtualTime(t, statefulclient.Limits{}, func(t *testing.T, r *rig) {
		r.platform.LegacyFirst()
		rings := newInbox[statefulclient.IncomingCall]()
		r.client.Calls().OnIncoming(func(ctx context.Context, e statefulclient.IncomingCall) {
			rings.put(ctx, e)
			require.NoError(t, e.Call.Answer(ctx, statefulclient.AnswerOptions{}))
		})
		call := r.platform.AddPerson("Adele Vance").Call(r.bot)
		require.NoError(t, call.WaitAnswered(r.context()))
		passTime(time.Minute)
		require.Len(t, rings, 1)
		require.Zero(t, r.client.Stats().Unmatched)
	})
}

// A token that the service has stopped to accept is replaced, and the call is
// kept alive with the next.
func TestRefusedTokensEndNoCall(t *testing.T) {
	inVirtualTime(t, statefulclient.Limits{}, func(t *testing.T, r *rig) {
		call := r.call(r.platform.AddPerson("Adele Vance"))
		passTime(time.Minute)
		r.platform.ExpireTokens()
		passTime(2 * time.Hour)
		require.NoError(t, call.KeepAlive(r.context()))
		require.Equal(t, resources.CallStateEstablished, call.State())
		require.Equal(t, resources.CallStateEstablished, r.platform.Call(call.ID()).State())
	})
}

// A phone that may ring already is never rung again.
func TestA500AfterTheEffectRingsOnePhoneOnce(t *testing.T) {
	inVirtualTime(t, statefulclient.Limits{}, func(t *testing.T, r *rig) {
		adele := r.platform.AddPerson("Adele Vance")
		adele.WhenCalled(simulator.LetsRing)
		r.platform.FailAfterEffect(1)
		_, err := r.client.Calls().Add(r.context(), resources.Call{
			Targets: []resources.InvitationParticipantInfo{{Identity: &resources.IdentitySet{User: &resources.Identity{ID: adele.ID}}}},
		})
		var failure *transport.Error
		require.ErrorAs(t, err, &failure)
		require.True(t, failure.EffectUnknown)
		passTime(10 * time.Second)
		require.Equal(t, 1, adele.Rings())
	})
}

// Whether the platform took an answer that it did not confirm, the call tells.
func TestAnAnswerOfUnknownEffectIsToldByTheCall(t *testing.T) {
	for _, taken := range []bool{true, false} {
		inVirtualTime(t, statefulclient.Limits{}, func(t *testing.T, r *rig) {
			answered, became := make(chan error, 1), make(chan error, 1)
			r.client.Calls().OnIncoming(func(ctx context.Context, e statefulclient.IncomingCall) {
				answered <- e.Call.Answer(ctx, statefulclient.AnswerOptions{})
				became <- e.Call.WaitFor(r.context(), resources.CallStateEstablished)
			})
			r.platform.FailNext(simulator.Failure{Path: "/answer", Status: http.StatusInternalServerError, AfterEffect: taken})
			r.platform.AddPerson("Adele Vance").Call(r.bot)
			failure, ok := errors.AsType[*transport.Error](<-answered)
			require.True(t, ok)
			require.True(t, failure.EffectUnknown)
			if taken {
				require.NoError(t, <-became)
			} else {
				require.ErrorIs(t, <-became, statefulclient.ErrCallEnded)
			}
		})
	}
}

// A crowd in motion, lossless and in order, ends as the platform has it.
func TestACrowdInMotionIsFollowed(t *testing.T) {
	inVirtualTime(t, statefulclient.Limits{}, func(t *testing.T, r *rig) {
		meeting := r.platform.AddMeeting(simulator.Meeting{})
		meeting.Crowd(10_000)
		call := r.joinByDelta(meeting)
		churn := meeting.Churn(1, 20)
		passTime(20 * time.Second)
		churn.Stop()
		require.NoError(t, r.platform.WaitIdle(r.context()))
		synctest.Wait()
		require.EqualValues(t, 400, churn.Changes())
		var want, got []string
		for _, p := range meeting.Participants() {
			want = append(want, inShort(&p))
		}
		for p := range call.Participants().All() {
			got = append(got, inShort(p.Resource()))
		}
		slices.Sort(want)
		slices.Sort(got)
		require.Equal(t, want, got)
	})
}

func (r *rig) joinByDelta(meeting *simulator.Meeting) *statefulclient.Call {
	r.t.Helper()
	join, err := statefulclient.ParseJoinURL(meeting.JoinURL())
	require.NoError(r.t, err)
	join.CallOptions = &resources.CallOptions{IsDeltaRosterEnabled: true}
	call, err := r.client.Calls().Join(r.context(), join)
	require.NoError(r.t, err)
	require.NoError(r.t, call.WaitFor(r.context(), resources.CallStateEstablished))
	return call
}

// inShort is who somebody is and what they are doing.
func inShort(p *resources.Participant) string {
	text := p.ID
	if p.IsMuted {
		text += " muted"
	}
	for _, stream := range p.MediaStreams {
		text += " " + string(stream.MediaType) + " " + string(stream.Direction)
	}
	return text
}
