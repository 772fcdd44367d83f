package store

import (
	"bytes"
	"context"
	"iter"
	"maps"
	"slices"
	"sync"
)

// Memory is a [Store] in this process: for tests, and for clients of one process that share their calls. It ends with
// the process, has no limit but memory, and starts no goroutine.
type Memory struct {
	mu       sync.Mutex
	records  map[string]Record // their data never changes
	revision uint64            // the last one given, to any call
}

var _ Store = (*Memory)(nil)

// NewMemory returns an empty store.
func NewMemory() *Memory { return &Memory{records: map[string]Record{}} }

// Save implements [Store].
func (m *Memory) Save(ctx context.Context, callID string, revision uint64, data []byte) (uint64, error) {
	if err := check(ctx, callID); err != nil {
		return 0, wrap("save", callID, err)
	}
	data = bytes.Clone(data)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.records[callID].Revision != revision {
		return 0, wrap("save", callID, ErrConflict)
	}
	m.revision++
	m.records[callID] = Record{CallID: callID, Revision: m.revision, Data: data}
	return m.revision, nil
}

// Delete implements [Store].
func (m *Memory) Delete(ctx context.Context, callID string, revision uint64) error {
	if err := check(ctx, callID); err != nil {
		return wrap("delete", callID, err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if r, ok := m.records[callID]; ok && r.Revision != revision {
		return wrap("delete", callID, ErrConflict)
	}
	delete(m.records, callID)
	return nil
}

// Get implements [Store].
func (m *Memory) Get(ctx context.Context, callID string) (Record, error) {
	if err := check(ctx, callID); err != nil {
		return Record{}, wrap("get", callID, err)
	}
	r, ok := m.get(callID)
	if !ok {
		return Record{}, wrap("get", callID, ErrNotFound)
	}
	return r, nil
}

// Load implements [Store].
func (m *Memory) Load(ctx context.Context) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		m.mu.Lock()
		ids := slices.Collect(maps.Keys(m.records))
		m.mu.Unlock()
		for _, id := range ids {
			if ctx.Err() != nil {
				break
			}
			if r, ok := m.get(id); ok && !yield(r, nil) {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield(Record{}, wrapLoad(err))
		}
	}
}

func (m *Memory) get(callID string) (Record, bool) {
	m.mu.Lock()
	r, ok := m.records[callID]
	m.mu.Unlock()
	r.Data = bytes.Clone(r.Data)
	return r, ok
}

// check is what every method looks at first.
func check(ctx context.Context, callID string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return CheckCallID(callID)
}
