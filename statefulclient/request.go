package statefulclient

import (
	"context"
	"errors"
	"fmt"

	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/transport"
)

// act sends an action that must not be done twice.
func (c *Call) act(ctx context.Context, action string, body any) (*transport.Reply, error) {
	return c.do(ctx, transport.Request{Method: "POST", Body: body}, action)
}

// do sends a request about the call. When the platform does not know the call,
// the call is over: it ends with EndLost.
func (c *Call) do(ctx context.Context, request transport.Request, action string) (*transport.Reply, error) {
	reply, err := c.send(ctx, request, action)
	if errors.Is(err, transport.ErrCallNotFound) {
		c.lost(CauseClient)
	}
	return reply, err
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
		return nil, fmt.Errorf("statefulclient: %s: %w", actionName(request.Method, action), err)
	}
	c.unverified.Store(nil)
	return reply, nil
}

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
