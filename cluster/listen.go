package cluster

import (
	"context"
	"sync/atomic"

	"github.com/nats-io/nats.go"
	"go.uber.org/zap"
)

func (f *fleet) makeTenures() { f.tenures = make([]atomic.Pointer[tenure], f.options.Partitions) }

// listen begins this instance's work in the fleet, and has it end when the
// instance leaves.
func (f *fleet) listen() error {
	beats, err := f.nc.Subscribe(f.names.beats(), f.hear)
	if err != nil {
		return err
	}
	status := f.nc.StatusChanged(nats.CONNECTED)
	f.work.Go(func() { f.watchConnection(status) })
	f.work.Go(f.run)
	f.work.Go(func() {
		<-f.context.Done()
		f.nc.RemoveStatusListener(status)
		_ = beats.Unsubscribe() // the connection may be closed already
	})
	return nil
}

// spawn starts a goroutine that Close waits for; false when this instance leaves.
func (f *fleet) spawn(work func()) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.context.Err() != nil {
		return false
	}
	f.work.Go(work)
	return true
}

// stop has all goroutines end, and none begin.
func (f *fleet) stop() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.leave(errLeaving)
}

// goodbye tells the fleet that this instance has left.
func (f *fleet) goodbye() {
	ctx, cancel := context.WithTimeout(context.Background(), leaveTimeout)
	defer cancel()
	l := f.life.Load()
	l.lease.lose()
	t, revision, err := f.registry.change(ctx, func(t *table) bool {
		if _, member := t.Members[l.name]; !member {
			return false
		}
		t.remove(l.name)
		return true
	})
	if err == nil {
		f.saw(t, revision)
		err = l.end(ctx, f.streams.fleet)
		f.tellOthers(l)
	}
	if err != nil {
		f.log.Warn("left the fleet without a word; the others will notice when the lease has passed", zap.Error(err))
	}
}
