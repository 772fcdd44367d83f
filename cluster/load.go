package cluster

import (
	"context"
	"errors"
	"iter"
	"sync"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/graphcalls/graphcalls-go/store"
)

// fenceWidth is how many records are made this instance's at once.
const fenceWidth = 32

// load is the taking over of a partition's records. Each is written again as it
// is, by which the revision that a former owner knows is void: whatever that one
// still writes is refused.
type load struct {
	tenure *tenure
	once   sync.Once
	done   chan error // told once, when all are handed on
}

// loadKey is that of the load in the context that Rehydrate hands to Load.
type loadKey struct{}

func (l *load) finish(err error) { l.once.Do(func() { l.done <- err }) }

func (r *records) loadPartition(ctx context.Context, l *load) iter.Seq2[store.Record, error] {
	return func(yield func(store.Record, error) bool) {
		l.finish(r.takeOver(ctx, l.tenure, yield))
	}
}

// takeOver yields each record once it is this instance's. A record that cannot be
// read is yielded as that, and is no failure.
func (r *records) takeOver(ctx context.Context, t *tenure, yield func(store.Record, error) bool) error {
	var records []found
	for record, err := range r.list(ctx, t.place+".*") {
		if _, one := errors.AsType[*store.RecordError](err); err != nil && !one {
			yield(store.Record{}, err)
			return err
		}
		if err != nil && !yield(store.Record{}, err) {
			return errCutShort
		} else if err == nil && !t.fenced[record.key] {
			records = append(records, record)
		}
	}
	for len(records) > 0 {
		some := records[:min(fenceWidth, len(records))]
		records = records[len(some):]
		if err := r.fenceAll(ctx, some); err != nil {
			yield(store.Record{}, err)
			return err
		}
		for _, record := range some {
			t.fenced[record.key] = true
			if record.Revision == 0 {
				continue // it was removed meanwhile
			}
			r.remember(record.CallID, record.place)
			if !yield(record.Record, nil) {
				return errCutShort
			}
		}
	}
	return nil
}

func (r *records) fenceAll(ctx context.Context, records []found) error {
	problems := make([]error, len(records))
	var all sync.WaitGroup
	for i := range records {
		all.Go(func() { problems[i] = r.fence(ctx, &records[i]) })
	}
	all.Wait()
	return errors.Join(problems...)
}

// fence writes a record as it is. One that is no more has revision 0 after it.
func (r *records) fence(ctx context.Context, record *found) error {
	for {
		revision, err := r.kv.Update(ctx, record.key, record.Data, record.Revision)
		if err == nil {
			record.Revision = revision
			return nil
		}
		if !errors.Is(err, jetstream.ErrKeyRevisionMismatch) {
			return err
		}
		newer, err := r.last(ctx, record.key)
		if errors.Is(err, store.ErrNotFound) {
			record.Revision = 0
			return nil
		}
		if err != nil {
			return err
		}
		*record = newer
	}
}
