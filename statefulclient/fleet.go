package statefulclient

import (
	"context"
	"errors"
	"fmt"

	"github.com/graphcalls/graphcalls-go/transport"
)

// Fleet is the processes that share a bot's calls. A client asks it where calls
// live, and hands it what is heard. Package cluster has one on NATS JetStream;
// SetInstance is a simple one without a store. Its methods may be called by
// several goroutines at once.
//
// A place is a part of the fleet's calls that one process owns at a time; a call
// stays in its place for its whole life. The name is of letters, digits, - and _,
// 64 at most.
type Fleet interface {
	// Place names the place of a call that is about to be placed: one this process
	// owns. It waits while there is none. The client calls done once the call is here,
	// or will not be: until then the place should not be handed over, for nobody else
	// could know of the call.
	Place(ctx context.Context) (place string, done func(), err error)
	// Deliver takes a delivery that the webhook has authenticated. place is the one
	// in the signed address it came to, or "" where there was none.
	Deliver(ctx context.Context, place string, d transport.Delivery) (transport.Answer, error)
	// Hold is called before anything heard of a call changes it, before its handlers
	// are told, and before it is first saved. It returns nil at once while this
	// process surely owns the place, waits while that is in doubt, and returns an
	// error when the place is another's: the call is then let go of, as it was last
	// saved. An error after ctx has ended says nothing about the place.
	Hold(ctx context.Context, place string) error
}

// SetFleet makes the client one of several processes that share the bot's calls.
// Build calls join once, with the client's own end of things, and keeps what it
// returns. key signs callback addresses: 32 random bytes or more, the same for
// all processes, and known to nobody else. It excludes SetInstance.
//
// With SetStore, the record of a call is what its handlers were told, and no
// more: see CONTRACT.md, promise 16.
func (b *StatefulClientBuilder) SetFleet(key []byte, join func(Intake) Fleet) *StatefulClientBuilder {
	b.membership = &membership{key, join}
	return b
}

// membership is what SetFleet was given.
type membership struct {
	key  []byte
	join func(Intake) Fleet
}

func (m membership) check() error {
	var problems []error
	if len(m.key) < minKey {
		problems = append(problems, fmt.Errorf("SetFleet: the key has %d bytes; it needs %d random ones, the same for all processes", len(m.key), minKey))
	}
	if m.join == nil {
		problems = append(problems, errors.New("SetFleet: join is nil; pass what makes the Fleet, such as a cluster's Join"))
	}
	return errors.Join(problems...)
}
