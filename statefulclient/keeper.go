package statefulclient

import (
	"context"
	"crypto/sha256"
	"errors"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/internal/schedule"
	"github.com/graphcalls/graphcalls-go/internal/workers"
	"github.com/graphcalls/graphcalls-go/store"
)

const (
	// keeperWidth is how many calls are saved at once.
	keeperWidth = 8
	// fleetWidth is that in a fleet, whose store is at a distance.
	fleetWidth = 64
	// storeTimeout bounds one save; fleetTimeout one in a fleet, whose store may lose
	// a request with the server that led it.
	storeTimeout = 10 * time.Second
	fleetTimeout = 3 * time.Second
	// A call whose save took long because it has many participants is left alone
	// for several times as long, so that one that changes all the time does not
	// keep the keeper busy all the time.
	largeRecord   = 64 << 10 // bytes
	longSave      = 20 * time.Millisecond
	restAfterSave = 4
	// In a fleet calls that are told of all the time take turns at being saved, of so
	// long each, within these bounds: what came meanwhile is saved together. The queue
	// keeps what is not saved, and a next owner tells it again. What was asked of the
	// platform does not wait, nor does an end.
	fleetSaveTurn  = 500 * time.Microsecond
	shortFleetRest = 100 * time.Millisecond
	longFleetRest  = time.Second
	// A save that failed is tried again after a while, which doubles.
	firstSaveAgain = time.Second
	lastSaveAgain  = 30 * time.Second
)

// keeper saves calls that change, and deletes those whose end has been told.
// Nobody waits for it: a call that changes while it is being saved is saved
// once more, as it is then. A nil keeper does nothing.
type keeper struct {
	client  *Client
	store   store.Store
	queue   *workers.Queue[*Call]
	failing atomic.Int64 // calls whose last save failed
	hurried atomic.Int64 // flushes under way: no call is left alone
	resting atomic.Int64 // calls that are saved after a rest
	allRead atomic.Bool  // every record there was when the client began has been read
}

// kept is how a call stands in the store. But for told and urgent it belongs to
// the keeper, which works on one call once at a time.
type kept struct {
	revision uint64
	tried    [sha256.Size]byte // of what was last given to the store
	failures int               // in a row
	lost     bool              // to another client
	rested   time.Time         // until then it is left alone
	rest     *schedule.Entry   // and is saved after that; nil where nothing is to be saved
	rests    atomic.Bool       // there is such an entry
	told     atomic.Bool       // its end was told: nothing is left to remember
	urgent   atomic.Bool       // there is something to save that does not wait

	ledger *ledger // nil outside a fleet that is told what is settled
}

func newKeeper(c *Client, s store.Store) *keeper {
	if s == nil {
		return nil
	}
	k := &keeper{client: c, store: s}
	width := keeperWidth
	if c.settles {
		width = fleetWidth
	}
	k.queue = workers.NewQueue(&c.group, width, k.work)
	return k
}

// save has a call saved as it is then; in a fleet, as it was told then.
func (k *keeper) save(call *Call) {
	if k != nil {
		call.ledger().touch()
		call.kept.urgent.Store(true)
		k.queue.Add(call)
	}
}

// add has a call saved if there is anything to save.
func (k *keeper) add(call *Call) {
	if k != nil {
		k.queue.Add(call)
	}
}

// addLater is add for what may wait until a rest is over.
func (k *keeper) addLater(call *Call) {
	if k != nil && (!call.kept.rests.Load() || k.hurried.Load() > 0) {
		k.queue.Add(call)
	}
}

// hurry leaves no call alone until done is called, and has one saved now.
func (k *keeper) hurry(call *Call) (done func()) {
	if k == nil {
		return func() {}
	}
	k.hurried.Add(1)
	k.queue.Add(call)
	return func() { k.hurried.Add(-1) }
}

// forget has a call deleted whose end was told to all who were to know. Until
// then the store has it as it was when it lived, so that its end is told after
// all if this process dies first.
func (k *keeper) forget(call *Call) {
	if k != nil {
		call.kept.told.Store(true)
		k.queue.Add(call)
	}
}

func (k *keeper) work(call *Call) {
	switch {
	case call.wasLetGo():
		k.lose(call)
		return
	case call.kept.lost, k.rests(call):
		return
	}
	// What is known when the client is closed is saved all the same.
	timeout := storeTimeout
	if k.client.settles {
		timeout = fleetTimeout
	}
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	err := k.learn(ctx, call)
	state := call.state.Load() // looked at once: an end must not get into the record
	switch ledger := call.ledger(); {
	case err != nil:
	case call.kept.told.Load():
		err = k.delete(ctx, call)
	case ledger != nil:
		err = k.balance(ctx, call, ledger)
	case state.End == nil:
		err = k.write(ctx, call, state, 0)
	}
	k.conclude(call, err)
}

// balance saves a call of a fleet's as it was told, and has settled what led
// there. One whose end was told is saved so, and only then deleted.
func (k *keeper) balance(ctx context.Context, call *Call, ledger *ledger) error {
	if balance, owed := ledger.balance(); owed && balance.told != nil {
		if err := k.mayBegin(ctx, call, ledger); err != nil {
			return err
		}
		call.kept.urgent.Store(false) // before the state is read that has it
		told := balance.told.WithOperationsOf(call.state.Load())
		if err := k.write(ctx, call, told, balance.position); err != nil {
			return err
		}
		ledger.save(balance)
	}
	if !ledger.over() || ledger.gone.Load() {
		return nil
	}
	call.kept.told.Store(true)
	k.client.calls.isOver(call)
	return k.delete(ctx, call)
}

// mayBegin asks before a call is saved for the first time whether it is this
// process's: there is no revision yet that could tell.
func (k *keeper) mayBegin(ctx context.Context, call *Call, ledger *ledger) error {
	if call.kept.revision != 0 {
		return nil
	}
	err := k.client.fleet.Hold(ctx, ledger.place)
	if err != nil && ctx.Err() == nil {
		return errors.Join(store.ErrConflict, err)
	}
	return err
}

// lose is for a call that is another's now.
func (k *keeper) lose(call *Call) {
	if call.kept.failures > 0 {
		call.kept.failures = 0
		k.failing.Add(-1)
	}
	call.kept.lost = true
	k.wake(call)
}

// rests reports whether a call is left alone for now; it is saved later.
func (k *keeper) rests(call *Call) bool {
	wait := time.Until(call.kept.rested)
	if wait <= 0 || call.kept.told.Load() || k.hurried.Load() > 0 || k.presses(call) {
		k.wake(call)
		return false
	}
	if call.kept.rest == nil {
		call.kept.rest = k.client.schedule.After(wait, func() { k.queue.Add(call) })
		call.kept.rests.Store(true)
		k.resting.Add(1)
	}
	return true
}

// wake ends a rest.
func (k *keeper) wake(call *Call) {
	if call.kept.rest != nil {
		call.kept.rest.Cancel()
		call.kept.rest = nil
		call.kept.rests.Store(false)
		k.resting.Add(-1)
	}
}

// presses reports whether a call in a fleet has something to save that does not
// wait, or nothing at all.
func (k *keeper) presses(call *Call) bool {
	ledger := call.ledger()
	if ledger == nil {
		return false
	}
	_, owed := ledger.balance()
	return !owed || call.kept.urgent.Load() || ledger.endTold()
}

// learn finds out whether a save that failed has had its effect after all.
func (k *keeper) learn(ctx context.Context, call *Call) error {
	if call.kept.failures == 0 {
		return nil
	}
	record, err := k.store.Get(ctx, call.id)
	switch {
	case errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrDamaged): // moved aside
		call.kept.revision = 0
	case err != nil:
		return err
	case sha256.Sum256(record.Data) == call.kept.tried:
		call.kept.revision = record.Revision
	}
	return nil
}

func (k *keeper) delete(ctx context.Context, call *Call) error {
	if call.kept.revision == 0 {
		return nil // it was never saved
	}
	err := k.store.Delete(ctx, call.id, call.kept.revision)
	if err == nil {
		call.kept.revision = 0
	}
	return err
}

func (k *keeper) write(ctx context.Context, call *Call, state *reduce.State, position uint64) error {
	began := time.Now()
	data, err := call.record(state, position)
	if err != nil {
		return err
	}
	call.kept.tried = sha256.Sum256(data)
	revision, err := k.store.Save(ctx, call.id, call.kept.revision, data)
	if err != nil {
		return err
	}
	call.kept.revision = revision
	call.kept.rested = time.Now().Add(k.rest(time.Since(began), len(data)))
	k.client.counters.saves.Add(1)
	return nil
}

// rest is how long a call is left alone after a save.
func (k *keeper) rest(took time.Duration, size int) time.Duration {
	var rest time.Duration
	if k.client.settles {
		hot := int(k.resting.Load()) + k.queue.Len()
		rest = min(max(time.Duration(hot)*fleetSaveTurn, shortFleetRest), longFleetRest)
	}
	if took > longSave && size > largeRecord {
		rest = max(rest, restAfterSave*took)
	}
	return rest
}

func (k *keeper) conclude(call *Call, err error) {
	if err == nil {
		if call.kept.failures > 0 {
			call.kept.failures = 0
			k.failing.Add(-1)
		}
		return
	}
	if call.ledger() != nil && errors.Is(err, store.ErrConflict) {
		k.lose(call)
		call.fence(err)
		return
	}
	k.client.counters.storeFailures.Add(1)
	if call.kept.failures++; call.kept.failures == 1 {
		k.failing.Add(1)
		k.client.logger.Error("call could not be saved in the store", call.fields(zap.Error(err))...)
		k.client.notices.post(kindStore, StoreFailure{call, err})
	}
	if errors.Is(err, store.ErrConflict) {
		call.kept.lost = true
		k.failing.Add(-1)
		return
	}
	wait := min(firstSaveAgain<<min(call.kept.failures-1, 10), lastSaveAgain)
	k.client.schedule.After(wait, func() { k.queue.Add(call) })
}
