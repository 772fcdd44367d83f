package simulator

import (
	"net/http"
	"strconv"

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

// spelledOut is the roster as replies have it: what there is nothing to say
// about is null, and who is described has an id there as well.
func (c *Call) spelledOut() resources.Participants {
	entries := c.conversation.rosterFor(c)
	for i := range entries {
		info := spelledOut(infoText, entries[i].Info)
		info.Identity = spelledOut(identityText, info.Identity)
		info.SetProperty("id", resources.Raw(strconv.Quote(entries[i].ID)))
		entries[i] = *spelledOut(entryText, &entries[i])
		entries[i].Info = info
	}
	return entries
}
