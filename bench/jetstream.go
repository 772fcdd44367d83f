package main

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// raw is JetStream without us: the bodies of a fleet's calls through a stream as
// the fleet has it, to one consumer who takes them all.
type raw struct {
	fleet    *benched
	nc       *nats.Conn
	js       jetstream.JetStream
	stream   jetstream.Stream
	consumed *tally
	window   chan struct{}
	sent     atomic.Int64
	taken    int64
}

func openRaw(ctx context.Context, f *benched) (*raw, error) {
	r := &raw{fleet: f, consumed: newTally(), window: make(chan struct{}, fleetAtOnce)}
	if err := r.open(ctx); err != nil {
		r.close()
		return nil, err
	}
	return r, nil
}

func (r *raw) open(ctx context.Context) (err error) {
	if r.nc, err = nats.Connect(r.fleet.server.ClientURL()); err != nil {
		return err
	}
	if r.js, err = jetstream.New(r.nc); err != nil {
		return err
	}
	config := r.fleet.stream.CachedInfo().Config
	config.Name, config.Subjects = "raw", []string{"raw.*"}
	if r.stream, err = r.js.CreateStream(ctx, config); err != nil {
		return err
	}
	consumer, err := r.stream.CreateConsumer(ctx, jetstream.ConsumerConfig{
		Durable: "all", AckPolicy: jetstream.AckExplicitPolicy, MaxAckPending: rememberedPosts, MemoryStorage: true,
	})
	if err != nil {
		return err
	}
	_, err = consumer.Consume(func(msg jetstream.Msg) {
		if msg.Ack() == nil { // else the stream does not empty
			leave(r.window)
			r.consumed.add(1)
		}
	})
	return err // the consumer ends with the connection
}

// publish returns when NATS holds nothing more of what it published.
func (r *raw) publish(ctx context.Context, n int) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := sideBySide(fleetAtOnce, n, func(_, share int) error { return r.publishSome(ctx, share) }); err != nil {
		return err
	}
	r.taken += int64(n)
	if err := waitFor(ctx, r.consumed, r.taken); err != nil {
		return err
	}
	return emptied(ctx, r.stream)
}

func (r *raw) publishSome(ctx context.Context, n int) error {
	for range n {
		if err := enter(ctx, r.window); err != nil {
			return err
		}
		id := int(r.sent.Add(1))
		call, turn := id%fleetCalls, id/fleetCalls%2
		msg := nats.NewMsg("raw." + idOf(call))
		msg.Header.Set(jetstream.MsgIDHeader, guid(13, id))
		msg.Data = r.fleet.news.bodies[call][turn]
		answer, err := r.js.PublishMsgAsync(msg)
		if err != nil {
			return err
		}
		select {
		case <-answer.Ok():
		case err := <-answer.Err():
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// emptied waits until all that a stream had is acknowledged.
func emptied(ctx context.Context, stream jetstream.Stream) error {
	ticker := time.NewTicker(200 * time.Microsecond)
	defer ticker.Stop()
	for {
		info, err := stream.Info(ctx)
		if err != nil {
			return fmt.Errorf("the stream does not empty: %w", err)
		}
		if info.State.Msgs == 0 {
			return nil
		}
		<-ticker.C
	}
}

func (r *raw) close() {
	if r.js != nil {
		r.js.CleanupPublisher()
	}
	if r.nc != nil {
		r.nc.Close()
	}
}
