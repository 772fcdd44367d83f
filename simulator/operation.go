package simulator

import (
	"net/http"
	"time"
	"unicode/utf8"

	"github.com/graphcalls/graphcalls-go/resources"
)

const longestClientContext = 256

// operation is something the platform does in a call, guarded by the
// platform's mutex.
type operation struct {
	resource resources.Operation
	timer    *timer
}

// startOperation files an operation under a new id; callers hold platform.mu.
func (c *Call) startOperation(resource resources.Operation, clientContext string) *operation {
	common := resource.Common()
	common.ID, common.ClientContext, common.Status = newID(), clientContext, resources.OperationStatusRunning
	op := &operation{resource: resource}
	c.operations[resources.Key(common.ID)] = op
	c.filed = append(c.filed, op)
	return op
}

// finishedOperation files an operation that is done with the reply to its
// request; callers hold platform.mu.
func (c *Call) finishedOperation(resource resources.Operation, clientContext string) *operation {
	op := c.startOperation(resource, clientContext)
	resource.Common().Status = resources.OperationStatusCompleted
	return op
}

// endOperation ends an operation and tells the bot; it reports false when it
// had ended before. Callers hold platform.mu.
func (c *Call) endOperation(op *operation, info *resources.ResultInfo) bool {
	common := op.resource.Common()
	if c.over() || common.Status.Ended() {
		return false
	}
	op.timer.stop()
	common.Status, common.ResultInfo = resources.OperationStatusCompleted, info
	if info.Failed() {
		common.Status = resources.OperationStatusFailed
	}
	path := resources.Path{CallID: c.id, Collection: resources.CollectionOperations, ItemID: common.ID}
	c.announce(resources.ChangeTypeDeleted, path, resources.OperationData{Operation: op.resource})
	c.platform.changed.ring()
	return true
}

// endOperationWell is endOperation with nothing to say.
func (c *Call) endOperationWell(op *operation) bool {
	return c.endOperation(op, result(200, 0, "Action completed successfully."))
}

// later runs f for a call that has not ended by then; callers hold platform.mu,
// and f will too.
func (c *Call) later(wait time.Duration, f func()) *timer {
	return c.platform.clock.after(wait, func() {
		c.platform.mu.Lock()
		defer c.platform.mu.Unlock()
		if !c.over() {
			f()
		}
	})
}

// replyOperation answers an action with the operation it started; callers hold
// platform.mu.
func (r *request) replyOperation(status int, op *operation) (reply, *refusal) {
	answer, why := respond(status, op.resource)
	if why == nil {
		answer.header.Set("Location", r.platform.address+"/"+r.version+"/communications/calls/"+r.call.id+"/operations/"+op.resource.Common().ID)
	}
	return answer, why
}

// replyThen answers an action with its operation, as it is then, and has the
// action take effect, of which bots hear after the reply. Callers hold
// platform.mu.
func (r *request) replyThen(status int, op *operation, effect func()) (reply, *refusal) {
	answer, why := r.replyOperation(status, op)
	if why != nil {
		return reply{}, why
	}
	r.call.outbox.cork()
	effect()
	answer.then = r.call.outbox.uncork
	return answer, nil
}

// getOperation serves GET …/operations/{id}.
func getOperation(r *request) (reply, *refusal) {
	r.platform.mu.Lock()
	defer r.platform.mu.Unlock()
	op := r.call.operations[resources.Key(r.ids["operation"])]
	if op == nil {
		return reply{}, &refusal{http.StatusNotFound, "NotFound", "Operation not found."}
	}
	return respond(http.StatusOK, op.resource)
}

// simple serves an action that takes nothing but a clientContext, and acts with
// platform.mu held.
func simple(act func(r *request, clientContext string) (reply, *refusal)) handler {
	return func(r *request) (reply, *refusal) {
		var body struct {
			ClientContext string `json:"clientContext"`
		}
		if why := r.parse(&body); why != nil {
			return reply{}, why
		}
		if why := checkClientContext(body.ClientContext); why != nil {
			return reply{}, why
		}
		r.platform.mu.Lock()
		defer r.platform.mu.Unlock()
		return act(r, body.ClientContext)
	}
}

func checkClientContext(text string) *refusal {
	if utf8.RuneCountInString(text) > longestClientContext {
		return badRequest("clientContext must not be longer than 256 characters.")
	}
	return nil
}
