package simulator

import (
	"net/http"

	"github.com/graphcalls/graphcalls-go/resources"
)

// startRecording serves POST …/startRecording, of which only the name is
// documented, as of the other actions here. The bot's own roster entry says
// what became of it.
func startRecording(r *request, clientContext string) (reply, *refusal) {
	return r.changeMeetingRecording(&resources.StartRecordingOperation{}, clientContext, resources.RecordingStatusRecording)
}

// stopRecording serves POST …/stopRecording.
func stopRecording(r *request, clientContext string) (reply, *refusal) {
	return r.changeMeetingRecording(&resources.StopRecordingOperation{}, clientContext, resources.RecordingStatusNotRecording)
}

func (r *request) changeMeetingRecording(operation resources.Operation, clientContext string, status resources.RecordingStatus) (reply, *refusal) {
	call := r.call
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
func startTranscription(r *request, clientContext string) (reply, *refusal) {
	return r.changeTranscription(&resources.StartTranscriptionOperation{}, clientContext, resources.CallTranscriptionStateActive)
}

// stopTranscription serves POST …/stopTranscription.
func stopTranscription(r *request, clientContext string) (reply, *refusal) {
	return r.changeTranscription(&resources.StopTranscriptionOperation{}, clientContext, resources.CallTranscriptionStateInactive)
}

func (r *request) changeTranscription(operation resources.Operation, clientContext string, state resources.CallTranscriptionState) (reply, *refusal) {
	call := r.call
	if why := call.isGroup(); why != nil {
		return reply{}, why
	}
	return r.replyThen(http.StatusOK, call.finishedOperation(operation, clientContext), func() {
		call.transcription = &resources.CallTranscriptionInfo{State: state, LastModifiedDateTime: r.platform.clock.now()}
		call.tell(resources.ChangeTypeUpdated, &resources.Call{State: call.state, Transcription: call.transcription})
	})
}
