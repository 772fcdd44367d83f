package simulator

import (
	"net/http"
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
	return op
}

// completeOperation ends an operation well, and tells the bot.
func (c *Call) completeOperation(op *operation) {
	c.platform.mu.Lock()
	defer c.platform.mu.Unlock()
	if c.over() || op.resource.Common().Status.Ended() {
		return
	}
	common := op.resource.Common()
	common.Status = resources.OperationStatusCompleted
	common.ResultInfo = result(200, 0, "Action completed successfully.")
	path := resources.Path{CallID: c.id, Collection: resources.CollectionOperations, ItemID: common.ID}
	c.announce(resources.ChangeTypeDeleted, path, resources.OperationData{Operation: op.resource})
	c.platform.changed.ring()
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

func checkClientContext(text string) *refusal {
	if utf8.RuneCountInString(text) > longestClientContext {
		return badRequest("clientContext must not be longer than 256 characters.")
	}
	return nil
}
