package statefulclient

import (
	"context"

	"github.com/graphcalls/graphcalls-go/resources"
)

type holdMusicRequest struct {
	operationRequest
	CustomPrompt *resources.MediaPrompt `json:"customPrompt"`
}

// StartHoldMusic puts the participant on hold, with a sound file or, for nil,
// the platform's own music. One participant can be on hold at a time. A prompt
// whose Loop is set goes to Graph's beta endpoint, as with PlayPrompt.
//
// See https://learn.microsoft.com/graph/api/participant-startholdmusic.
func (p *Participant) StartHoldMusic(ctx context.Context, prompt *resources.MediaPrompt) (*Operation[*resources.StartHoldMusicOperation], error) {
	at := ordinary
	if prompt != nil {
		if err := checkPrompt(prompt); err != nil {
			return nil, err
		}
		at = endpointFor(prompt)
	}
	return startOperation[resources.StartHoldMusicOperation](ctx, p.call, at, p.path("startHoldMusic"), func(mark string) any {
		return &holdMusicRequest{operationRequest{ClientContext: mark}, prompt}
	})
}

// StopHoldMusic brings the participant back.
//
// See https://learn.microsoft.com/graph/api/participant-stopholdmusic.
func (p *Participant) StopHoldMusic(ctx context.Context) (*Operation[*resources.StopHoldMusicOperation], error) {
	return startOperation[resources.StopHoldMusicOperation](ctx, p.call, ordinary, p.path("stopHoldMusic"), bare)
}
