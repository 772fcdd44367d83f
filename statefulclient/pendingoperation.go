package statefulclient

import (
	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/resources"
)

// PendingOperation is an operation that the bot asked for and that has not
// ended.
type PendingOperation struct {
	ClientContext string // the mark it was asked for under
	ID            string // empty until the platform has replied
}

// PendingOperations lists the operations that the bot asked for and that have
// not ended, those of a restored call included, in the order they were asked
// for.
func (c *Call) PendingOperations() []PendingOperation {
	return pendingOperations(c.state.Load())
}

func pendingOperations(state *reduce.State) []PendingOperation {
	var list []PendingOperation
	for _, pending := range state.PendingOperations() {
		list = append(list, PendingOperation(pending))
	}
	return list
}

// ResumeOperation returns an operation of a restored call, so that it can be
// waited for as by who asked for it. P is the type of its result, such as
// *resources.PlayPromptOperation. When the operation has ended it returns
// ErrNoOperation; OperationCompleted has told its result. One without an ID was
// asked for just before the process ended: if its end came before that too, it is
// pending until the call ends. It may be called more than once.
func ResumeOperation[P interface {
	*T
	resources.Operation
}, T any](c *Call, clientContext string) (*Operation[P], error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if pending, known := c.operations[clientContext]; known {
		return &Operation[P]{c, pending}, nil
	}
	for _, o := range c.state.Load().PendingOperations() {
		if o.ClientContext == clientContext {
			pending := &pendingOperation{mark: clientContext, id: o.ID, done: make(chan struct{}), shape: shapeAs[T, P]}
			if c.operations == nil {
				c.operations = map[string]*pendingOperation{}
			}
			c.operations[clientContext] = pending
			return &Operation[P]{c, pending}, nil
		}
	}
	return nil, ErrNoOperation
}
