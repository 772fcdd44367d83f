package simulator

import (
	"net/http"

	"github.com/graphcalls/graphcalls-go/resources"
)

// updateRecordingStatus serves POST …/updateRecordingStatus, which only a bot
// that was called to record by policy may ask for.
func updateRecordingStatus(r *request) (reply, *refusal) {
	var body struct {
		Status        string `json:"status"`
		ClientContext string `json:"clientContext"`
	}
	if why := r.parse(&body); why != nil {
		return reply{}, why
	}
	if why := checkClientContext(body.ClientContext); why != nil {
		return reply{}, why
	}
	status, ok := recordingStatusNamed(body.Status)
	if !ok {
		return reply{}, badRequest("status must be notRecording, recording or failed.")
	}
	call := r.call
	r.platform.mu.Lock()
	defer r.platform.mu.Unlock()
	switch {
	case call.over():
		return reply{}, callNotFound()
	case call.observation == nil:
		return reply{}, &refusal{http.StatusBadRequest, "8506", "The call is not one to be recorded."}
	}
	operation := fresh[resources.UpdateRecordingStatusOperation](statusText)
	return r.replyAndAnnounce(http.StatusOK, operation, body.ClientContext, func() { call.setRecording(status) })
}
