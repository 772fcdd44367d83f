package statefulclient_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/store"
	"github.com/graphcalls/graphcalls-go/transport"
)

// queue is what the members of a fleet share: everything heard, in order, until it
// is settled. What is heard goes to the one member that owns the one place.
type queue struct {
	t     *testing.T
	calls store.Store

	turn sync.Mutex // held to hand on, so that the order is that of the queue

	mu       sync.Mutex
	owner    *member
	position uint64
	waiting  []statefulclient.Queued
	settled  []uint64
}

// member is one client's part in the fleet.
type member struct {
	queue  *queue
	intake statefulclient.Intake
	client *statefulclient.Client

	mu   sync.Mutex
	hold func(context.Context) error // nil: it surely owns the place
}

const place = "7"

func (m *member) Place(context.Context) (string, func(), error) { return place, func() {}, nil }

func (m *member) Hold(ctx context.Context, at string) error {
	if at != place {
		return errors.New("not a place of this fleet's: " + at)
	}
	m.mu.Lock()
	hold := m.hold
	m.mu.Unlock()
	if hold == nil {
		return nil
	}
	return hold(ctx)
}

func (m *member) holds(hold func(context.Context) error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.hold = hold
}

// inDoubt has the member not know whether it owns the place, until it is sure; asked
// tells each time it would like to know.
func (m *member) inDoubt() (asked inbox[struct{}], sure chan struct{}) {
	asked, sure = newInbox[struct{}](), make(chan struct{})
	m.holds(func(ctx context.Context) error {
		asked.put(ctx, struct{}{})
		select {
		case <-sure:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	return asked, sure
}

func (m *member) Deliver(ctx context.Context, at string, d transport.Delivery) (transport.Answer, error) {
	answer, err := m.intake.Decide(ctx, d)
	if err != nil || answer.RedirectTo != "" {
		return answer, err
	}
	if at != "" && at != place {
		return answer, transport.ErrNoRoute
	}
	return answer, m.queue.put(d)
}

// put queues a delivery, and has its owner take it.
func (q *queue) put(d transport.Delivery) error {
	q.turn.Lock()
	defer q.turn.Unlock()
	q.mu.Lock()
	q.position++
	position := q.position
	queued := statefulclient.Queued{Delivery: d, Place: place, Position: position, Settled: func() { q.settle(position) }}
	q.waiting = append(q.waiting, queued)
	owner := q.owner
	q.mu.Unlock()
	if owner == nil {
		return nil
	}
	return owner.intake.Take(q.t.Context(), queued)
}

func (q *queue) settle(position uint64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.settled = append(q.settled, position)
	q.waiting = slices.DeleteFunc(q.waiting, func(w statefulclient.Queued) bool { return w.Position == position })
}

func (q *queue) left() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.waiting)
}

func (q *queue) order() []uint64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	return slices.Clone(q.settled)
}

// tell queues one delivery of each notification.
func (q *queue) tell(items ...string) {
	q.t.Helper()
	for _, item := range items {
		require.NoError(q.t, q.put(delivery(q.t, item)))
	}
}

// again delivers what is not settled once more.
func (q *queue) again() {
	q.t.Helper()
	q.turn.Lock()
	defer q.turn.Unlock()
	q.sendAgain()
}

func (q *queue) sendAgain() {
	q.t.Helper()
	q.mu.Lock()
	waiting, owner := slices.Clone(q.waiting), q.owner
	q.mu.Unlock()
	if owner == nil {
		return
	}
	for _, w := range waiting {
		require.NoError(q.t, owner.intake.Take(q.t.Context(), w))
	}
}

// ownedBy has nobody own the place until a member has restored its calls; it is
// then sent what was not settled.
func (q *queue) ownedBy(r *rig, m *member) {
	q.t.Helper()
	q.own(nil)
	_, err := m.client.Rehydrate(r.context())
	require.NoError(q.t, err)
	q.turn.Lock()
	defer q.turn.Unlock()
	q.own(m)
	q.sendAgain()
}

func (q *queue) own(m *member) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.owner = m
}

// ownedByNobody returns when nothing is being handed on any more.
func (q *queue) ownedByNobody() {
	q.turn.Lock()
	defer q.turn.Unlock()
	q.own(nil)
}

var fleetKey = []byte(strings.Repeat("f", 32))

// fleet is a rig whose client is the first of two members.
type fleet struct {
	*rig
	*queue

	one, two *member
}

func newFleet(t *testing.T, options ...rigOptions) *fleet {
	t.Helper()
	var chosen rigOptions
	if len(options) > 0 {
		chosen = options[0]
	}
	f := &fleet{queue: &queue{t: t, calls: store.NewMemory()}}
	f.one, f.two = &member{queue: f.queue}, &member{queue: f.queue}
	f.rig = newRig(t, f.joined(f.one, chosen))
	f.one.client, f.two.client = f.rig.client, f.another(f.joined(f.two, chosen))
	f.ownedBy(f.rig, f.one)
	return f
}

func (f *fleet) joined(m *member, chosen rigOptions) rigOptions {
	extra := chosen.build
	chosen.build = func(b *statefulclient.StatefulClientBuilder) {
		b.SetStore(f.queue.calls)
		b.SetFleet(fleetKey, func(own statefulclient.Intake) statefulclient.Fleet { m.intake = own; return m })
		if extra != nil {
			extra(b)
		}
	}
	return chosen
}

// queued waits until so many deliveries are not settled.
func (f *fleet) queued(count int) {
	f.rig.t.Helper()
	f.rig.until(func(statefulclient.Stats) bool { return f.left() == count })
}

// rings brings a call in and establishes it, at the first member.
func (f *fleet) rings(id string) *statefulclient.Call {
	f.rig.t.Helper()
	// The platform knows nothing of a call that the test alone tells of; in trouble
	// it ends none.
	f.platform.FailNext(simulator.Failure{Times: 1000, Status: 500})
	f.queue.tell(incoming(id), updated(id, `{"state":"establishing"}`), updated(id, `{"state":"established"}`))
	f.queued(0)
	call, ok := f.one.client.Calls().Get(id)
	require.True(f.rig.t, ok)
	return call
}

// edge is a change of state as it was told.
type edge struct {
	to      resources.CallState
	id      string
	initial bool
}

func edges(client *statefulclient.Client) inbox[edge] {
	told := newInbox[edge]()
	statefulclient.On(client.Calls(), func(ctx context.Context, e statefulclient.StateChanged) {
		told.put(ctx, edge{e.New, statefulclient.EventID(ctx), e.Initial})
	})
	return told
}

func all[E any](told inbox[E]) []E {
	var list []E
	for len(told) > 0 {
		list = append(list, <-told)
	}
	return list
}

func states(told []edge) []resources.CallState {
	var list []resources.CallState
	for _, e := range told {
		if !e.initial {
			list = append(list, e.to)
		}
	}
	return list
}

const (
	ringing      = resources.CallStateIncoming
	establishing = resources.CallStateEstablishing
	established  = resources.CallStateEstablished
	held         = resources.CallState("hold")
	over         = resources.CallStateTerminated
)

// settledAt waits until a member has nothing to do.
func (f *fleet) settledAt(m *member) {
	f.rig.t.Helper()
	f.rig.until(func(statefulclient.Stats) bool { return m.client.Stats().Goroutines == 0 })
}
