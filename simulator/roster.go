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
		roster = r.call.roster(r.platform.options.RosterLimit)
		for i := range roster {
			roster[i] = *spellOut(&roster[i])
		}
	}
	return r.replyList("/participants", roster)
}

// getParticipant serves GET …/participants/{id}.
func getParticipant(r *request) (reply, *refusal) {
	r.platform.mu.Lock()
	defer r.platform.mu.Unlock()
	m := r.call.conversation.members.named(r.ids["participant"])
	if m == nil || !r.call.sees(m) {
		return reply{}, participantNotFound()
	}
	entry := spellOut(m.participant())
	entry.SetProperty("@odata.context", r.contextInCall("/participants/$entity"))
	return respond(http.StatusOK, entry)
}

// spellOut is an entry of the roster as replies have it: what there is nothing
// to say about is null, and who is described has an id there as well.
func spellOut(entry *resources.Participant) *resources.Participant {
	info := spelledOut(infoText, entry.Info)
	info.Identity = spelledOut(identityText, info.Identity)
	info.SetProperty("id", resources.Raw(strconv.Quote(entry.ID)))
	whole := spelledOut(entryText, entry)
	whole.Info = info
	return whole
}
