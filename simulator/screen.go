package simulator

import (
	"net/http"
	"strings"

	"github.com/graphcalls/graphcalls-go/resources"
)

// changeScreenSharingRole serves POST …/changeScreenSharingRole.
func changeScreenSharingRole(r *request) (reply, *refusal) {
	var body struct {
		Role string `json:"role"`
	}
	if why := r.parse(&body); why != nil {
		return reply{}, why
	}
	role := resources.ScreenSharingRole(strings.ToLower(body.Role))
	if !resources.Known(role) {
		return reply{}, badRequest("role must be viewer or sharer.")
	}
	call := r.call
	r.platform.mu.Lock()
	defer r.platform.mu.Unlock()
	if why := call.isGroup(); why != nil {
		return reply{}, why
	}
	if _, appHosted := call.media.(*resources.AppHostedMediaConfig); !appHosted {
		return reply{}, badRequest("The media of this call is not hosted by the application.")
	}
	call.outbox.cork()
	call.seat.screen = resources.MediaDirectionReceiveOnly
	if role == resources.ScreenSharingRoleSharer {
		call.seat.screen = resources.MediaDirectionSendOnly
	}
	call.conversation.announce(call.seat)
	return reply{status: http.StatusAccepted, then: call.outbox.uncork}, nil
}
