package simulator

import (
	"net/http"

	"github.com/graphcalls/graphcalls-go/resources"
)

// playback is something the platform plays into a call or records from it. A
// call's are done one after the other, and are guarded by the platform's mutex.
type playback struct {
	op    *operation
	start func()
}

// play starts a playback, or queues it; callers hold platform.mu, as for what
// follows.
func (c *Call) play(p *playback) {
	c.playing = append(c.playing, p)
	if len(c.playing) == 1 {
		p.start()
	}
}

// playNext is called when the first of the queue has ended.
func (c *Call) playNext() {
	c.recorder = nil
	if len(c.playing) > 0 {
		c.playing = c.playing[1:]
	}
	if len(c.playing) > 0 {
		c.playing[0].start()
	}
}

// cancelMediaProcessing serves POST …/cancelMediaProcessing: what plays, what
// is recorded, what is queued and what is dialled ends.
func cancelMediaProcessing(r *request, clientContext string) (reply, *refusal) {
	call := r.call
	if why := call.takesMedia(); why != nil {
		return reply{}, why
	}
	op := call.finishedOperation(&resources.CancelMediaProcessingOperation{}, clientContext)
	return r.replyThen(http.StatusOK, op, call.cancelMedia)
}

func (c *Call) cancelMedia() {
	c.playing, c.recorder = nil, nil
	for _, op := range c.filed {
		if !op.resource.Common().Status.Ended() {
			c.cancelOperation(op)
		}
	}
}

func (c *Call) cancelOperation(op *operation) {
	cancelled := result(400, 8508, "Action failed, the operation was cancelled.")
	switch resource := op.resource.(type) {
	case *resources.PlayPromptOperation:
		resource.CompletionReason = resources.CompletionReasonMediaOperationCanceled
		c.endOperation(op, cancelled)
	case *resources.RecordOperation:
		last := fresh[resources.RecordOperation](cancelledText)
		last.ID, last.ClientContext, last.Status = resource.ID, resource.ClientContext, resource.Status
		last.CompletionReason = resources.CompletionReasonOperationCanceled
		op.resource = last
		c.endOperation(op, cancelled)
	case *resources.SendDtmfTonesOperation:
		resource.CompletionReason = resources.CompletionReasonMediaOperationCanceled
		c.endOperation(op, nil)
	}
}
