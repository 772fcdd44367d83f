package statefulclient

import (
	"bytes"
	"strings"

	"github.com/graphcalls/graphcalls-go/resources"
)

// UserIdentity is a user of the tenant, by their object id.
func UserIdentity(id string) resources.IdentitySet {
	return resources.IdentitySet{User: &resources.Identity{ID: id}}
}

// ApplicationIdentity is another bot, by its app id.
func ApplicationIdentity(id string) resources.IdentitySet {
	return resources.IdentitySet{Application: &resources.Identity{ID: id}}
}

// ApplicationInstanceIdentity is a bot's application instance, by its object id:
// its account in a tenant, which telephone numbers are assigned to.
func ApplicationInstanceIdentity(id string) resources.IdentitySet {
	return resources.IdentitySet{ApplicationInstance: &resources.Identity{ID: id}}
}

// PhoneIdentity is a telephone by its number, in the form +14255550123.
// Calling one needs the bot's application instance as the call's Source.
func PhoneIdentity(number string) resources.IdentitySet {
	return resources.IdentitySet{Phone: &resources.Identity{ID: number}}
}

// AzureCommunicationUserIdentity is a user of Azure Communication Services.
func AzureCommunicationUserIdentity(id string) resources.IdentitySet {
	return resources.IdentitySet{AzureCommunicationServicesUser: &resources.Identity{ID: id}}
}

// GuestIdentity is somebody without an account, by the name to show. A bot
// joins as one: JoinMeeting.GuestName makes it the call's Source, with an id of
// its own. As a target it is a guest whom the platform has named by that id.
func GuestIdentity(id, displayName string) resources.IdentitySet {
	return resources.IdentitySet{Guest: &resources.Identity{ID: id, DisplayName: displayName}}
}

// OnPremisesIdentity is a user of an organization's own Skype for Business
// servers.
func OnPremisesIdentity(id string) resources.IdentitySet {
	return resources.IdentitySet{OnPremises: &resources.Identity{ID: id}}
}

// CallTo is a call to one identity, or a group call to several, to be placed
// with Calls.Add.
func CallTo(tenantID string, targets ...resources.IdentitySet) resources.Call {
	call := resources.Call{TenantID: tenantID}
	for _, target := range targets {
		call.Targets = append(call.Targets, Invitation(target))
	}
	return call
}

// Invitation is to bring somebody into a call, with Participants.Invite. Set its
// ReplacesCallID where they are in a call already that is to be replaced.
func Invitation(identity resources.IdentitySet) resources.InvitationParticipantInfo {
	return resources.InvitationParticipantInfo{Identity: &identity}
}

// CallToPhone is a call to a telephone, placed as the bot's application
// instance.
func CallToPhone(tenantID, number, applicationInstanceID string) resources.Call {
	call := CallTo(tenantID, PhoneIdentity(number))
	source := ApplicationInstanceIdentity(applicationInstanceID)
	call.Source = &resources.ParticipantInfo{Identity: &source}
	return call
}

// checkTargets finds what the platform would refuse with an error that says
// little.
func checkTargets(call *resources.Call) error {
	for i := range call.Targets {
		identity := call.Targets[i].Identity
		if err := checkTarget(identity, i); err != nil {
			return err
		}
		byInstance := call.Source != nil && call.Source.Identity != nil && call.Source.Identity.ApplicationInstance != nil
		if identity.Phone != nil && !byInstance {
			return invalid("target %d is a telephone, which only an application instance can call: use CallToPhone", i)
		}
	}
	return nil
}

// checkTarget checks that the identity names one whom the platform can reach.
// Kinds of identity that this package does not know are the caller's affair.
func checkTarget(identity *resources.IdentitySet, i int) error {
	if identity == nil {
		return invalid("target %d has no Identity: say who it is, for instance with UserIdentity", i)
	}
	kinds := kindsOf(identity)
	switch {
	case len(kinds) == 0:
		return invalid("target %d has an Identity that names nobody: say who it is, for instance with UserIdentity", i)
	case len(kinds) > 1:
		return invalid("target %d has %d identities, %s: leave the one to reach it by", i, len(kinds), strings.Join(kinds, " and "))
	case identity.Encrypted != nil || identity.AssertedIdentity != nil:
		return invalid("target %d is known by its %s identity alone, by which nobody can be reached", i, kinds[0])
	case identity.Phone != nil && !strings.HasPrefix(identity.Phone.ID, "+"):
		return invalid("target %d: a telephone number must begin with + and the country's code", i)
	}
	for kind, one := range identity.All() {
		if one.ID == "" {
			return invalid("target %d has a %s identity without an ID", i, kind)
		}
	}
	return nil
}

// kindsOf names the identities there are, those of unknown kinds too.
func kindsOf(identity *resources.IdentitySet) []string {
	var kinds []string
	for kind := range identity.All() {
		kinds = append(kinds, kind)
	}
	for name, value := range identity.Properties() {
		if bytes.HasPrefix(value, []byte("{")) {
			kinds = append(kinds, name)
		}
	}
	return kinds
}
