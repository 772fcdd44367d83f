package simulator

import (
	"net/http"
	"slices"

	"github.com/graphcalls/graphcalls-go/resources"
)

func participantNotFound() *refusal {
	return &refusal{http.StatusNotFound, "NotFound", "Participant not found."}
}

// findMember finds the participant a request is about; callers hold
// platform.mu.
func (r *request) findMember() (*member, *refusal) {
	if r.call.over() {
		return nil, callNotFound()
	}
	if m := r.call.conversation.memberNamed(r.ids["participant"]); m != nil {
		return m, nil
	}
	return nil, participantNotFound()
}

// removeParticipant serves DELETE …/participants/{id}: of somebody who is in
// the call, or is being invited.
func removeParticipant(r *request) (reply, *refusal) {
	call := r.call
	r.platform.mu.Lock()
	defer r.platform.mu.Unlock()
	m, why := r.findMember()
	pending := call.pendingInvite(r.ids["participant"])
	if why != nil && pending == nil {
		return reply{}, why
	}
	call.outbox.cork()
	if m != nil {
		call.conversation.remove(m)
	} else if pending.settle() {
		pending.refused(calledOff)
	}
	return reply{status: http.StatusNoContent, then: call.outbox.uncork}, nil
}

// remove puts a participant out; callers hold platform.mu.
func (c *conversation) remove(m *member) {
	switch {
	case m.person != nil:
		m.person.depart()
	case m.call != nil:
		m.call.finish(removedByAnother())
	default:
		c.exit(m)
		c.announce()
	}
}

// muteParticipant serves POST …/participants/{id}/mute.
func muteParticipant(r *request, clientContext string) (reply, *refusal) {
	m, why := r.findMember()
	if why != nil {
		return reply{}, why
	}
	operation := &resources.MuteParticipantOperation{}
	operation.SetProperty("@odata.context", r.context("muteParticipantOperation"))
	return r.replyAndAnnounce(http.StatusOK, operation, clientContext, m.silence, m)
}

func (m *member) silence() { m.muted, m.serverMuted = true, true }

type muteAllBody struct {
	Participants  []string `json:"participants"`
	ClientContext string   `json:"clientContext"`
}

// muteAll serves POST …/participants/muteAll: those named, or everybody but
// the bot.
func muteAll(r *request) (reply, *refusal) {
	var body muteAllBody
	if why := r.parse(&body); why != nil {
		return reply{}, why
	}
	if why := checkClientContext(body.ClientContext); why != nil {
		return reply{}, why
	}
	call := r.call
	r.platform.mu.Lock()
	defer r.platform.mu.Unlock()
	if why := call.isGroup(); why != nil {
		return reply{}, why
	}
	muted := slices.Collect(call.conversation.members.all())
	if len(body.Participants) > 0 {
		muted = nil
	}
	for _, id := range body.Participants {
		m := call.conversation.memberNamed(id)
		if m == nil {
			return reply{}, participantNotFound()
		}
		muted = append(muted, m)
	}
	operation := &resources.MuteParticipantsOperation{Participants: body.Participants}
	return r.replyAndAnnounce(http.StatusOK, operation, body.ClientContext, func() {
		for _, m := range muted {
			if m != call.seat {
				m.silence()
			}
		}
	})
}
