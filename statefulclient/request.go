package statefulclient

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/transport"
)

// act sends an action that must not be done twice.
func (c *Call) act(ctx context.Context, action string, body any) (*transport.Reply, error) {
	return c.do(ctx, transport.Request{Method: "POST", Body: body}, action)
}

// do sends a request about the call. When the platform does not know the call,
// the call is over. Why is often on its way: so the call ends as lost only when
// nothing has come for a while.
func (c *Call) do(ctx context.Context, request transport.Request, action string) (*transport.Reply, error) {
	reply, err := c.send(ctx, request, action)
	if errors.Is(err, transport.ErrCallNotFound) {
		c.lostUnlessReported()
	}
	return reply, err
}

func (c *Call) lostUnlessReported() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.grace == nil && c.state.Load().End == nil {
		c.grace = c.client.schedule.After(c.client.limits.EndGrace, func() { c.lost(CauseClient) })
	}
}

// lost ends the call, which the platform does not know.
func (c *Call) lost(cause Cause) {
	c.receive(letter{input: reduce.Gone{Cause: reduce.CauseLost}, cause: cause})
}

// send sends a request about the call, and draws no conclusion.
func (c *Call) send(ctx context.Context, request transport.Request, action string) (*transport.Reply, error) {
	if c.client.closed() {
		return nil, ErrClosed
	}
	request.Path, request.Tenant, request.ScenarioID = c.path(action), c.TenantID(), c.scenario
	reply, err := c.client.rest.Do(ctx, request)
	if err != nil {
		return nil, failure(ctx, actionName(request.Method, action), err)
	}
	c.unverified.Store(nil)
	c.confirm()
	return reply, nil
}

// failure is why an action failed, and matches ErrCallEnded where that is the
// reason: the platform said so, or the end cancelled the request, whose context
// was the call's own.
func failure(ctx context.Context, action string, err error) error {
	ended, cancelled := errors.AsType[*EndedError](context.Cause(ctx))
	if cancelled && !errors.Is(err, transport.ErrCallNotFound) && !errors.Is(err, ErrCallEnded) {
		return &endedFirstError{action, ended, err}
	}
	err = fmt.Errorf("statefulclient: %s: %w", action, err)
	switch {
	case errors.Is(context.Cause(ctx), ErrReleased):
		return fmt.Errorf("%w: %w", err, ErrReleased)
	case errors.Is(err, transport.ErrCallNotFound):
		return &overError{err}
	default:
		return err
	}
}

// overError is a refusal because the call is over.
type overError struct{ refusal error }

func (e *overError) Error() string   { return e.refusal.Error() }
func (e *overError) Unwrap() []error { return []error{ErrCallEnded, e.refusal} }

// endedFirstError is a request that the end of a call cancelled. That comes
// before the doubt about the request, which there is little to do about.
type endedFirstError struct {
	action  string
	ended   *EndedError
	failure error
}

func (e *endedFirstError) Error() string {
	return fmt.Sprintf("statefulclient: %s: call %s ended first, %s; %v", e.action, e.ended.CallID, e.ended.Reason, e.failure)
}

func (e *endedFirstError) Unwrap() []error { return []error{e.ended, e.failure} }

func actionName(method, action string) string {
	switch {
	case action != "":
		return action
	case method == "DELETE":
		return "hang up"
	default:
		return "get call"
	}
}

// path is the call's own, or that of an action on it.
func (c *Call) path(action string) string {
	path := "communications/calls/" + url.PathEscape(c.id)
	if action != "" {
		path += "/" + action
	}
	return path
}
