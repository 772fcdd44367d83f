package cluster

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// others is when the other members were last seen alive, by this instance's own
// clock.
type others struct {
	kv    jetstream.KeyValue
	lease time.Duration

	mu    sync.Mutex
	known map[string]sighting
}

// sighting is a renewal and when it was seen, which is never before it was sent.
type sighting struct {
	revision uint64
	at       time.Time
}

func newOthers(kv jetstream.KeyValue, lease time.Duration) *others {
	return &others{kv: kv, lease: lease, known: map[string]sighting{}}
}

// heard takes note of a renewal that is told of.
func (o *others) heard(name string, revision uint64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if known, ok := o.known[name]; ok && revision > known.revision {
		o.known[name] = sighting{revision, time.Now()}
	}
}

// start counts everybody's silence from now: who was deaf cannot tell who was
// silent.
func (o *others) start() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for name, known := range o.known {
		o.known[name] = sighting{known.revision, time.Now()}
	}
}

// keep drops all but those named.
func (o *others) keep(members map[string]member) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for name := range o.known {
		if _, is := members[name]; !is {
			delete(o.known, name)
		}
	}
}

func (o *others) last(name string) (sighting, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	known, ok := o.known[name]
	return known, ok
}

// dead reports whether a member's life has ended: it left, or it has been silent
// for a lease and could be put out.
func (o *others) dead(ctx context.Context, name string) (bool, error) {
	last, known := o.last(name)
	if known && time.Since(last.at) < o.lease {
		return false, nil
	}
	if known {
		err := o.kv.Purge(ctx, beatPrefix+name, jetstream.LastRevision(last.revision), jetstream.PurgeTTL(markerTTL))
		if err == nil {
			return true, nil
		}
		if !errors.Is(err, jetstream.ErrKeyRevisionMismatch) {
			return false, err
		}
	}
	entry, err := o.kv.Get(ctx, beatPrefix+name)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.known[name] = sighting{entry.Revision(), time.Now()}
	return false, nil
}
