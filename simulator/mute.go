package simulator

import (
	"net/http"

	"github.com/graphcalls/graphcalls-go/resources"
)

// muteSelf serves POST …/mute.
func muteSelf(r *request, clientContext string) (reply, *refusal) {
	operation := &resources.MuteParticipantOperation{}
	operation.SetProperty("@odata.context", r.context("muteParticipantOperation"))
	return r.changeMute(operation, clientContext, true)
}

// unmuteSelf serves POST …/unmute.
func unmuteSelf(r *request, clientContext string) (reply, *refusal) {
	operation := &resources.UnmuteParticipantOperation{}
	operation.SetProperty("@odata.context", r.context("unmuteParticipantOperation"))
	return r.changeMute(operation, clientContext, false)
}

func (r *request) changeMute(operation resources.Operation, clientContext string, muted bool) (reply, *refusal) {
	if why := r.call.isGroup(); why != nil {
		return reply{}, why
	}
	return r.replyAndAnnounce(http.StatusOK, operation, clientContext, func() {
		r.call.seat.muted, r.call.seat.serverMuted = muted, false
	}, r.call.seat)
}

// replyAndAnnounce answers an action that is done at once, and then tells
// everybody what it did to the roster: to those named, or to anybody. Callers
// hold platform.mu.
func (r *request) replyAndAnnounce(status int, operation resources.Operation, clientContext string, change func(), changed ...*member) (reply, *refusal) {
	call := r.call
	return r.replyThen(status, call.finishedOperation(operation, clientContext), func() {
		change()
		if len(changed) > 0 {
			call.conversation.announce(changed...)
		} else {
			call.conversation.announceAll()
		}
	})
}

// isGroup checks that the call is one with a roster; callers hold platform.mu.
func (c *Call) isGroup() *refusal {
	if why := c.isEstablished(); why != nil {
		return why
	}
	if c.isPeer() {
		return badRequest("This action is for group calls only.")
	}
	return nil
}
