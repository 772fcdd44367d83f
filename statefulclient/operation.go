package statefulclient

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"path"
	"time"

	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/transport"
)

// Operation is something the platform does for the bot, such as playing a
// prompt. It ends with its result, or with the call; it has no timeout of its
// own. All methods may be called from anywhere.
type Operation[T resources.Operation] struct {
	call    *Call
	pending *pendingOperation
}

type pendingOperation struct {
	mark   string
	action string    // empty for a restored call's
	since  time.Time // zero for a restored call's
	id     string    // guarded by the call's mu, for the end may overtake the reply that tells it
	done   chan struct{}
	result resources.Operation // with err, set before done is closed
	err    error
	shape  func(resources.Operation) resources.Operation
}

// ID is the platform's name for the operation.
func (o *Operation[T]) ID() string {
	o.call.mu.Lock()
	defer o.call.mu.Unlock()
	return o.pending.id
}

// ClientContext is the mark the client asked for the operation under.
func (o *Operation[T]) ClientContext() string { return o.pending.mark }

// Done is closed when the operation has ended.
func (o *Operation[T]) Done() <-chan struct{} { return o.pending.done }

// Wait returns the operation's result when it has ended, at once if it has
// already. An operation that failed is an *OperationError, one whose call
// ended first an *EndedError, or ErrClosed if the client was closed; the result
// of the first is returned as well.
// When ctx ends first, its error is returned and nothing is lost: the
// operation goes on, and can be waited for again.
func (o *Operation[T]) Wait(ctx context.Context) (T, error) {
	var none T
	select {
	case <-o.pending.done:
	case <-o.call.context.Done():
	case <-ctx.Done():
	}
	switch { // all may have happened: ctx is often the call's own
	case isClosed(o.pending.done):
		result, _ := o.pending.result.(T)
		return result, o.pending.err
	case o.call.context.Err() != nil:
		return none, context.Cause(o.call.context)
	default:
		return none, ctx.Err()
	}
}

func isClosed(done <-chan struct{}) bool {
	select {
	case <-done:
		return true
	default:
		return false
	}
}

// GetOperation asks the platform how an operation stands. Results come by
// themselves; this is for operations that another instance has asked for.
//
// See https://learn.microsoft.com/graph/api/addlargegalleryviewoperation-get.
func (c *Call) GetOperation(ctx context.Context, id string) (resources.Operation, error) {
	if id == "" {
		return nil, invalid("GetOperation needs the operation's id")
	}
	reply, err := c.do(ctx, transport.Request{Method: "GET"}, "operations/"+url.PathEscape(id))
	if err != nil {
		return nil, err
	}
	operation, err := resources.DecodeOperation(reply.Body)
	if err != nil {
		return nil, fmt.Errorf("statefulclient: get operation: the platform's reply: %w", err)
	}
	return operation, nil
}

// operationRequest is what all bodies that ask for an operation have.
type operationRequest struct {
	resources.Wire
	ClientContext string `json:"clientContext"`
}

// bare is the body of a request that says no more than its mark.
func bare(mark string) any { return &operationRequest{ClientContext: mark} }

// endpoint says which of Graph's versions has an action.
type endpoint bool

const (
	ordinary endpoint = false // the version of the service base URL
	beta     endpoint = true
)

// startOperation asks for an operation at one of Graph's versions. Its mark is
// made known before the request is sent, so that the end is recognised even
// if it overtakes the reply.
func startOperation[T any, P interface {
	*T
	resources.Operation
}](ctx context.Context, c *Call, at endpoint, action string, body func(mark string) any) (*Operation[P], error) {
	mark, err := newMark(ctx)
	if err != nil {
		return nil, err
	}
	pending := &pendingOperation{mark: mark, action: path.Base(action), since: time.Now(), done: make(chan struct{}), shape: shapeAs[T, P]}
	if err := c.expect(pending); err != nil {
		return nil, err
	}
	reply, err := c.do(ctx, transport.Request{Method: "POST", Body: body(pending.mark), Beta: bool(at)}, action)
	if err != nil {
		c.forget(pending)
		return nil, err
	}
	operation, err := resources.Decode[T](reply.Body)
	if err != nil {
		c.forget(pending)
		return nil, fmt.Errorf("statefulclient: %s: the platform's reply: %w", action, err)
	}
	c.mu.Lock()
	pending.id = P(operation).Common().ID
	c.mu.Unlock()
	c.receive(letter{input: reduce.Granted{ClientContext: pending.mark, Operation: P(operation)}, cause: CauseReply})
	return &Operation[P]{c, pending}, nil
}

// perform asks for an operation that is over with the platform's reply, and
// returns how it came out. Its caller gets no Operation: one that is always done
// is easily taken for success by who looks at the first error alone. What takes
// its time (prompts, recordings, invitations), and what nobody has documented,
// returns one. Where a reply leaves it running after all, its end is waited for.
func perform[T any, P interface {
	*T
	resources.Operation
}](ctx context.Context, c *Call, at endpoint, action string, body func(mark string) any) error {
	operation, err := startOperation[T, P](ctx, c, at, action, body)
	if err == nil {
		_, err = operation.Wait(ctx)
	}
	return err
}

func (c *Call) expect(pending *pendingOperation) error {
	c.mu.Lock()
	if c.operations == nil {
		c.operations = map[string]*pendingOperation{}
	}
	_, taken := c.operations[pending.mark]
	if !taken {
		c.operations[pending.mark] = pending
	}
	c.mu.Unlock()
	if taken {
		return invalid("an operation with this client context has not ended yet")
	}
	err := c.take(letter{input: reduce.Asked{ClientContext: pending.mark}, cause: CauseClient})
	switch {
	case errors.Is(err, ErrReleased):
	case c.context.Err() == nil:
		return nil
	default: // the call ended, perhaps before the mark was known
		err = context.Cause(c.context)
	}
	c.forget(pending)
	return err
}

func (c *Call) forget(pending *pendingOperation) {
	c.mu.Lock()
	delete(c.operations, pending.mark)
	c.mu.Unlock()
	c.receive(letter{input: reduce.Refused{ClientContext: pending.mark}, cause: CauseClient})
}

// endOperations hands results to those who wait for them.
func (c *Call) endOperations(events []reduce.Event) {
	for _, event := range events {
		ended, ok := event.(reduce.OperationEnded)
		if !ok || ended.ClientContext == "" {
			continue
		}
		c.mu.Lock()
		pending := c.operations[ended.ClientContext]
		delete(c.operations, ended.ClientContext)
		id := ""
		if pending != nil {
			id = pending.id
		}
		c.mu.Unlock()
		if pending != nil {
			pending.finish(pending.shape(ended.Operation), failureOf(ended.Operation, id))
		}
	}
}

// failureOf goes by the id that is known: reports of an end may come without.
func failureOf(operation resources.Operation, id string) error {
	common := operation.Common()
	if common.Status != resources.OperationStatusFailed {
		return nil
	}
	return &OperationError{cmp.Or(id, common.ID), common.ResultInfo}
}

// abandonOperations ends what was pending with the call.
func (c *Call) abandonOperations(reason error) {
	c.mu.Lock()
	abandoned := c.operations
	c.operations = nil
	c.mu.Unlock()
	for _, pending := range abandoned {
		pending.finish(nil, reason)
	}
}

// shapeAs gives a result that did not say what it is the type that was asked
// for.
func shapeAs[T any, P interface {
	*T
	resources.Operation
}](operation resources.Operation) resources.Operation {
	if _, ok := operation.(P); ok {
		return operation
	}
	text, err := resources.Encode(operation)
	if err != nil {
		return operation
	}
	shaped, err := resources.Decode[T](text)
	if err != nil {
		return operation
	}
	return P(shaped)
}

func (p *pendingOperation) finish(result resources.Operation, err error) {
	p.result, p.err = result, err
	close(p.done)
}

// OperationError is returned where an operation failed. Class sorts the reason,
// and Hint says what to do about it.
type OperationError struct {
	OperationID string
	// Result is the platform's; nil where it gave none.
	Result *resources.ResultInfo
}

// Error is one line.
func (e *OperationError) Error() string {
	text := fmt.Sprintf("statefulclient: operation %s failed: ", e.OperationID)
	if e.Result != nil {
		text += fmt.Sprintf("%d/%d %s: ", e.Result.Code, e.Result.Subcode, e.Result.Message)
	}
	return text + e.Hint()
}

// Class sorts the reason, as that of a call's end.
func (e *OperationError) Class() EndClass {
	class, _ := classifyResult(e.Result)
	return class
}

// Hint says in one line what to do about the reason.
func (e *OperationError) Hint() string {
	_, hint := classifyResult(e.Result)
	return hint
}
