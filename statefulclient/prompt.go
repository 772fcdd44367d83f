package statefulclient

import (
	"context"
	"net/url"

	"github.com/graphcalls/graphcalls-go/resources"
)

// maxPrompts is the platform's limit for one request.
const maxPrompts = 20

type playPromptRequest struct {
	operationRequest
	Prompts []resources.Prompt `json:"prompts"`
	Loop    bool               `json:"loop"`
}

// PlayPrompt plays sound files into the call, one after the other, 20 at most.
// It needs service-hosted media. What is asked for while something plays is
// queued. It returns when the platform has begun; the operation ends when the
// last file has been played.
//
// Beta: a prompt whose Loop is set is played that many times. Only Graph's beta
// endpoint has that, to which a request with such a prompt goes whatever version
// the service base URL names. It may change or go.
//
// See https://learn.microsoft.com/graph/api/call-playprompt.
func (c *Call) PlayPrompt(ctx context.Context, prompts ...*resources.MediaPrompt) (*Operation[*resources.PlayPromptOperation], error) {
	return c.play(ctx, endpointFor(prompts...), &playPromptRequest{}, prompts)
}

// PlayPromptEndlessly plays sound files into the call as PlayPrompt does, and
// begins again after the last. The platform reports no completion, so the
// operation ends in two ways only: CancelMediaProcessing makes it fail with
// 400/8508, and the end of the call ends it as that of any other. Waiting for
// it is of use only with one of these in view.
//
// Beta: only Graph's beta endpoint has this, to which it goes whatever version
// the service base URL names. It may change or go.
//
// See https://learn.microsoft.com/graph/api/call-playprompt?view=graph-rest-beta.
func (c *Call) PlayPromptEndlessly(ctx context.Context, prompts ...*resources.MediaPrompt) (*Operation[*resources.PlayPromptOperation], error) {
	return c.play(ctx, beta, &playPromptRequest{Loop: true}, prompts)
}

func (c *Call) play(ctx context.Context, at endpoint, request *playPromptRequest, prompts []*resources.MediaPrompt) (*Operation[*resources.PlayPromptOperation], error) {
	if err := checkPrompts(prompts); err != nil {
		return nil, err
	}
	for _, prompt := range prompts {
		request.Prompts = append(request.Prompts, prompt)
	}
	return startOperation[resources.PlayPromptOperation](ctx, c, at, "playPrompt", func(mark string) any {
		request.ClientContext = mark
		return request
	})
}

// endpointFor is where prompts can be played: only beta knows of loops.
func endpointFor(prompts ...*resources.MediaPrompt) endpoint {
	for _, prompt := range prompts {
		if prompt != nil && prompt.Loop != 0 {
			return beta
		}
	}
	return ordinary
}

func checkPrompts(prompts []*resources.MediaPrompt) error {
	if len(prompts) == 0 || len(prompts) > maxPrompts {
		return invalid("1 to %d prompts can be played, not %d", maxPrompts, len(prompts))
	}
	for _, prompt := range prompts {
		if err := checkPrompt(prompt); err != nil {
			return err
		}
	}
	return nil
}

func checkPrompt(prompt *resources.MediaPrompt) error {
	if prompt == nil || prompt.MediaInfo == nil || prompt.MediaInfo.URI == "" {
		return invalid("a prompt has no MediaInfo.URI; use resources.NewMediaPrompt with the sound file's address")
	}
	if prompt.Loop < 0 {
		return invalid("a prompt's Loop is how many times it is played, and must not be negative; to play without end use PlayPromptEndlessly")
	}
	if address, err := url.Parse(prompt.MediaInfo.URI); err != nil || address.Host == "" {
		return invalid("a prompt's MediaInfo.URI must be an address the platform can fetch, such as https://bot.contoso.com/hello.wav")
	}
	return nil
}

// CancelMediaProcessing stops what plays and records, and what is queued. Each
// operation stopped fails with 400/8508. It returns when the platform has taken
// that on; where it did not the error is an *OperationError.
//
// See https://learn.microsoft.com/graph/api/call-cancelmediaprocessing.
func (c *Call) CancelMediaProcessing(ctx context.Context) error {
	return perform[resources.CancelMediaProcessingOperation](ctx, c, ordinary, "cancelMediaProcessing", bare)
}
