package statefulclient

import (
	"context"

	"github.com/graphcalls/graphcalls-go/resources"
)

type transcriptionRequest struct {
	operationRequest
	Language string `json:"language"`
}

// StartTranscription has the platform write down what is said in the meeting,
// in a language such as "en-US"; "" leaves that to the platform. The call's
// Transcription tells how it stands.
//
// Beta: only Graph's beta endpoint has this action, to which it goes whatever
// version the service base URL names. Nothing but its name is documented; it
// may change or go.
func (c *Call) StartTranscription(ctx context.Context, language string) (*Operation[*resources.StartTranscriptionOperation], error) {
	return startOperation[resources.StartTranscriptionOperation](ctx, c, beta, "startTranscription", func(mark string) any {
		return &transcriptionRequest{operationRequest{ClientContext: mark}, language}
	})
}

// StopTranscription ends what StartTranscription began.
//
// Beta: as StartTranscription.
func (c *Call) StopTranscription(ctx context.Context) (*Operation[*resources.StopTranscriptionOperation], error) {
	return startOperation[resources.StopTranscriptionOperation](ctx, c, beta, "stopTranscription", bare)
}
