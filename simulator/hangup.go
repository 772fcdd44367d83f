package simulator

import (
	"net/http"

	"github.com/graphcalls/graphcalls-go/resources"
)

// hangUp serves DELETE of a call.
func hangUp(r *request) (reply, *refusal) {
	call := r.call
	r.platform.mu.Lock()
	defer r.platform.mu.Unlock()
	if call.over() {
		return reply{}, callNotFound()
	}
	call.outbox.cork()
	call.enterState(resources.CallStateTerminating)
	call.finish(result(200, 7000, "The conversation has ended by bot."))
	return reply{status: http.StatusNoContent, then: call.outbox.uncork}, nil
}

// keepAlive serves POST …/keepAlive.
func keepAlive(r *request) (reply, *refusal) {
	call := r.call
	r.platform.mu.Lock()
	defer r.platform.mu.Unlock()
	if call.over() {
		return reply{}, callNotFound()
	}
	call.keepAlives++
	call.expect()
	return reply{status: http.StatusOK, contentType: "text/plain"}, nil
}

// getCall serves GET of a call.
func getCall(r *request) (reply, *refusal) {
	r.platform.mu.Lock()
	defer r.platform.mu.Unlock()
	return respond(http.StatusOK, r.describe(r.call, "communications/calls/$entity"))
}
