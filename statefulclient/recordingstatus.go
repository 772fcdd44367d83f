package statefulclient

import (
	"context"

	"github.com/graphcalls/graphcalls-go/resources"
)

type recordingStatusRequest struct {
	operationRequest
	Status resources.RecordingStatus `json:"status"`
}

// UpdateRecordingStatus tells everybody whether the bot records, in a call that
// policy wants recorded. It returns nil when they have been told, and only then
// may media be kept. Where the platform failed to the error is an
// *OperationError; after any error, assume that nobody was told.
//
// See https://learn.microsoft.com/graph/api/call-updaterecordingstatus.
func (c *Call) UpdateRecordingStatus(ctx context.Context, status resources.RecordingStatus) error {
	switch status {
	case resources.RecordingStatusRecording, resources.RecordingStatusNotRecording, resources.RecordingStatusFailed:
	default:
		return invalid("the recording status must be recording, notRecording or failed, not %q", status)
	}
	return perform[resources.UpdateRecordingStatusOperation](ctx, c, ordinary, "updateRecordingStatus", func(mark string) any {
		return &recordingStatusRequest{operationRequest{ClientContext: mark}, status}
	})
}
