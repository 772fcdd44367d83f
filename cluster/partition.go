package cluster

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"github.com/graphcalls/graphcalls-go/statefulclient"
)

const (
	// handOverGrace is how long a partition that is handed over waits for the
	// handlers of its calls. Who takes longer sees the event again elsewhere.
	handOverGrace = 5 * time.Second
	// releaseWidth is how many calls are handed over at once.
	releaseWidth = 16
	// acquireAgain is how long to wait after a failure to take a partition over.
	acquireAgain = 300 * time.Millisecond
)

var (
	errHandOver = errors.New("the partition is being handed over")
	errLeaving  = errors.New("this instance leaves the fleet")
)

// tenure is one time of owning a partition: its records are loaded, then its
// queue is worked off, and in the end its calls are let go of.
type tenure struct {
	fleet *fleet
	life  *life
	place string
	epoch uint64

	context context.Context //nolint:containedctx // the tenure's time
	end     context.CancelCauseFunc
	loaded  atomic.Bool
	gone    atomic.Bool   // the partition is another's
	over    chan struct{} // closed when all is let go of
	fenced  map[string]bool
	placing placing
}

// Ownership is a partition that came to this instance or left it.
type Ownership struct {
	Partition int
	Owned     bool
	// Lost says that others took it over because this instance could not be heard
	// of, and that its calls were let go of as they were last saved.
	Lost bool
	// Calls is how many calls came with it or were let go of.
	Calls int
}

// begin takes a partition that the table gives to this life.
func (f *fleet) begin(l *life, number int, epoch uint64) {
	t := &tenure{
		fleet: f, life: l, place: strconv.Itoa(number), epoch: epoch,
		over: make(chan struct{}), fenced: map[string]bool{},
	}
	t.context, t.end = context.WithCancelCause(f.context)
	f.tenures[number].Store(t)
	begun := f.spawn(func() {
		defer close(t.over)
		t.run()
		f.records.leave(t.place)
		f.tenures[number].Store(nil)
		f.changed()
		f.look()
	})
	if !begun {
		f.tenures[number].Store(nil)
	}
}

// hold returns nil while the partition surely is this instance's.
func (t *tenure) hold(ctx context.Context) error {
	if t.gone.Load() {
		return ErrNotOwner
	}
	return t.life.lease.hold(ctx)
}

// serving reports whether calls may be placed in the partition.
func (t *tenure) serving() bool { return t.loaded.Load() && t.context.Err() == nil }

func (t *tenure) leaving() bool { return t.context.Err() != nil }

// lose ends the tenure because the partition is another's.
func (t *tenure) lose() {
	t.gone.Store(true)
	t.end(ErrNotOwner)
}

// handOver ends the tenure so that another can begin; false if it has ended.
func (t *tenure) handOver() bool {
	if t.context.Err() != nil {
		return false
	}
	t.end(errHandOver)
	return true
}

func (t *tenure) run() {
	began := time.Now()
	restored, ok := t.acquire()
	if ok {
		t.fleet.log.Info("partition taken", zap.String("partition", t.place), zap.Duration("took", time.Since(began)))
		t.fleet.counters.taken.Add(1)
		t.tell(Ownership{Owned: true, Calls: len(t.calls())})
		t.loaded.Store(true)
		t.fleet.changed()
		t.consume()
	}
	restored.Wait()
	switch cause := context.Cause(t.context); {
	case errors.Is(cause, errHandOver):
		t.handIt()
	case errors.Is(cause, ErrNotOwner):
		calls := t.letGo(0)
		t.fleet.counters.lost.Add(1)
		t.fleet.log.Warn("partition lost to another instance; its calls are let go of", zap.String("partition", t.place), zap.Int("calls", calls))
		t.tell(Ownership{Lost: true, Calls: calls})
	}
}

// acquire makes the partition's calls this client's. The calls live when it
// returns; the platform is asked about them until restored has been waited for.
func (t *tenure) acquire() (restored *sync.WaitGroup, ok bool) {
	restored = &sync.WaitGroup{}
	for failed := false; ; failed = true {
		load := &load{tenure: t, done: make(chan error, 1)}
		ctx := context.WithValue(t.context, loadKey{}, load)
		restored.Go(func() {
			_, err := t.fleet.client.Rehydrate(ctx)
			load.finish(ErrClosed) // where it never came to the records
			if err != nil && !failed && t.context.Err() == nil {
				t.fleet.log.Warn("not all calls of a partition could be restored and asked about", zap.String("partition", t.place), zap.Error(err))
			}
		})
		err := <-load.done
		if err == nil {
			return restored, t.context.Err() == nil
		}
		if !failed && t.context.Err() == nil {
			t.fleet.log.Warn("partition cannot be taken over yet", zap.String("partition", t.place), zap.Error(err))
		}
		restored.Wait()
		if !pause(t.context, acquireAgain) {
			return restored, false
		}
	}
}

func (t *tenure) calls() []*statefulclient.Call {
	return t.fleet.client.Calls().InPlace(t.place)
}

// letGo lets go of the partition's calls, once what was taken in is told and saved
// or the grace has passed, and counts them.
func (t *tenure) letGo(grace time.Duration) int {
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	calls := t.calls()
	var releases sync.WaitGroup
	defer releases.Wait()
	turns := make(chan struct{}, releaseWidth)
	for _, call := range calls {
		turns <- struct{}{}
		releases.Go(func() {
			defer func() { <-turns }()
			if err := t.fleet.client.Calls().Release(ctx, call); err != nil && !errors.Is(err, statefulclient.ErrReleased) && grace > 0 {
				t.fleet.log.Warn("a call is handed over before its handlers were done", zap.String("call", call.ID()), zap.Error(err))
			}
		})
	}
	return len(calls)
}

// handIt gives the partition, whose queue is not worked off any more, to whoever
// is to own it.
func (t *tenure) handIt() {
	t.placing.wait(handOverGrace)
	calls := t.letGo(handOverGrace)
	to, err := t.give()
	switch {
	case t.fleet.context.Err() != nil:
		return
	case err != nil:
		t.fleet.log.Warn("partition not handed over; it is taken up again", zap.String("partition", t.place), zap.Error(err))
		return
	case to == t.life.name:
		return // nobody else is left to own it: it is taken up again
	}
	t.gone.Store(true)
	t.letGo(0) // what came in meanwhile
	t.fleet.counters.handedOver.Add(1)
	t.fleet.log.Info("partition handed over", zap.String("partition", t.place), zap.String("to", to), zap.Int("calls", calls))
	t.tell(Ownership{Calls: calls})
}

// give writes the new owner into the table, and returns it.
func (t *tenure) give() (to string, err error) {
	ctx, cancel := context.WithTimeout(t.fleet.context, t.fleet.options.Lease)
	defer cancel()
	number, _ := strconv.Atoi(t.place)
	table, revision, err := t.fleet.registry.change(ctx, func(table *table) bool {
		if (table.Owners[number] != owner{t.life.name, t.epoch}) {
			return false
		}
		to := table.targets()[number]
		if to == t.life.name {
			return false
		}
		table.give(number, to)
		return true
	})
	if err != nil {
		return "", err
	}
	t.fleet.saw(table, revision)
	t.fleet.tellOthers(t.life)
	return table.Owners[number].Member, nil
}

func (t *tenure) tell(change Ownership) {
	if t.fleet.options.OnOwnership == nil {
		return
	}
	change.Partition, _ = strconv.Atoi(t.place)
	t.fleet.told.Lock()
	defer t.fleet.told.Unlock()
	t.fleet.options.OnOwnership(change)
}
