package simulator

import (
	"cmp"
	"encoding/json"
	"net/http"

	"github.com/graphcalls/graphcalls-go/resources"
)

type answerBody struct {
	CallbackURI string          `json:"callbackUri"`
	MediaConfig json.RawMessage `json:"mediaConfig"`
	Capacity    int             `json:"participantCapacity"`
	CallOptions struct {
		DeltaRoster bool `json:"isDeltaRosterEnabled"`
		Sharing     bool `json:"isContentSharingNotificationEnabled"`
		Hide        bool `json:"hideBotAfterEscalation"`
	} `json:"callOptions"`
}

// answerCall serves POST …/answer.
func answerCall(r *request) (reply, *refusal) {
	var body answerBody
	if why := r.parse(&body); why != nil {
		return reply{}, why
	}
	if why := r.checkCallback(body.CallbackURI, false); why != nil {
		return reply{}, why
	}
	asked, err := resources.Decode[resources.Call]([]byte(`{"mediaConfig":` + string(body.MediaConfig) + `}`))
	if err != nil || asked.MediaConfig == nil {
		return reply{}, badRequest("mediaConfig must be given.")
	}
	if why := r.permit(asked.MediaConfig, append(allPermissions(), permissionJoinChat)...); why != nil {
		return reply{}, why
	}
	call := r.call
	r.platform.mu.Lock()
	defer r.platform.mu.Unlock()
	if why := call.awaitsAnswer(); why != nil {
		return reply{}, why
	}
	call.answered = true
	call.media = asked.MediaConfig
	if call.observation != nil {
		call.observation.capacity = max(body.Capacity, 1)
	}
	call.wantsSharing, call.hides = body.CallOptions.Sharing, body.CallOptions.Hide
	if body.CallOptions.DeltaRoster {
		call.delta = newDeltaRoster()
	}
	call.callbackURI = cmp.Or(body.CallbackURI, call.callbackURI)
	call.window.stop()
	call.expect()
	call.outbox.cork()
	call.connectCaller()
	return reply{status: http.StatusAccepted, then: call.outbox.uncork}, nil
}

// awaitsAnswer is called with platform.mu held.
func (c *Call) awaitsAnswer() *refusal {
	switch c.state {
	case resources.CallStateIncoming:
		return nil
	case resources.CallStateTerminated:
		return callNotFound()
	default:
		return badRequest("The call is not an incoming call that awaits an answer.")
	}
}

type rejectBody struct {
	Reason      string `json:"reason"`
	CallbackURI string `json:"callbackUri"`
}

// rejectCall serves POST …/reject. The notification that follows names the
// call and nothing else.
func rejectCall(r *request) (reply, *refusal) {
	var body rejectBody
	if why := r.parse(&body); why != nil {
		return reply{}, why
	}
	if why := r.checkCallback(body.CallbackURI, false); why != nil {
		return reply{}, why
	}
	reason := canonicalReason(body.Reason)
	if !resources.Known(reason) {
		return reply{}, badRequest("reason must be none, busy or forbidden.")
	}
	call := r.call
	r.platform.mu.Lock()
	defer r.platform.mu.Unlock()
	if why := call.awaitsAnswer(); why != nil {
		return reply{}, why
	}
	call.callbackURI = cmp.Or(body.CallbackURI, call.callbackURI)
	call.rejected = reason
	call.outbox.cork()
	call.leave(nil)
	gone := &resources.Call{}
	path := resources.Path{CallID: call.id}
	name, err := json.Marshal(path.String())
	if err == nil {
		gone.SetProperty("@odata.id", name)
	}
	call.tell(resources.ChangeTypeDeleted, gone)
	return reply{status: http.StatusAccepted, then: call.outbox.uncork}, nil
}
