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
	roster := resources.Participants{}
	if !r.call.isPeer() {
		roster = r.call.spelledOut()
		roster = roster[:min(len(roster), r.platform.options.RosterLimit)]
	}
	return r.replyList("/participants", roster)
}

// getParticipant serves GET …/participants/{id}.
func getParticipant(r *request) (reply, *refusal) {
	r.platform.mu.Lock()
	defer r.platform.mu.Unlock()
	wanted := resources.Key(r.ids["participant"])
	for _, entry := range r.call.spelledOut() {
		if resources.Key(entry.ID) == wanted {
			entry.SetProperty("@odata.context", r.context("communications/calls('"+r.call.id+"')/participants/$entity"))
			return respond(http.StatusOK, &entry)
		}
	}
	return reply{}, participantNotFound()
}

// spelledOut is the roster as replies have it: the kinds of identity a
// participant does not have are null.
func (c *Call) spelledOut() resources.Participants {
	entries := c.conversation.rosterFor(c)
	for i := range entries {
		entries[i].Info.Identity = spelledOutIdentity(entries[i].Info.Identity)
	}
	return entries
}

func spelledOutIdentity(known *resources.IdentitySet) *resources.IdentitySet {
	spelled := fresh[resources.IdentitySet](identityText)
	spelled.User, spelled.Application, spelled.Phone = known.User, known.Application, known.Phone
	spelled.Guest, spelled.ApplicationInstance = known.Guest, known.ApplicationInstance
	return spelled
}
