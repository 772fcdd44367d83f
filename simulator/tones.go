package simulator

import (
	"context"
	"net/http"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
)

// subscribeToTone serves POST …/subscribeToTone.
func subscribeToTone(r *request, clientContext string) (reply, *refusal) {
	if why := r.call.takesMedia(); why != nil {
		return reply{}, why
	}
	r.call.wantsTones++
	r.platform.changed.ring() // the reply may be slow
	return r.replyOperation(http.StatusOK, r.call.finishedOperation(&resources.SubscribeToToneOperation{}, clientContext))
}

// WaitListening waits until the bot has asked for the keys that are pressed
// (subscribeToTone) once more than was waited for: before the keys of each
// question, where a bot asks anew for each, as Call.Ask of package
// statefulclient does. It returns an error that matches ErrEnded when the call
// ends first.
func (c *Call) WaitListening(ctx context.Context) error {
	var listening bool
	err := c.waitUntil(ctx, "the bot to ask for keys", func() bool {
		c.platform.mu.Lock()
		defer c.platform.mu.Unlock()
		if listening = c.tonesAwaited < c.wantsTones; listening {
			c.tonesAwaited++
		}
		return listening || c.over()
	})
	if err == nil && !listening {
		return c.endedBefore("the bot asked for keys")
	}
	return err
}

type dtmfBody struct {
	Tones         []string `json:"tones"`
	Delay         int      `json:"delayBetweenTonesMs"`
	ClientContext string   `json:"clientContext"`
}

// sendDtmfTones serves POST …/sendDtmfTones.
func sendDtmfTones(r *request) (reply, *refusal) {
	var body dtmfBody
	if why := r.parse(&body); why != nil {
		return reply{}, why
	}
	tones, why := body.read()
	if why != nil {
		return reply{}, why
	}
	call := r.call
	r.platform.mu.Lock()
	defer r.platform.mu.Unlock()
	if why := call.takesMedia(); why != nil {
		return reply{}, why
	}
	resource := &resources.SendDtmfTonesOperation{}
	op := call.startOperation(resource, body.ClientContext)
	answer, why := r.replyOperation(http.StatusOK, op)
	pause := time.Duration(body.Delay) * r.platform.options.MediaSecond / 1000
	op.timer = call.later(pause*time.Duration(len(tones)), func() {
		call.keysSent = append(call.keysSent, tones...)
		resource.CompletionReason = resources.CompletionReasonCompletedSuccessfully
		call.endOperation(op, nil)
	})
	return answer, why
}

func (b *dtmfBody) read() ([]resources.Tone, *refusal) {
	if why := checkClientContext(b.ClientContext); why != nil {
		return nil, why
	}
	var tones []resources.Tone
	for _, name := range b.Tones {
		tone := toneNamed(name)
		if !resources.Known(tone) {
			return nil, badRequest("tones must be names such as tone1, star or pound.")
		}
		tones = append(tones, tone)
	}
	if len(tones) == 0 || b.Delay < 0 {
		return nil, badRequest("tones must be given, and delayBetweenTonesMs must not be negative.")
	}
	return tones, nil
}
