package cluster

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/nats-io/nats.go"
	"go.uber.org/zap"

	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/transport"
)

// fleet is this instance's part in the fleet. It is what the client asks: see
// statefulclient.Fleet.
type fleet struct {
	options  Options
	names    names
	nc       *nats.Conn
	log      *zap.Logger
	streams  *streams
	registry *registry
	records  *records
	others   *others
	client   *statefulclient.Client
	intake   statefulclient.Intake
	commands map[string]Runnable
	reader   *reader
	counters counters

	life     atomic.Pointer[life]
	seen     atomic.Pointer[view]
	tenures  []atomic.Pointer[tenure] // by partition
	turn     atomic.Uint64            // of the partitions, for calls to be placed
	draining atomic.Bool

	context context.Context //nolint:containedctx // the instance's time in the fleet
	leave   context.CancelCauseFunc
	work    sync.WaitGroup // all goroutines
	nudges  chan struct{}  // to look at the table at once
	turns   chan struct{}  // of requests of others
	told    sync.Mutex     // held while OnOwnership runs

	mu   sync.Mutex
	news chan struct{} // closed when a partition begins or ends to be served
	dial chan struct{} // closed when the connection is new
}

// view is the table as last seen.
type view struct {
	table    *table
	revision uint64
}

// saw takes a table for the newest, unless a newer one was seen.
func (f *fleet) saw(t *table, revision uint64) {
	for {
		last := f.seen.Load()
		if revision < last.revision || f.seen.CompareAndSwap(last, &view{t, revision}) {
			return
		}
	}
}

// look has the table looked at now.
func (f *fleet) look() {
	select {
	case f.nudges <- struct{}{}:
	default:
	}
}

// changed wakes who waits for a partition.
func (f *fleet) changed() {
	f.mu.Lock()
	defer f.mu.Unlock()
	close(f.news)
	f.news = make(chan struct{})
}

func (f *fleet) whenChanged() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.news
}

// tenureOf is the tenure of a place that is this instance's; nil for another's.
func (f *fleet) tenureOf(place string) *tenure {
	if n, ok := number(place, len(f.tenures)); ok {
		return f.tenures[n].Load()
	}
	return nil
}

// partitionOf is where a notification of a call goes. place is that of the address
// it came to.
func (f *fleet) partitionOf(place, callID string) int {
	if n, ok := number(place, len(f.tenures)); ok {
		return n
	}
	return home(callID, len(f.tenures))
}

// number reads a place; false for what is none.
func number(place string, partitions int) (int, bool) {
	n, err := strconv.Atoi(place)
	return n, err == nil && n >= 0 && n < partitions
}

// Place implements statefulclient.Fleet: one of this instance's partitions, each
// in its turn.
func (f *fleet) Place(ctx context.Context) (place string, done func(), err error) {
	for {
		news := f.whenChanged()
		if err := f.whyNotPlace(); err != nil {
			return "", nil, err
		}
		if t := f.tryPlace(func(t *tenure) error { return t.hold(ctx) }); t != nil {
			return t.place, t.placing.end, nil
		}
		select {
		case <-news:
		case <-f.context.Done():
		case <-ctx.Done():
			return "", nil, ctx.Err()
		}
	}
}

// Hold implements statefulclient.Fleet.
func (f *fleet) Hold(ctx context.Context, place string) error {
	t := f.tenureOf(place)
	if t == nil {
		return ErrNotOwner
	}
	return t.hold(ctx)
}

// Deliver implements statefulclient.Fleet.
func (f *fleet) Deliver(ctx context.Context, place string, d transport.Delivery) (transport.Answer, error) {
	if f.context.Err() != nil {
		return transport.Answer{}, transport.ErrClosed
	}
	answer, err := f.decide(ctx, place, d)
	if err != nil || answer.RedirectTo != "" {
		return answer, err
	}
	if err := f.queue(ctx, place, d); err != nil {
		f.counters.refused.Add(1)
		if !errors.Is(err, transport.ErrTooLarge) {
			err = errors.Join(transport.ErrBusy, err)
		}
		return transport.Answer{}, err
	}
	return answer, nil
}
