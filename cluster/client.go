package cluster

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"go.uber.org/zap"

	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// leaveTimeout bounds what leaving tells NATS; without it the others wait for the
// lease to pass.
const leaveTimeout = time.Second

// Client is a statefulclient.Client that is one of a fleet. Its calls are those
// this instance owns, its Handler takes what the platform tells of any call, and
// Find reaches the others.
type Client struct {
	*statefulclient.Client

	fleet  *fleet
	verbs  *verbs
	closed sync.Once
}

// Join builds the builder's client as one of a fleet whose instances share the
// calls of one bot by way of NATS JetStream. The builder needs what any client
// needs, but no store and no instance: Join sets both. The connection stays the
// caller's, to be closed after the client.
//
// It makes the streams and buckets that are missing; one that is there and does
// not fit is an error that says what to do. It returns when this instance is a
// member. The partitions it is to own come moments after; ctx bounds joining
// alone. After an error nothing is left of it.
func Join(ctx context.Context, nc *nats.Conn, builder *statefulclient.StatefulClientBuilder, options Options) (*Client, error) {
	options = options.withDefaults()
	if err := options.check(); err != nil {
		return nil, fmt.Errorf("cluster: cannot join: %w", err)
	}
	c, err := build(nc, builder, options)
	if err != nil {
		return nil, fmt.Errorf("cluster: cannot join: %w", err)
	}
	if err := c.start(ctx); err != nil {
		c.Client.Close()
		return nil, fmt.Errorf("cluster: cannot join: %w", err)
	}
	return c, nil
}

func build(nc *nats.Conn, builder *statefulclient.StatefulClientBuilder, o Options) (*Client, error) {
	f := &fleet{
		options: o, nc: nc, log: o.Logger, reader: newReader(), commands: map[string]Runnable{},
		nudges: make(chan struct{}, 1), turns: make(chan struct{}, requestsAtOnce), news: make(chan struct{}), dial: make(chan struct{}),
	}
	f.context, f.leave = context.WithCancelCause(context.Background())
	f.records = newRecords(func(callID string) (string, bool) {
		call, known := f.client.Calls().Get(callID)
		if !known {
			return "", false
		}
		return call.Place(), true
	}, func(place string) bool { return f.tenureOf(place) != nil })
	builder.SetStore(f.records).SetFleet(o.Key, func(intake statefulclient.Intake) statefulclient.Fleet {
		f.intake = intake
		return f
	})
	client, err := builder.Build()
	if err != nil {
		return nil, err
	}
	f.client = client
	c := &Client{Client: client, fleet: f, verbs: newVerbs()}
	for _, command := range append(c.verbs.all(), o.Commands...) {
		f.commands[command.Name()] = command
	}
	f.names, err = newNames(cmp.Or(o.Name, client.AppID()))
	if err != nil {
		client.Close()
	}
	return c, err
}

func (c *Client) start(ctx context.Context) error {
	f := c.fleet
	var err error
	if f.streams, err = openStreams(ctx, f.nc, f.names, f.options); err != nil {
		return err
	}
	f.records.open(f.streams)
	f.registry = &registry{kv: f.streams.fleet, partitions: f.options.Partitions}
	f.others = newOthers(f.streams.fleet, f.options.Lease)
	f.seen.Store(&view{table: newTable(f.options.Partitions)})
	f.makeTenures()
	if f.options.Subscribe != nil {
		f.options.Subscribe(c.Client)
	}
	if err := f.enter(ctx); err != nil {
		return err
	}
	if err := f.listen(); err != nil {
		f.stop()
		f.goodbye()
		return err
	}
	return nil
}

// Drain hands this instance's calls over to the others, a few partitions at a
// time: what has been taken in is told and saved first, what comes meanwhile waits
// for the next owner, and no call is hung up. Then it leaves the fleet and closes
// the client. From the beginning it places no more calls. The Handler goes on to
// take what the platform tells until the end of it.
//
// When ctx ends first it leaves all the same, as Close does, and returns an error
// that wraps the context's. The last instance of a fleet leaves its calls as they
// are saved, for the next to join. It must not be called from a handler, for which
// it would wait: with a handler's context it returns ErrFromHandler and does
// nothing.
func (c *Client) Drain(ctx context.Context) error {
	if statefulclient.EventID(ctx) != "" {
		return statefulclient.ErrFromHandler
	}
	defer c.Close()
	f := c.fleet
	if f.context.Err() != nil {
		return ErrClosed
	}
	f.draining.Store(true)
	f.changed()
	for {
		news := f.whenChanged()
		if f.drained() {
			return nil
		}
		if err := f.sayDraining(ctx); err != nil {
			f.log.Debug("not draining yet", zap.Error(err))
		}
		timer := time.NewTimer(f.options.Lease)
		select {
		case <-news:
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return fmt.Errorf("cluster: %d partitions were not handed over: %w", f.owned(), ctx.Err())
		}
		timer.Stop()
	}
}

// Shutdown hangs up the calls this instance owns, waits until they have ended and
// their handlers have returned, and leaves the fleet: see
// statefulclient.Client.Shutdown. Calls of other instances go on.
func (c *Client) Shutdown(ctx context.Context) error {
	err := c.Client.Shutdown(ctx)
	if !errors.Is(err, statefulclient.ErrFromHandler) {
		c.Close()
	}
	return err
}

// Close leaves the fleet at once: the calls go on at the platform, and the other
// instances take them over as they were last saved. It waits a moment for NATS to
// be told, and for its own goroutines; never for handlers. It may be called twice.
func (c *Client) Close() {
	c.closed.Do(func() {
		c.fleet.stop()
		c.Client.Close()
		c.fleet.goodbye()
		c.fleet.work.Wait()
		c.fleet.streams.js.CleanupPublisher()
	})
}
