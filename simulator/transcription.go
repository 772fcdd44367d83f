package simulator

import (
	"net/http"

	"github.com/graphcalls/graphcalls-go/resources"
)

// startRecording serves POST …/startRecording, of which only the name is
// documented, as of the other actions here. The bot's own roster entry says
// what became of it.
func startRecording(r *request) (reply, *refusal) {
	return r.changeMeetingRecording(&resources.StartRecordingOperation{}, resources.RecordingStatusRecording)
}

// stopRecording serves POST …/stopRecording.
func stopRecording(r *request) (reply, *refusal) {
	return r.changeMeetingRecording(&resources.StopRecordingOperation{}, resources.RecordingStatusNotRecording)
}

func (r *request) changeMeetingRecording(operation resources.Operation, status resources.RecordingStatus) (reply, *refusal) {
	clientContext, why := r.clientContext()
	if why != nil {
		return reply{}, why
	}
	call := r.call
	r.platform.mu.Lock()
	defer r.platform.mu.Unlock()
	if why := call.isGroup(); why != nil {
		return reply{}, why
	}
	return r.replyAndAnnounce(http.StatusOK, operation, clientContext, func() {
		call.recordingNow = status
		call.seat.recording = &resources.RecordingInfo{RecordingStatus: status, Initiator: call.bot.identity()}
	})
}

// startTranscription serves POST …/startTranscription. The call says what
// became of it.
func startTranscription(r *request) (reply, *refusal) {
	return r.changeTranscription(&resources.StartTranscriptionOperation{}, resources.CallTranscriptionStateActive)
}

// stopTranscription serves POST …/stopTranscription.
func stopTranscription(r *request) (reply, *refusal) {
	return r.changeTranscription(&resources.StopTranscriptionOperation{}, resources.CallTranscriptionStateInactive)
}

func (r *request) changeTranscription(operation resources.Operation, state resources.CallTranscriptionState) (reply, *refusal) {
	clientContext, why := r.clientContext()
	if why != nil {
		return reply{}, why
	}
	call := r.call
	r.platform.mu.Lock()
	defer r.platform.mu.Unlock()
	if why := call.isGroup(); why != nil {
		return reply{}, why
	}
	answer, why := r.replyDone(http.StatusOK, operation, clientContext)
	call.outbox.cork()
	call.transcription = &resources.CallTranscriptionInfo{State: state, LastModifiedDateTime: r.platform.clock.now()}
	call.tell(resources.ChangeTypeUpdated, &resources.Call{State: call.state, Transcription: call.transcription})
	answer.then = call.outbox.uncork
	return answer, why
}
