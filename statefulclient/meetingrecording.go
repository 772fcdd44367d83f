package statefulclient

import (
	"context"

	"github.com/graphcalls/graphcalls-go/resources"
)

// StartRecording has the platform record the meeting, as people do from their
// client. It is not the bot's own recording: UpdateRecordingStatus tells of that,
// and RecordResponse makes one of a caller. RecordingChanged tells where the
// roster shows it.
//
// Beta: only Graph's beta endpoint has this action, to which it goes whatever
// version the service base URL names. Nothing but its name is documented; it
// may change or go.
func (c *Call) StartRecording(ctx context.Context) (*Operation[*resources.StartRecordingOperation], error) {
	return startOperation[resources.StartRecordingOperation](ctx, c, beta, "startRecording", bare)
}

// StopRecording ends what StartRecording began.
//
// Beta: as StartRecording.
func (c *Call) StopRecording(ctx context.Context) (*Operation[*resources.StopRecordingOperation], error) {
	return startOperation[resources.StopRecordingOperation](ctx, c, beta, "stopRecording", bare)
}
