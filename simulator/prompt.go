package simulator

import (
	"net/http"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
)

const mostPrompts = 20

type promptBody struct {
	ClientContext string        `json:"clientContext"`
	Loop          bool          `json:"loop"`
	Prompts       []promptEntry `json:"prompts"`
}

type promptEntry struct {
	Loop      *int `json:"loop"`
	MediaInfo struct {
		URI string `json:"uri"`
	} `json:"mediaInfo"`
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
	if why := body.checkPrompts(r); why != nil {
		return reply{}, why
	}
	call, p := r.call, r.platform
	p.mu.Lock()
	defer p.mu.Unlock()
	if why := call.takesMedia(); why != nil {
		return reply{}, why
	}
	for _, prompt := range body.Prompts {
		call.prompts = appendBounded(call.prompts, prompt.MediaInfo.URI, p.options.Remember)
	}
	op := call.startOperation(&resources.PlayPromptOperation{}, body.ClientContext)
	answer, why := r.replyOperation(http.StatusOK, op)
	if why != nil || body.Loop {
		return answer, why
	}
	lasts := time.Duration(body.plays()) * p.options.PromptDuration
	call.play(&playback{op, func() {
		op.timer = call.later(lasts, func() {
			if call.endOperationWell(op) {
				call.playNext()
			}
		})
	}})
	return answer, nil
}

func (b *promptBody) checkPrompts(r *request) *refusal {
	if b.Loop && r.version != "beta" {
		return notAParameter("loop")
	}
	for i := range b.Prompts {
		if why := b.Prompts[i].check(r); why != nil {
			return why
		}
	}
	return nil
}

// check checks one thing to be played. Only beta knows of loops.
func (e *promptEntry) check(r *request) *refusal {
	switch {
	case e.MediaInfo.URI == "":
		return badRequest("Every prompt needs a mediaInfo with a uri.")
	case e.Loop == nil:
		return nil
	case r.version != "beta":
		return badRequest("The property 'loop' does not exist on type 'microsoft.graph.mediaPrompt'.")
	case *e.Loop < 1:
		return badRequest("A prompt's loop must be at least 1.")
	default:
		return nil
	}
}

// plays is how many files are played one after the other.
func (b *promptBody) plays() int {
	count := 0
	for _, prompt := range b.Prompts {
		if prompt.Loop == nil {
			count++
		} else {
			count += *prompt.Loop
		}
	}
	return count
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
