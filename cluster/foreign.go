package cluster

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/store"
)

// noRecordFor is how long a command looks for a call without a record: one that
// has just begun is saved within moments.
const noRecordFor = time.Second

// Foreign is a call of the fleet, as any instance can have it: what was last saved
// of it, and what can be done about it. It does not change; Find again for what is
// new.
type Foreign struct {
	// Saved is the call as its handlers were last told of it.
	Saved *statefulclient.SavedCall
	// SavedAt is when NATS took it, by the NATS server's clock.
	SavedAt time.Time

	client *Client
}

// Find returns a call by its id, whoever owns it, or ErrNoCall. A call is saved,
// and so found, moments after its handlers were told of it.
func (c *Client) Find(ctx context.Context, callID string) (*Foreign, error) {
	record, err := c.fleet.record(ctx, callID)
	if err != nil {
		return nil, err
	}
	saved, err := statefulclient.ReadRecord(record.Record)
	if err != nil {
		return nil, fmt.Errorf("cluster: %w", err)
	}
	return &Foreign{Saved: saved, SavedAt: record.saved, client: c}, nil
}

// ID is the platform's name for the call.
func (f *Foreign) ID() string { return f.Saved.ID }

// Resource is the call as it was saved.
func (f *Foreign) Resource() *resources.Call { return f.Saved.Resource }

// Participants are those of the call as it was saved.
func (f *Foreign) Participants() []*resources.Participant { return f.Saved.Participants }

// Age is how long ago the call was saved; what has happened since is not in it.
// It compares the clock of this machine with that of the NATS server.
func (f *Foreign) Age() time.Duration { return max(0, time.Since(f.SavedAt)) }

// Owner is what people call the instance that owns the call; empty while nobody
// does.
func (f *Foreign) Owner() string { return f.client.fleet.instanceOf(f.Saved.Place) }

// Own returns the live call if this instance owns it.
func (f *Foreign) Own() (*statefulclient.Call, bool) {
	call, _ := f.client.fleet.ownCall(f.ID())
	return call, call != nil
}

// record finds a call's record.
func (f *fleet) record(ctx context.Context, callID string) (found, error) {
	if store.CheckCallID(callID) != nil {
		return found{}, ErrNoCall
	}
	record, err := f.records.find(ctx, callID)
	if errors.Is(err, store.ErrNotFound) {
		return found{}, ErrNoCall
	}
	if err != nil {
		return found{}, fmt.Errorf("cluster: find call %q: %w", callID, err)
	}
	return record, nil
}

// locate is the place of a call, which may have just begun.
func (f *fleet) locate(ctx context.Context, callID string) (place string, err error) {
	for until := time.Now().Add(noRecordFor); ; {
		record, err := f.record(ctx, callID)
		if !errors.Is(err, ErrNoCall) || time.Now().After(until) || !pause(ctx, tryAgain) {
			return record.place, err
		}
	}
}

// instanceOf is what people call the owner of a place.
func (f *fleet) instanceOf(place string) string {
	return f.seen.Load().table.Members[f.ownerOf(place)].Instance
}
