package statefulclient

import (
	"strings"

	"github.com/graphcalls/graphcalls-go/resources"
)

// UserIdentity is a user of the tenant.
func UserIdentity(id string) resources.IdentitySet {
	return resources.IdentitySet{User: &resources.Identity{ID: id}}
}

// ApplicationIdentity is another bot.
func ApplicationIdentity(id string) resources.IdentitySet {
	return resources.IdentitySet{Application: &resources.Identity{ID: id}}
}

// ApplicationInstanceIdentity is a bot's application instance: its account in
// a tenant, which telephone numbers are assigned to.
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

// CallTo is a call to one identity, or a group call to several, to be placed
// with Calls.Add.
func CallTo(tenantID string, targets ...resources.IdentitySet) resources.Call {
	call := resources.Call{TenantID: tenantID}
	for i := range targets {
		call.Targets = append(call.Targets, resources.InvitationParticipantInfo{Identity: &targets[i]})
	}
	return call
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
		switch {
		case identity == nil:
			return invalid("target %d has no Identity: say whom to call, for instance with CallTo and UserIdentity", i)
		case identity.Phone == nil:
		case !strings.HasPrefix(identity.Phone.ID, "+"):
			return invalid("target %d: a telephone number must begin with + and the country's code", i)
		case call.Source == nil || call.Source.Identity == nil || call.Source.Identity.ApplicationInstance == nil:
			return invalid("target %d is a telephone, which only an application instance can call: use CallToPhone", i)
		}
	}
	return nil
}
