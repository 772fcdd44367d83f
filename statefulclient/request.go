package statefulclient

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.uber.org/zap"

	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/transport"
)

// act sends an action that must not be done twice.
func (c *Call) act(ctx context.Context, action string, body any) (*transport.Reply, error) {
	return c.do(ctx, transport.Request{Method: "POST", Body: body}, action)
}

// do sends a request about the call. When the platform does not know the call,
// the call is over: it ends with EndLost.
func (c *Call) do(ctx context.Context, request transport.Request, action string) (*transport.Reply, error) {
	if c.client.closed() {
		return nil, ErrClosed
	}
	request.Path, request.Tenant, request.ScenarioID = c.path(action), c.TenantID(), c.scenario
	reply, err := c.client.rest.Do(ctx, request)
	if errors.Is(err, transport.ErrCallNotFound) {
		c.receive(letter{input: reduce.Gone{Cause: reduce.CauseLost}, cause: CauseClient})
	}
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

// fetchRoster asks for the whole roster and puts the reply through the inbox.
// Where that fails it is asked for again later, as long as a change is missing.
func (c *Call) fetchRoster() {
	ctx, cancel := context.WithTimeout(c.context, time.Minute)
	defer cancel()
	people, err := c.listParticipants(ctx)
	if err == nil {
		c.receive(letter{input: reduce.Listed{People: people}, cause: CauseResync})
		return
	}
	if c.context.Err() != nil {
		return
	}
	c.client.logger.Warn("roster could not be fetched", c.fields(zap.Error(err))...)
	c.client.schedule.After(10*c.client.limits.RosterGap, func() {
		c.receive(letter{input: reduce.Waited{For: reduce.GapRoster}, cause: CauseClient})
	})
}

func (c *Call) listParticipants(ctx context.Context) ([]resources.Participant, error) {
	reply, err := c.do(ctx, transport.Request{Method: "GET"}, "participants")
	if err != nil {
		return nil, err
	}
	list, err := resources.Decode[resources.ParticipantsReply](reply.Body)
	if err != nil {
		return nil, fmt.Errorf("statefulclient: list participants: %w", err)
	}
	return list.Value, nil
}
