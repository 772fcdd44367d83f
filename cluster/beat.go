package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"
)

// beatsPerLease is how often a lease is renewed while it lasts.
const beatsPerLease = 5

// life is one membership of this instance: from when it enters the fleet until
// it leaves or is put out. Its name is used once, so what was heard of one life
// is never taken for another's.
//
// A life is held by a key that is renewed by compare-and-swap, and that others
// delete by compare-and-swap when they have not seen it change for a lease: of a
// renewal and a deletion that meet only one is done, and its loser knows.
type life struct {
	name  string
	key   string
	lease *lease

	requests *nats.Subscription // of other members to this one
	revision atomic.Uint64      // of the key; changed by the beating goroutine alone
}

// beat is what a member tells the others after each renewal.
type beat struct {
	Member   string `json:"member"`
	Revision uint64 `json:"revision"` // of the member's key
	Table    uint64 `json:"table"`    // the revision of the table it has seen
}

func newLife(instance string, leaseSpan time.Duration) *life {
	name := instance + "-" + random(5)
	return &life{name: name, key: beatPrefix + name, lease: newLease(leaseSpan * 3 / 4)}
}

// begin makes the life's key, and takes requests.
func (l *life) begin(ctx context.Context, f *fleet) (err error) {
	if l.requests, err = f.nc.Subscribe(f.names.member(l.name), f.serve); err != nil {
		return err
	}
	sent := time.Now()
	revision, err := f.streams.fleet.Create(ctx, l.key, nil)
	if err != nil {
		return errors.Join(err, l.requests.Unsubscribe())
	}
	l.revision.Store(revision)
	l.lease.renew(sent)
	return nil
}

// end removes the key, so that nobody has to wait for the lease to pass.
func (l *life) end(ctx context.Context, kv jetstream.KeyValue) error {
	_ = l.requests.Unsubscribe() // the connection may be closed already
	return kv.Purge(ctx, l.key, jetstream.PurgeTTL(markerTTL))
}

// renew renews the lease. It returns ErrNotOwner when the life was ended by
// others, and another error when that cannot be known.
func (l *life) renew(ctx context.Context, kv jetstream.KeyValue) error {
	for {
		sent := time.Now()
		revision, err := kv.Update(ctx, l.key, nil, l.revision.Load())
		if err == nil {
			l.revision.Store(revision)
			l.lease.renew(sent)
			return nil
		}
		if !errors.Is(err, jetstream.ErrKeyRevisionMismatch) {
			return err
		}
		// An earlier renewal may have been done without an answer.
		entry, err := kv.Get(ctx, l.key)
		if errors.Is(err, jetstream.ErrKeyNotFound) {
			return ErrNotOwner
		}
		if err != nil {
			return err
		}
		if entry.Revision() == l.revision.Load() {
			return errors.New("the heartbeat was refused, though nothing came between")
		}
		l.revision.Store(entry.Revision())
	}
}

// beatOn renews the life until ctx ends or the life does, and tells the others.
func (f *fleet) beatOn(ctx context.Context, l *life) {
	ticks := time.NewTicker(f.options.Lease / beatsPerLease)
	defer ticks.Stop()
	failing := false
	for {
		err := f.beatOnce(ctx, l)
		switch {
		case ctx.Err() != nil:
			return
		case errors.Is(err, ErrNotOwner):
			l.lease.lose()
			return
		case err != nil && !failing:
			f.log.Warn("heartbeat not renewed; calls hold still when the lease has lapsed", zap.Duration("left", l.lease.left()), zap.Error(err))
		case err == nil && failing:
			f.log.Info("heartbeat renewed again")
		}
		failing = err != nil
		select {
		case <-ticks.C:
		case <-ctx.Done():
			return
		}
	}
}

func (f *fleet) beatOnce(ctx context.Context, l *life) error {
	ctx, cancel := context.WithTimeout(ctx, f.options.Lease/3)
	defer cancel()
	if err := l.renew(ctx, f.streams.fleet); err != nil {
		return err
	}
	f.tellOthers(l)
	return nil
}

// tellOthers spreads what is known of this member and the table. It may be lost:
// the others then look for themselves.
func (f *fleet) tellOthers(l *life) {
	data, err := json.Marshal(beat{Member: l.name, Revision: l.revision.Load(), Table: f.seen.Load().revision})
	if err == nil {
		err = f.nc.Publish(f.names.beats(), data)
	}
	if err != nil {
		f.log.Debug("heartbeat not told", zap.Error(err))
	}
}

// hear takes what another member tells.
func (f *fleet) hear(msg *nats.Msg) {
	var b beat
	if json.Unmarshal(msg.Data, &b) != nil || b.Member == "" {
		return
	}
	f.others.heard(b.Member, b.Revision)
	if b.Table > f.seen.Load().revision {
		f.look()
	}
}
