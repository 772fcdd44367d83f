package cluster

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/graphcalls/graphcalls-go/store"
)

// records is a store.Store in a KV bucket. The key of a record is its call's place
// and id; a call's place is asked for once, when its record is first made.
type records struct {
	placeOf func(callID string) (place string, ok bool)
	owns    func(place string) bool

	kv     jetstream.KeyValue
	stream jetstream.Stream // the bucket's

	mu     sync.Mutex
	places map[string]string // of calls whose records were saved or read
}

// listTimeout is how long a list waits for its next record.
const listTimeout = 5 * time.Second

var errCutShort = errors.New("the records could not all be read in time")

// errHomeless says that a call to be saved is in no partition.
var errHomeless = errors.New("the call has no place in the fleet")

func newRecords(placeOf func(string) (string, bool), owns func(string) bool) *records {
	return &records{placeOf: placeOf, owns: owns, places: map[string]string{}}
}

// open says where the records are.
func (r *records) open(s *streams) { r.kv, r.stream = s.calls, s.callsStream }

func recordKey(place, callID string) string { return place + "." + token(callID) }

func (r *records) remember(callID, place string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.places[callID] = place
}

func (r *records) forget(callID string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.places, callID)
}

// leave forgets the calls of a place that is another's now.
func (r *records) leave(place string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	maps.DeleteFunc(r.places, func(_, of string) bool { return of == place })
}

// key is that of a call whose place is known here; empty if it is not.
func (r *records) key(callID string) string {
	r.mu.Lock()
	place, known := r.places[callID]
	r.mu.Unlock()
	if !known {
		if place, known = r.placeOf(callID); !known {
			return ""
		}
	}
	return recordKey(place, callID)
}

// Save implements store.Store.
func (r *records) Save(ctx context.Context, callID string, revision uint64, data []byte) (uint64, error) {
	if err := r.check(ctx, callID); err != nil {
		return 0, describe("save", callID, err)
	}
	key := r.key(callID)
	if key == "" {
		return 0, describe("save", callID, errHomeless)
	}
	var saved uint64
	var err error
	if revision == 0 {
		saved, err = r.kv.Create(ctx, key, data)
	} else {
		saved, err = r.kv.Update(ctx, key, data, revision)
	}
	if err != nil {
		return 0, describe("save", callID, err)
	}
	place, _, _ := strings.Cut(key, ".")
	r.remember(callID, place)
	return saved, nil
}

// Delete implements store.Store.
func (r *records) Delete(ctx context.Context, callID string, revision uint64) error {
	if err := r.check(ctx, callID); err != nil {
		return describe("delete", callID, err)
	}
	entry, err := r.find(ctx, callID)
	if errors.Is(err, store.ErrNotFound) {
		r.forget(callID)
		return nil
	}
	if err == nil && entry.Revision != revision {
		err = store.ErrConflict
	}
	if err == nil {
		err = r.kv.Purge(ctx, entry.key, jetstream.LastRevision(revision), jetstream.PurgeTTL(markerTTL))
		if errors.Is(err, jetstream.ErrKeyRevisionMismatch) {
			return r.deleteAgain(ctx, callID)
		}
	}
	if err == nil {
		r.forget(callID)
	}
	return describe("delete", callID, err)
}

// deleteAgain looks who was faster: another who deleted it, or who saved it.
func (r *records) deleteAgain(ctx context.Context, callID string) error {
	_, err := r.find(ctx, callID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil
	case err == nil:
		err = store.ErrConflict
	}
	return describe("delete", callID, err)
}

// Get implements store.Store.
func (r *records) Get(ctx context.Context, callID string) (store.Record, error) {
	if err := r.check(ctx, callID); err != nil {
		return store.Record{}, describe("get", callID, err)
	}
	found, err := r.find(ctx, callID)
	return found.Record, describe("get", callID, err)
}

// Load implements store.Store, for the places that are this instance's. With the
// context of a tenure it loads the records of its partition, and makes them its
// own.
func (r *records) Load(ctx context.Context) iter.Seq2[store.Record, error] {
	if l, ok := ctx.Value(loadKey{}).(*load); ok {
		return r.loadPartition(ctx, l)
	}
	return func(yield func(store.Record, error) bool) {
		for record, err := range r.list(ctx, jetstream.AllKeys) {
			if (err != nil || r.owns(record.place)) && !yield(record.Record, err) {
				return
			}
		}
	}
}

func (r *records) check(ctx context.Context, callID string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return store.CheckCallID(callID)
}

// found is a record and where it lies.
type found struct {
	store.Record

	key   string
	place string
	saved time.Time
}

// find reads a record wherever it lies.
func (r *records) find(ctx context.Context, callID string) (found, error) {
	key := r.key(callID)
	if key == "" {
		key = recordKey("*", callID)
	}
	return r.last(ctx, key)
}

// last reads the record under a key, in whose place may stand a *.
func (r *records) last(ctx context.Context, key string) (found, error) {
	subjects := "$KV." + r.kv.Bucket() + "."
	msg, err := r.stream.GetLastMsgForSubject(ctx, subjects+key)
	if errors.Is(err, jetstream.ErrMsgNotFound) || err == nil && removed(msg.Header) {
		return found{}, store.ErrNotFound
	}
	if err != nil {
		return found{}, err
	}
	return read(strings.TrimPrefix(msg.Subject, subjects), msg.Sequence, msg.Data, msg.Time)
}

// removed reports whether a message only marks that a key was removed.
func removed(header nats.Header) bool {
	return header.Get("KV-Operation") != "" || header.Get(jetstream.MarkerReasonHeader) != ""
}

func read(key string, revision uint64, data []byte, saved time.Time) (found, error) {
	place, text, _ := strings.Cut(key, ".")
	id, ok := untoken(text)
	if !ok {
		return found{}, &store.RecordError{Place: key, Err: fmt.Errorf("%w: the key names no call", store.ErrDamaged)}
	}
	if data == nil {
		data = []byte{}
	}
	return found{Record: store.Record{CallID: id, Revision: revision, Data: data}, key: key, place: place, saved: saved}, nil
}

// list ranges over the records whose keys match.
func (r *records) list(ctx context.Context, keys string) iter.Seq2[found, error] {
	return func(yield func(found, error) bool) {
		if err := ctx.Err(); err != nil {
			yield(found{}, err)
			return
		}
		watch, err := r.kv.Watch(ctx, keys, jetstream.IgnoreDeletes())
		if err != nil {
			yield(found{}, err)
			return
		}
		defer func() {
			_ = watch.Stop() // it has ended by itself
			for range watch.Updates() {
			}
		}()
		seen := map[string]bool{}
		for {
			entry, err := next(ctx, watch)
			if entry == nil && err == nil {
				return
			}
			var record found
			if err == nil && seen[entry.Key()] {
				continue // it has changed meanwhile
			}
			last := err != nil
			if err == nil {
				seen[entry.Key()] = true
				record, err = read(entry.Key(), entry.Revision(), entry.Value(), entry.Created())
			}
			if !yield(record, err) || last {
				return
			}
		}
	}
}

// next is the next entry; nil after the last that was there.
func next(ctx context.Context, watch jetstream.KeyWatcher) (jetstream.KeyValueEntry, error) {
	silence := time.NewTimer(listTimeout)
	defer silence.Stop()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case entry, open := <-watch.Updates():
		if !open {
			return nil, errCutShort
		}
		return entry, nil
	case <-silence.C:
		return nil, errCutShort
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// describe gives errors of NATS the words of a store's, and is nil for nil.
func describe(operation, callID string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, jetstream.ErrKeyExists), errors.Is(err, jetstream.ErrKeyRevisionMismatch):
		err = store.ErrConflict
	case errors.Is(err, nats.ErrMaxPayload):
		err = fmt.Errorf("%w: %w", store.ErrTooLarge, err)
	}
	if len(callID) > store.MaxCallID {
		callID = callID[:store.MaxCallID]
	}
	return fmt.Errorf("cluster: %s call %q: %w", operation, callID, err)
}
