package simulator

import (
	"net/http"

	"github.com/graphcalls/graphcalls-go/resources"
)

// listParticipants serves GET …/participants. A call of two has an empty list,
// as on Teams.
func listParticipants(r *request) (reply, *refusal) {
	r.platform.mu.Lock()
	defer r.platform.mu.Unlock()
	list := &resources.Unknown{}
	list.SetProperty("@odata.context", r.context("communications/calls('"+r.call.id+"')/participants"))
	value := resources.Raw("[]")
	if r.call.conversation.kind != peerConversation {
		encoded, err := resources.Encode(r.call.conversation.spelledOut())
		if err != nil {
			return reply{}, &refusal{http.StatusInternalServerError, "generalException", "The roster could not be written."}
		}
		value = encoded
	}
	list.SetProperty("value", value)
	return respond(http.StatusOK, list)
}

// getParticipant serves GET …/participants/{id}.
func getParticipant(r *request) (reply, *refusal) {
	r.platform.mu.Lock()
	defer r.platform.mu.Unlock()
	wanted := resources.Key(r.ids["participant"])
	for _, entry := range r.call.conversation.spelledOut() {
		if resources.Key(entry.ID) == wanted {
			entry.SetProperty("@odata.context", r.context("communications/calls('"+r.call.id+"')/participants/$entity"))
			return respond(http.StatusOK, &entry)
		}
	}
	return reply{}, &refusal{http.StatusNotFound, "NotFound", "Participant not found."}
}

// spelledOut is the roster as replies have it: the kinds of identity a
// participant does not have are null.
func (c *conversation) spelledOut() resources.Participants {
	entries := c.roster()
	for i := range entries {
		known := entries[i].Info.Identity
		spelled := fresh[resources.IdentitySet](identityText)
		spelled.User, spelled.Application = known.User, known.Application
		entries[i].Info = &resources.ParticipantInfo{Identity: spelled}
	}
	return entries
}
