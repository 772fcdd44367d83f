package statefulclient

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/graphcalls/graphcalls-go/fsm"
	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/transport"
)

// refreshTries is how often a reply that was overtaken by news is asked for
// again. A call that talks so fast is as well known as it gets.
const refreshTries = 3

// Refresh asks the platform how the call stands, and who is in it: a call of two
// may have become one of several people. It returns when that has been worked in:
// what differs is told as any news is, in one step and with CauseResync, and what
// was missed in between shows as its net difference. The client does so by itself
// when it has reason to doubt what it knows; this is for a bot that has reasons of
// its own. A call that the platform does not know matches ErrCallEnded, and ends
// with EndLost.
//
// It may be called from a handler; what it brings is told after the handler has
// returned. See https://learn.microsoft.com/graph/api/call-get.
func (c *Call) Refresh(ctx context.Context) error {
	return c.refresh(ctx, CauseResync, wholeCall)
}

// Refresh asks the platform for the whole roster, as Call.Refresh does, and for
// nothing else. In a call of two the platform lists nobody, which changes
// nothing.
//
// See https://learn.microsoft.com/graph/api/call-list-participants.
func (p *Participants) Refresh(ctx context.Context) error {
	return p.call.refresh(ctx, CauseResync, rosterAlone)
}

// scope is what to ask the platform for.
type scope int

const (
	wholeCall scope = iota
	rosterAlone
)

// refresh fetches and works in. A reply that news has overtaken may be older
// than that, and is asked for again.
func (c *Call) refresh(ctx context.Context, cause Cause, scope scope) error {
	for range refreshTries {
		fetched, err := c.fetch(ctx, scope)
		if errors.Is(err, transport.ErrCallNotFound) {
			c.lost(cause)
		}
		if err != nil {
			return err
		}
		verdict, err := c.workIn(ctx, letter{input: fetched, cause: cause})
		if err != nil || verdict != reduce.Stale {
			return err
		}
	}
	return nil
}

func (c *Call) fetch(ctx context.Context, scope scope) (reduce.Fetched, error) {
	since := c.state.Load()
	fetched := reduce.Fetched{Since: since, Listed: scope == rosterAlone || since.Group() || isLive(since)}
	var err error
	if scope == wholeCall {
		fetched.Call, err = c.describe(ctx)
	}
	if err == nil && fetched.Listed {
		fetched.People, err = c.listParticipants(ctx)
	}
	return fetched, err
}

func isLive(state *reduce.State) bool {
	return fsm.Band(state.Call.State) == fsm.Band(resources.CallStateEstablished)
}

func (c *Call) describe(ctx context.Context) (*resources.Call, error) {
	reply, err := c.send(ctx, transport.Request{Method: "GET"}, "")
	if err != nil {
		return nil, err
	}
	call, err := resources.Decode[resources.Call](reply.Body)
	if err != nil {
		return nil, fmt.Errorf("statefulclient: get call: the platform's reply: %w", err)
	}
	return call, nil
}

func (c *Call) listParticipants(ctx context.Context) ([]resources.Participant, error) {
	reply, err := c.send(ctx, transport.Request{Method: "GET"}, "participants")
	if err != nil {
		return nil, err
	}
	list, err := resources.Decode[resources.ParticipantsReply](reply.Body)
	if err != nil {
		return nil, fmt.Errorf("statefulclient: list participants: the platform's reply: %w", err)
	}
	for i := range list.Value {
		asNotified(&list.Value[i])
	}
	return list.Value, nil
}

// asNotified has a participant from a reply say no more about who they are than a
// notification does, which leaves out what is null and does not repeat the id.
// Otherwise either would seem to change what the other said.
func asNotified(p *resources.Participant) {
	if p.Info == nil {
		return
	}
	if repeated, ok := p.Info.Property("id"); ok && string(repeated) == strconv.Quote(p.ID) {
		p.Info.SetProperty("id", resources.Raw("null"))
	}
	if p.Info.Identity != nil {
		for _, identity := range p.Info.Identity.All() {
			*identity = *resources.WithoutNulls(identity)
		}
		p.Info.Identity = resources.WithoutNulls(p.Info.Identity)
	}
	p.Info = resources.WithoutNulls(p.Info)
}

// catchUp asks about the operations that were under way. One that the platform
// tells nothing of goes on, until its end is told or the call's.
func (c *Call) catchUp(ctx context.Context, cause Cause) error {
	var problems []error
	for _, pending := range c.state.Load().PendingOperations() {
		if pending.ID == "" {
			continue
		}
		operation, err := c.GetOperation(ctx, pending.ID)
		if failed, ok := errors.AsType[*transport.Error](err); ok && failed.StatusCode < 500 {
			continue
		}
		if err != nil {
			problems = append(problems, err)
			continue
		}
		granted := reduce.Granted{ClientContext: pending.ClientContext, Operation: operation}
		if _, err := c.workIn(ctx, letter{input: granted, cause: cause}); err != nil {
			problems = append(problems, err)
		}
	}
	return errors.Join(problems...)
}
