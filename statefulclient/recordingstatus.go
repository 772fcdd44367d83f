package statefulclient

import (
	"context"

	"github.com/graphcalls/graphcalls-go/resources"
)

// CancelMediaProcessing stops what plays and records, and what is queued. Each
// operation stopped fails with 400/8508. It returns when the platform has taken
// that on; where it did not the error is an *OperationError.
//
// See https://learn.microsoft.com/graph/api/call-cancelmediaprocessing.
func (c *Call) CancelMediaProcessing(ctx context.Context) error {
	return perform[resources.CancelMediaProcessingOperation](ctx, c, ordinary, "cancelMediaProcessing", bare)
}

type screenSharingRequest struct {
	resources.Wire
	Role resources.ScreenSharingRole `json:"role"`
}

// ChangeScreenSharingRole makes the bot share its screen, or stop. It needs a
// group call with app-hosted media; the roster tells how it came out.
//
// See https://learn.microsoft.com/graph/api/call-changescreensharingrole.
func (c *Call) ChangeScreenSharingRole(ctx context.Context, role resources.ScreenSharingRole) error {
	if !resources.Known(role) {
		return invalid("%q is no screen sharing role; use ScreenSharingRoleViewer or ScreenSharingRoleSharer", role)
	}
	_, err := c.act(ctx, "changeScreenSharingRole", &screenSharingRequest{Role: role})
	return err
}

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

// AddLargeGalleryView asks for a stream that shows many participants at once.
// It shows in the roster as an application of the type LargeGallery.
//
// See https://learn.microsoft.com/graph/api/call-addlargegalleryview.
func (c *Call) AddLargeGalleryView(ctx context.Context) (*Operation[*resources.AddLargeGalleryViewOperation], error) {
	return startOperation[resources.AddLargeGalleryViewOperation](ctx, c, "addLargeGalleryView", bare)
}
