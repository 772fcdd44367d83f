package simulator

import (
	"net/http"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
)

const mostPrompts = 20

type promptBody struct {
	ClientContext string `json:"clientContext"`
	Loop          bool   `json:"loop"`
	Prompts       []struct {
		MediaInfo struct {
			URI string `json:"uri"`
		} `json:"mediaInfo"`
	} `json:"prompts"`
}

// playPrompt serves POST …/playPrompt. Prompts play one after the other, those
// of earlier requests first.
func playPrompt(r *request) (reply, *refusal) {
	var body promptBody
	if why := r.parse(&body); why != nil {
		return reply{}, why
	}
	if why := checkClientContext(body.ClientContext); why != nil {
		return reply{}, why
	}
	if len(body.Prompts) == 0 || len(body.Prompts) > mostPrompts {
		return reply{}, badRequest("prompts must have between 1 and 20 entries.")
	}
	if why := body.checkURIs(); why != nil {
		return reply{}, why
	}
	call, p := r.call, r.platform
	p.mu.Lock()
	defer p.mu.Unlock()
	if why := call.takesMedia(); why != nil {
		return reply{}, why
	}
	op := call.startOperation(&resources.PlayPromptOperation{}, body.ClientContext)
	answer, why := r.replyOperation(http.StatusOK, op)
	if why != nil || body.Loop {
		return answer, why
	}
	lasts := time.Duration(len(body.Prompts)) * p.options.PromptDuration
	call.play(&playback{op, func() {
		op.timer = call.later(lasts, func() {
			if call.endOperationWell(op) {
				call.playNext()
			}
		})
	}})
	return answer, nil
}

func (b *promptBody) checkURIs() *refusal {
	for _, prompt := range b.Prompts {
		if prompt.MediaInfo.URI == "" {
			return badRequest("Every prompt needs a mediaInfo with a uri.")
		}
	}
	return nil
}

// takesMedia checks that the platform can play into the call; callers hold
// platform.mu.
func (c *Call) takesMedia() *refusal {
	switch {
	case c.over():
		return callNotFound()
	case c.state != resources.CallStateEstablished:
		return badRequest("The call is not established.")
	}
	if _, ok := c.media.(*resources.AppHostedMediaConfig); ok {
		return badRequest("The media of this call is hosted by the application.")
	}
	return nil
}
