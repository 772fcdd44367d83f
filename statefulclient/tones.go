package statefulclient

import (
	"context"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
)

// SubscribeToTone has the platform tell of the keys that are pressed: ToneReceived.
// It returns when the platform does; one that did not is an *OperationError.
//
// See https://learn.microsoft.com/graph/api/call-subscribetotone.
func (c *Call) SubscribeToTone(ctx context.Context) error {
	return perform[resources.SubscribeToToneOperation](ctx, c, ordinary, "subscribeToTone", bare)
}

type sendDtmfTonesRequest struct {
	operationRequest
	Tones               []resources.Tone `json:"tones"`
	DelayBetweenTonesMs int32            `json:"delayBetweenTonesMs"`
}

// SendDtmfTones presses keys towards the other side, with a pause between
// them, in whole milliseconds; 0 is the platform's default.
//
// See https://learn.microsoft.com/graph/api/call-senddtmftones.
func (c *Call) SendDtmfTones(ctx context.Context, pause time.Duration, tones ...resources.Tone) (*Operation[*resources.SendDtmfTonesOperation], error) {
	if len(tones) == 0 {
		return nil, invalid("SendDtmfTones needs at least one tone")
	}
	for _, tone := range tones {
		if !resources.Known(tone) {
			return nil, invalid("%q is no tone; see the Tone constants of package resources", tone)
		}
	}
	return startOperation[resources.SendDtmfTonesOperation](ctx, c, ordinary, "sendDtmfTones", func(mark string) any {
		return &sendDtmfTonesRequest{operationRequest{ClientContext: mark}, tones, int32(pause / time.Millisecond)}
	})
}
