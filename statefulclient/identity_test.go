package statefulclient_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

func TestEveryKindOfIdentityCanBeCalled(t *testing.T) {
	for wire, identity := range map[string]resources.IdentitySet{
		`{"user":{"id":"i"}}`:                             statefulclient.UserIdentity("i"),
		`{"application":{"id":"i"}}`:                      statefulclient.ApplicationIdentity("i"),
		`{"applicationInstance":{"id":"i"}}`:              statefulclient.ApplicationInstanceIdentity("i"),
		`{"phone":{"id":"+14255550123"}}`:                 statefulclient.PhoneIdentity("+14255550123"),
		`{"azureCommunicationServicesUser":{"id":"i"}}`:   statefulclient.AzureCommunicationUserIdentity("i"),
		`{"guest":{"id":"i","displayName":"Front desk"}}`: statefulclient.GuestIdentity("i", "Front desk"),
		`{"onPremises":{"id":"i"}}`:                       statefulclient.OnPremisesIdentity("i"),
	} {
		d := newDocumentedRig(t, statefulclient.Limits{})
		d.service.replyWith(`{"id":"c1","state":"establishing"}`)
		call := statefulclient.CallTo("", identity)
		source := statefulclient.ApplicationInstanceIdentity(instance)
		call.Source = &resources.ParticipantInfo{Identity: &source}
		_, err := d.client.Calls().Add(d.context(), call)
		require.NoError(t, err, wire)
		d.requireSent("/v1.0/communications/calls", `{"callbackUri":"`+documentedCallback+`","requestedModalities":["audio"],
			"mediaConfig":{"@odata.type":"#microsoft.graph.serviceHostedMediaConfig"},
			"source":{"identity":{"applicationInstance":{"id":"`+instance+`"}}},
			"targets":[{"@odata.type":"#microsoft.graph.invitationParticipantInfo","identity":`+wire+`}]}`)
	}
}

// TestTargetsHaveOneIdentity goes through all that asks for somebody to reach.
func TestTargetsHaveOneIdentity(t *testing.T) {
	r := newRig(t)
	call := r.live("c1")
	someone := &resources.Identity{ID: "i"}
	annotated, twofold := statefulclient.UserIdentity("i"), statefulclient.UserIdentity("i")
	annotated.SetProperty("@odata.type", resources.Raw(`"#microsoft.graph.communicationsIdentitySet"`))
	annotated.SetProperty("hue", resources.Raw(`null`))
	twofold.SetProperty("hologram", resources.Raw(`{"id":"h"}`))
	for text, target := range map[string]resources.IdentitySet{
		"names nobody":                       {},
		"2 identities, user and application": {User: someone, Application: someone},
		"2 identities, user and hologram":    twofold,
		"known by its encrypted identity":    {Encrypted: someone},
		"known by its assertedIdentity":      {AssertedIdentity: someone},
		"begin with +":                       statefulclient.PhoneIdentity("04255550123"),
		"user identity without an ID":        statefulclient.UserIdentity(""),
	} {
		placing := statefulclient.CallTo("t", target)
		for _, err := range []error{
			second(r.client.Calls().Add(r.context(), placing)),
			second(call.Participants().Invite(r.context(), resources.InvitationParticipantInfo{Identity: &target})),
			second(call.Transfer(r.context(), target, statefulclient.TransferOptions{})),
			call.Redirect(r.context(), statefulclient.RedirectOptions{}, target),
		} {
			require.ErrorIs(t, err, statefulclient.ErrInvalid, text)
			require.ErrorContains(t, err, text)
		}
	}
	require.ErrorContains(t, second(call.Participants().Invite(r.context(), resources.InvitationParticipantInfo{})), "target 0 has no Identity")
	require.Zero(t, r.platform.Stats().Requests)

	unknown := resources.IdentitySet{}
	unknown.SetProperty("hologram", resources.Raw(`{"id":"h"}`))
	d := newDocumentedRig(t, statefulclient.Limits{})
	d.service.replyWith(`{"id":"c1","state":"establishing"}`)
	for _, target := range []resources.IdentitySet{annotated, unknown} {
		_, err := d.client.Calls().Add(d.context(), statefulclient.CallTo("", target))
		require.NoError(t, err, "kinds of identity yet to come are the caller's affair")
	}
}
