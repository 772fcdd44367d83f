package simulator

import (
	"net/http"

	"github.com/graphcalls/graphcalls-go/resources"
)

type holdBody struct {
	ClientContext string       `json:"clientContext"`
	CustomPrompt  *promptEntry `json:"customPrompt"`
}

// startHoldMusic serves POST …/participants/{id}/startHoldMusic.
func startHoldMusic(r *request) (reply, *refusal) {
	var body holdBody
	if why := r.parse(&body); why != nil {
		return reply{}, why
	}
	if why := checkClientContext(body.ClientContext); why != nil {
		return reply{}, why
	}
	if body.CustomPrompt != nil {
		if why := body.CustomPrompt.check(r); why != nil {
			return reply{}, why
		}
	}
	call := r.call
	r.platform.mu.Lock()
	defer r.platform.mu.Unlock()
	m, why := r.findMember()
	if why != nil {
		return reply{}, why
	}
	if call.conversation.plays() {
		return reply{}, badRequest("Only one participant can be on hold at a time.")
	}
	op := call.startOperation(&resources.StartHoldMusicOperation{}, body.ClientContext)
	return r.replyThen(http.StatusAccepted, op, func() {
		m.held, m.music = true, true
		call.endOperation(op, nil)
		call.conversation.announce(m)
	})
}

// plays says whether anybody is held to music; callers hold platform.mu.
func (c *conversation) plays() bool {
	for m := range c.members.all() {
		if m.music {
			return true
		}
	}
	return false
}

// stopHoldMusic serves POST …/participants/{id}/stopHoldMusic.
func stopHoldMusic(r *request, clientContext string) (reply, *refusal) {
	m, why := r.findMember()
	if why != nil {
		return reply{}, why
	}
	if !m.music {
		return reply{}, badRequest("The participant is not on hold.")
	}
	operation := fresh[resources.StopHoldMusicOperation](stopHoldText)
	return r.replyAndAnnounce(http.StatusAccepted, operation, clientContext, func() { m.held, m.music = false, false }, m)
}
