package cluster

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/nats-io/nats.go"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/transport"
)

// decideKind is the kind of requests that ask for a decision.
const decideKind = "decide"

// decide answers what the platform waits for. What only the owner of the call can
// answer is asked of it, as long as the platform waits.
func (f *fleet) decide(ctx context.Context, place string, d transport.Delivery) (transport.Answer, error) {
	answer, err := f.intake.Decide(ctx, d)
	if err != nil || answer.RedirectTo != "" || answer.Joining != nil {
		return answer, err
	}
	for _, p := range split(d) {
		if p.call == "" || !joins(p) {
			continue
		}
		decided, err := f.askOwner(ctx, place, p)
		if err != nil {
			return answer, errors.Join(transport.ErrBusy, err)
		}
		if decided != nil {
			answer.Joining = decided
		}
	}
	return answer, nil
}

func joins(p part) bool {
	for i := range p.Notifications.Value {
		if _, joining := p.Notifications.Value[i].Data.(*resources.ParticipantJoiningNotification); joining {
			return true
		}
	}
	return false
}

// askOwner returns nil where the owner has nothing to decide either.
func (f *fleet) askOwner(ctx context.Context, place string, p part) (resources.ParticipantJoiningResponse, error) {
	partition := f.partitionOf(place, p.call)
	name := strconv.Itoa(partition)
	var decided resources.ParticipantJoiningResponse
	err := f.untilOwned(ctx, func() error {
		if t := f.tenureOf(name); t != nil {
			answer, err := f.intake.Decide(ctx, p.Delivery)
			decided = answer.Joining
			return err
		}
		owner := f.seen.Load().table.Owners[partition].Member
		if owner == "" {
			return errNobody
		}
		request := nats.NewMsg("")
		if err := write(request, p); err != nil {
			return err
		}
		body, err := f.ask(ctx, owner, request, decideKind, name)
		if errors.Is(err, ErrOwnerGone) {
			return errNobody // to decide twice does no harm
		}
		if err != nil || len(body) == 0 {
			return err
		}
		decided, err = resources.Decode[resources.Unknown](body)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("the owner of the call did not decide: %w", err)
	}
	return decided, nil
}

// serveDecision answers askOwner.
func (f *fleet) serveDecision(ctx context.Context, msg *nats.Msg) ([]byte, error) {
	t := f.tenureOf(msg.Header.Get(placeHeader))
	if t == nil {
		return nil, ErrNotOwner
	}
	if err := t.hold(ctx); err != nil {
		return nil, err
	}
	d, err := f.reader.read(ctx, msg.Header, msg.Data)
	if err != nil {
		return nil, err
	}
	answer, err := f.intake.Decide(ctx, d)
	if err != nil || answer.Joining == nil {
		return nil, err
	}
	return resources.Encode(answer.Joining)
}
