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
}

// PlayPrompt plays sound files into the call, one after the other, 20 at most.
// It needs service-hosted media. What is asked for while something plays is
// queued. It returns when the platform has begun; the operation ends when the
// last file has been played.
//
// See https://learn.microsoft.com/graph/api/call-playprompt.
func (c *Call) PlayPrompt(ctx context.Context, prompts ...*resources.MediaPrompt) (*Operation[*resources.PlayPromptOperation], error) {
	if len(prompts) == 0 || len(prompts) > maxPrompts {
		return nil, invalid("PlayPrompt takes 1 to %d prompts, not %d", maxPrompts, len(prompts))
	}
	list := make([]resources.Prompt, len(prompts))
	for i, prompt := range prompts {
		if err := checkPrompt(prompt); err != nil {
			return nil, err
		}
		list[i] = prompt
	}
	return startOperation[resources.PlayPromptOperation](ctx, c, "playPrompt", func(mark string) any {
		return &playPromptRequest{operationRequest{ClientContext: mark}, list}
	})
}

func checkPrompt(prompt *resources.MediaPrompt) error {
	if prompt == nil || prompt.MediaInfo == nil || prompt.MediaInfo.URI == "" {
		return invalid("a prompt has no MediaInfo.URI; use resources.NewMediaPrompt with the sound file's address")
	}
	if address, err := url.Parse(prompt.MediaInfo.URI); err != nil || address.Host == "" {
		return invalid("a prompt's MediaInfo.URI must be an address the platform can fetch, such as https://bot.contoso.com/hello.wav")
	}
	return nil
}
