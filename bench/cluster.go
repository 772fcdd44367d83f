package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/graphcalls/graphcalls-go/cluster"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

func clusterFigures() []Figure {
	return []Figure{
		{
			"cluster_throughput", "a notification through a cluster, until it is told, saved and acknowledged: " +
				"raw JetStream's publish, consume and ack / all that we do", Bound{AtLeast: 0.5}, clusterThroughput,
		},
		{
			"cluster_latency", "from the webhook to the handler, median: milliseconds that a cluster adds to one process alone",
			Bound{}, clusterLatency,
		},
	}
}

const (
	fleetName   = "bench"
	fleetCalls  = 1024
	fleetAtOnce = 256 // POSTs, or publications, under way
)

// clusterThroughput compares a fleet of one instance, with NATS in this process
// and its streams on disk, with what JetStream itself takes for the same bodies:
// on a stream as the fleet's own, published with message ids by as many as post to
// the fleet, each of whom waits for the stream's answer as a POST has to, consumed
// and acknowledged. On both sides so many are under way, each from its POST, or
// publication, until it has been told, or consumed; and a round is over when NATS
// holds nothing more. Ours writes the records of calls besides; the note says how
// many.
//
// What a round begins and ends with is not what goes on in between, so it is longer
// than elsewhere.
func clusterThroughput(b *Bench) (result Result, err error) {
	ctx := context.Background()
	f, err := openFleet(ctx, fleetCalls)
	if err != nil {
		return Result{}, err
	}
	defer func() { err = errors.Join(err, f.close()) }()
	peer, err := openRaw(ctx, f)
	if err != nil {
		return Result{}, err
	}
	defer peer.close()
	before, posts := f.client.Stats().Saves, f.rig.deliveries.Load()
	steadier := *b
	steadier.Slice *= 16
	c, err := steadier.Compare(
		func(n int) error { return f.post(ctx, n) },
		func(n int) error { return peer.publish(ctx, n) })
	if err != nil {
		return Result{}, err
	}
	if err := f.rig.rest(ctx); err != nil {
		return Result{}, err
	}
	result = c.Result()
	result.Note = fmt.Sprintf("%.0f notifications a second; %d calls, %d bytes a body, %d under way, %.2f records saved for each",
		float64(time.Second)/float64(c.Ours.Time), fleetCalls, len(saysOfCall(0, "1")), fleetAtOnce,
		float64(f.client.Stats().Saves-before)/float64(f.rig.deliveries.Load()-posts))
	return result, nil
}

// clusterLatency has one notification at a time under way.
func clusterLatency(b *Bench) (result Result, err error) {
	ctx := context.Background()
	const calls = 8
	f, err := openFleet(ctx, calls)
	if err != nil {
		return Result{}, err
	}
	defer func() { err = errors.Join(err, f.close()) }()
	alone, err := holding(ctx, calls, statefulclient.Limits{})
	if err != nil {
		return Result{}, err
	}
	defer alone.close()
	ours, peer := &walk{rig: f.rig, calls: calls}, &walk{rig: alone, calls: calls}
	if _, err := b.Compare(
		func(n int) error { return ours.take(ctx, n) },
		func(n int) error { return peer.take(ctx, n) }); err != nil {
		return Result{}, err
	}
	if err := errors.Join(f.rig.rest(ctx), alone.rest(ctx)); err != nil {
		return Result{}, err
	}
	through, direct := ours.latencies.at(50), peer.latencies.at(50)
	return Result{
		Ours: short(through), Peer: short(direct), Value: (through - direct).Seconds() * 1e3,
		Note: "NATS is in this process, reached over loopback",
	}, nil
}

// walk posts one update after the other, each when a handler was told of the one
// before.
type walk struct {
	rig       *rig
	calls     int
	sent      int
	latencies latencies
}

func (w *walk) take(ctx context.Context, n int) error {
	for range n {
		w.sent++
		body := saysOfCall(w.sent%w.calls, strconv.Itoa(w.sent))
		began := time.Now()
		if err := w.rig.deliver(ctx, body); err != nil {
			return err
		}
		if err := w.rig.heard(ctx, 1); err != nil {
			return err
		}
		w.latencies.add(time.Since(began))
	}
	return nil
}

// benched is a fleet of one instance whose calls are live, and its NATS.
type benched struct {
	folder string
	server *server.Server
	nc     *nats.Conn
	stream jetstream.Stream // of what came in
	client *cluster.Client
	rig    *rig
	window chan struct{} // a place in it for each notification under way
	news   *newsOfMany
}

func openFleet(ctx context.Context, calls int) (*benched, error) {
	f := &benched{window: make(chan struct{}, fleetAtOnce), news: newNewsOfMany(fleetCalls, fleetAtOnce)}
	if err := f.open(ctx, calls); err != nil {
		return nil, errors.Join(err, f.close())
	}
	return f, nil
}

func (f *benched) open(ctx context.Context, calls int) (err error) {
	if f.folder, err = os.MkdirTemp("", "bench-nats-"); err != nil {
		return err
	}
	if f.server, err = startNATS(f.folder); err != nil {
		return err
	}
	if f.nc, err = nats.Connect(f.server.ClientURL()); err != nil {
		return err
	}
	f.client, err = cluster.Join(ctx, f.nc, rigBuilder(guid(0, 1), anybody{}), cluster.Options{
		Name: fleetName, Key: make([]byte, 32), Lease: patience, Subscribe: f.subscribe,
	})
	if err != nil {
		return err
	}
	js, err := jetstream.New(f.nc)
	if err != nil {
		return err
	}
	if f.stream, err = js.Stream(ctx, fleetName+"_inbox"); err != nil {
		return err
	}
	if err := f.rig.hold(ctx, calls); err != nil {
		return err
	}
	return f.settle(ctx)
}

func startNATS(folder string) (*server.Server, error) {
	s, err := server.NewServer(&server.Options{
		Host: "127.0.0.1", Port: server.RANDOM_PORT, JetStream: true, StoreDir: folder, NoLog: true, NoSigs: true,
	})
	if err != nil {
		return nil, err
	}
	s.Start()
	if !s.ReadyForConnections(patience) {
		return s, errors.New("NATS does not start")
	}
	return s, nil
}

func (f *benched) subscribe(client *statefulclient.Client) {
	f.rig = rigOf(client)
	client.Calls().OnUpdated(func(_ context.Context, e statefulclient.CollectionEvent[*statefulclient.Call]) {
		for range len(e.Updated) + e.Missed {
			leave(f.window)
		}
	})
}

// post has those who post work side by side, and returns when NATS holds nothing more of theirs.
func (f *benched) post(ctx context.Context, n int) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := sideBySide(fleetAtOnce, n, func(poster, share int) error { return f.postSome(ctx, poster, share) }); err != nil {
		return err
	}
	if err := f.rig.heard(ctx, n); err != nil {
		return err
	}
	return f.settle(ctx)
}

// settle has saved what waits for more, and returns when NATS holds nothing.
func (f *benched) settle(ctx context.Context) error {
	if err := f.client.Flush(ctx); err != nil {
		return err
	}
	return emptied(ctx, f.stream)
}

func (f *benched) postSome(ctx context.Context, poster, n int) error {
	for range n {
		if err := enter(ctx, f.window); err != nil {
			return err
		}
		if err := f.rig.deliver(ctx, f.news.next(poster)); err != nil {
			return err
		}
	}
	return nil
}

// enter waits for room in a window.
func enter(ctx context.Context, window chan struct{}) error {
	select {
	case window <- struct{}{}:
		return nil
	case <-ctx.Done():
		return errors.New("what is under way does not arrive")
	}
}

// leave makes room in a window, if anybody is in it.
func leave(window chan struct{}) {
	select {
	case <-window:
	default:
	}
}

func (f *benched) close() error {
	if f.client != nil {
		f.client.Close()
	}
	if f.nc != nil {
		f.nc.Close()
	}
	if f.server != nil {
		f.server.Shutdown()
		f.server.WaitForShutdown()
	}
	return os.RemoveAll(f.folder)
}
