package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// table is who is in the fleet and who owns what: one key, changed as a whole by
// compare-and-swap, so that nobody sees half of a change.
type table struct {
	Terms   terms             `json:"terms"`
	Members map[string]member `json:"members"` // by the name of one life of an instance
	Owners  []owner           `json:"owners"`  // of the partitions
}

// terms are what all members must agree on: an instance with a longer lease than
// the others', or with another key, would do harm.
type terms struct {
	Lease time.Duration `json:"lease"`
	Key   string        `json:"key"` // what the key makes of the fleet's name, not the key
}

type member struct {
	Instance string `json:"instance"`
	Draining bool   `json:"draining,omitempty"`
}

type owner struct {
	Member string `json:"member,omitempty"`
	// Epoch grows with each change of the owner.
	Epoch uint64 `json:"epoch"`
}

func newTable(partitions int) *table {
	return &table{Members: map[string]member{}, Owners: make([]owner, partitions)}
}

func (t *table) clone() *table {
	return &table{Terms: t.Terms, Members: maps.Clone(t.Members), Owners: slices.Clone(t.Owners)}
}

// admit adds a member who agrees to the terms; the first makes them.
func (t *table) admit(name string, m member, own terms) error {
	switch {
	case len(t.Members) == 0:
		t.Terms = own
	case t.Terms.Lease != own.Lease:
		return fmt.Errorf("the fleet's lease is %v, not %v: set Options.Lease, or stop all instances first", t.Terms.Lease, own.Lease)
	case t.Terms.Key != own.Key:
		return errors.New("Options.Key is not that of the fleet: give all instances the same, or stop all of them first")
	}
	t.Members[name] = m
	t.settle()
	return nil
}

// targets says who is to own each partition: see assign.
func (t *table) targets() []string {
	var candidates []string
	for name, m := range t.Members {
		if !m.Draining {
			candidates = append(candidates, name)
		}
	}
	owners := make([]string, len(t.Owners))
	for partition, o := range t.Owners {
		owners[partition] = o.Member
	}
	return assign(owners, candidates)
}

// settle gives away the partitions that nobody in the fleet owns.
func (t *table) settle() {
	targets := t.targets()
	for partition, o := range t.Owners {
		if _, lives := t.Members[o.Member]; !lives && o.Member != targets[partition] {
			t.give(partition, targets[partition])
		}
	}
}

func (t *table) give(partition int, to string) {
	t.Owners[partition] = owner{Member: to, Epoch: t.Owners[partition].Epoch + 1}
}

func (t *table) remove(name string) {
	delete(t.Members, name)
	t.settle()
}

// registry is the table as NATS keeps it.
type registry struct {
	kv         jetstream.KeyValue
	partitions int
}

// read returns the table and its revision; 0 where there is none yet.
func (r *registry) read(ctx context.Context) (*table, uint64, error) {
	entry, err := r.kv.Get(ctx, tableKey)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return newTable(r.partitions), 0, nil
	}
	if err != nil {
		return nil, 0, fmt.Errorf("read the fleet's table: %w", err)
	}
	t := newTable(0)
	if err := json.Unmarshal(entry.Value(), t); err != nil {
		return nil, 0, fmt.Errorf("the fleet's table is not one of this version's: %w", err)
	}
	if len(t.Owners) != r.partitions {
		return nil, 0, fmt.Errorf("the fleet has %d partitions, not %d: set Options.Partitions, or remove its buckets when it has no calls",
			len(t.Owners), r.partitions)
	}
	return t, entry.Revision(), nil
}

// change changes the table. The change is made anew on each table that others
// made meanwhile, and dropped when it returns false. After an error it may have
// been made or may yet be.
func (r *registry) change(ctx context.Context, change func(t *table) bool) (*table, uint64, error) {
	for {
		t, revision, err := r.read(ctx)
		if err != nil {
			return nil, 0, err
		}
		if t = t.clone(); !change(t) {
			return t, revision, nil
		}
		data, err := json.Marshal(t)
		if err != nil {
			return nil, 0, err
		}
		written, err := r.kv.Update(ctx, tableKey, data, revision)
		if err == nil {
			return t, written, nil
		}
		if !errors.Is(err, jetstream.ErrKeyRevisionMismatch) {
			return nil, 0, fmt.Errorf("write the fleet's table: %w", err)
		}
	}
}
