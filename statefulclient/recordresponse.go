package statefulclient

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/transport"
)

// The platform's limits for one recording.
const (
	minRecordTime = time.Second
	maxRecordTime = 2 * time.Minute
)

// RecordOptions say how to record a caller's answer. Zero times are the
// platform's default, 5 s each; others are from 1 s to 2 min, in whole seconds.
type RecordOptions struct {
	// Prompt is played before the recording; nil for none. One whose Loop is set
	// goes to Graph's beta endpoint, as with PlayPrompt.
	Prompt *resources.MediaPrompt
	// BargeIn lets the caller begin before the prompt has ended.
	BargeIn bool
	// NoBeep leaves out the beep before the recording.
	NoBeep bool
	// InitialSilence is how long to wait for the first sound, MaxSilence for
	// the next, and MaxDuration how long to record.
	InitialSilence time.Duration
	MaxSilence     time.Duration
	MaxDuration    time.Duration
	// StopTones are the keys that end the recording, such as "#".
	StopTones []string
	// StreamWhileRecording makes the platform tell where the recording is as
	// soon as it begins, and not only when it has ended: GetOperation with the
	// operation's id returns it then.
	//
	// Beta: only Graph's beta endpoint has this, to which a request that sets it
	// goes whatever version the service base URL names. It may change or go.
	StreamWhileRecording bool
}

type recordRequest struct {
	operationRequest
	Prompts        []resources.Prompt `json:"prompts"`
	BargeInAllowed bool               `json:"bargeInAllowed"`
	PlayBeep       *bool              `json:"playBeep"`
	InitialSilence int32              `json:"initialSilenceTimeoutInSeconds"`
	MaxSilence     int32              `json:"maxSilenceTimeoutInSeconds"`
	MaxDuration    int32              `json:"maxRecordDurationInSeconds"`
	StopTones      []string           `json:"stopTones"`
	Stream         bool               `json:"streamWhileRecording"`
}

// RecordResponse plays a prompt and records what the caller says. It needs
// service-hosted media. The operation's result says where the recording is;
// DownloadRecording fetches it, which must be soon: the platform discards it
// after the call.
//
// See https://learn.microsoft.com/graph/api/call-record.
func (c *Call) RecordResponse(ctx context.Context, options RecordOptions) (*Operation[*resources.RecordOperation], error) {
	request := &recordRequest{BargeInAllowed: options.BargeIn, StopTones: options.StopTones, Stream: options.StreamWhileRecording}
	at := endpointFor(options.Prompt) || endpoint(options.StreamWhileRecording)
	if options.NoBeep {
		request.PlayBeep = new(bool)
	}
	if options.Prompt != nil {
		if err := checkPrompt(options.Prompt); err != nil {
			return nil, err
		}
		request.Prompts = []resources.Prompt{options.Prompt}
	}
	for _, limit := range []struct {
		name  string
		value time.Duration
		into  *int32
	}{
		{"InitialSilence", options.InitialSilence, &request.InitialSilence},
		{"MaxSilence", options.MaxSilence, &request.MaxSilence},
		{"MaxDuration", options.MaxDuration, &request.MaxDuration},
	} {
		if limit.value != 0 && (limit.value < minRecordTime || limit.value > maxRecordTime) {
			return nil, invalid("RecordOptions.%s must be from %v to %v, not %v", limit.name, minRecordTime, maxRecordTime, limit.value)
		}
		*limit.into = int32(limit.value / time.Second)
	}
	return startOperation[resources.RecordOperation](ctx, c, at, "recordResponse", func(mark string) any {
		request.ClientContext = mark
		return request
	})
}

// DownloadRecording writes a recording, a WAV file, to w, and returns its size
// in bytes. The recording's own token is sent to its location and nowhere
// else, and only if that is https and at a host of the platform's: the
// service's own, or one of Limits.RecordingHosts.
func (c *Client) DownloadRecording(ctx context.Context, recording *resources.RecordOperation, w io.Writer) (int64, error) {
	if c.closed() {
		return 0, ErrClosed
	}
	if recording == nil || recording.RecordingLocation == "" {
		return 0, invalid("the operation has no recording: wait for its result, and look at its status")
	}
	written, err := c.rest.Download(ctx, recording.RecordingLocation, recording.RecordingAccessToken, w)
	if errors.Is(err, transport.ErrUntrustedHost) {
		return 0, fmt.Errorf("%w in Limits.RecordingHosts", err)
	}
	return written, err
}
