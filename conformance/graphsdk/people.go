package main

import (
	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"github.com/graphcalls/graphcalls-go/simulator"
)

// Models of who calls and is called, as the client has them filled in.

func identity(id string) models.Identityable {
	someone := models.NewIdentity()
	someone.SetId(&id)
	return someone
}

func user(person *simulator.Person) models.IdentitySetable {
	set := models.NewIdentitySet()
	set.SetUser(identity(person.ID))
	return set
}

func phone(number string) models.IdentitySetable {
	set := models.NewCommunicationsIdentitySet()
	set.SetPhone(identity(number))
	return set
}

func invitation(of models.IdentitySetable) models.InvitationParticipantInfoable {
	invited := models.NewInvitationParticipantInfo()
	invited.SetOdataType(new("#microsoft.graph.invitationParticipantInfo"))
	invited.SetIdentity(of)
	return invited
}

func invitations(people ...*simulator.Person) []models.InvitationParticipantInfoable {
	var list []models.InvitationParticipantInfoable
	for _, person := range people {
		list = append(list, invitation(user(person)))
	}
	return list
}

// userID is the id of the user in an identity set, empty when there is none.
func userID(set models.IdentitySetable) string {
	if set == nil || set.GetUser() == nil {
		return ""
	}
	return value(set.GetUser().GetId())
}
