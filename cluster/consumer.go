package cluster

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"

	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/transport"
)

const (
	// ackWait is how long a delivery may wait for its handlers before it is sent
	// again, for this instance to recognise.
	ackWait = 5 * time.Minute
	// maxUnsettled bounds what one partition's calls have taken in and not settled.
	maxUnsettled = 100_000
	// pullAhead is how many deliveries are under way to this instance at once.
	pullAhead = 256
	// pullBeat is how often NATS says that it is there while there is nothing else
	// to say; twice that without a word, and the consumer is opened anew.
	pullBeat   = time.Second
	pullExpiry = 10 * time.Second
	// busyAgain is when a delivery comes again that a call had no room for.
	busyAgain = 300 * time.Millisecond
	// openTimeout bounds the removal of former consumers, and the making of a new
	// one: NATS does not answer what it was asked while a leader was lacking.
	// openAgain is when it is tried again.
	openTimeout = time.Second
	openAgain   = 200 * time.Millisecond
)

var errGap = errors.New("a delivery was lost on its way")

// consumer works off the queue of one partition, in the order of the queue for
// each call. It is opened anew after any doubt: everything not settled then comes
// again, in order, and what is under way is recognised.
type consumer struct {
	tenure *tenure

	mu       sync.Mutex
	underWay map[uint64]jetstream.Msg // taken and not settled, by position
	backlog  backlog                  // the pulling goroutine's alone
}

// consume works off the partition's queue until the tenure ends.
func (t *tenure) consume() {
	c := &consumer{tenure: t, underWay: map[uint64]jetstream.Msg{}}
	failed := false
	for t.context.Err() == nil {
		dialled := t.fleet.whenDialled()
		opened, err := c.open(t.context)
		if err == nil {
			failed = false
			err = c.pull(opened, dialled)
		} else if !failed && t.context.Err() == nil {
			failed = true
			t.fleet.log.Warn("the queue of a partition cannot be read yet", zap.String("partition", t.place), zap.Error(err))
		}
		if err != nil && !pause(t.context, openAgain) {
			return
		}
	}
}

// open makes the partition's consumer, in place of any there was. Its name has
// the epoch, so that a former owner cannot take from it.
func (c *consumer) open(ctx context.Context) (jetstream.Consumer, error) {
	t := c.tenure
	if err := t.hold(ctx); err != nil {
		return nil, err
	}
	c.backlog = backlog{}
	if err := c.removeAll(ctx); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	return t.fleet.streams.inbox.CreateConsumer(ctx, jetstream.ConsumerConfig{
		Durable: consumerPrefix(t.place) + strconv.FormatUint(t.epoch, 10), FilterSubject: t.fleet.names.inbox(t.place, "*"),
		AckPolicy: jetstream.AckExplicitPolicy, AckWait: ackWait, MaxAckPending: maxUnsettled, MemoryStorage: true,
	})
}

func consumerPrefix(place string) string { return "partition-" + place + "-" }

func (c *consumer) removeAll(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel() // ends the list where it is not read to its end
	inbox, prefix := c.tenure.fleet.streams.inbox, consumerPrefix(c.tenure.place)
	names := inbox.ConsumerNames(ctx)
	for name := range names.Name() {
		if !strings.HasPrefix(name, prefix) {
			continue
		}
		if err := inbox.DeleteConsumer(ctx, name); err != nil && !errors.Is(err, jetstream.ErrConsumerNotFound) {
			return fmt.Errorf("remove consumer %s: %w", name, err)
		}
	}
	return names.Err()
}

// pull takes deliveries until the tenure ends or the consumer is in doubt.
func (c *consumer) pull(opened jetstream.Consumer, dialled <-chan struct{}) error {
	messages, err := opened.Messages(jetstream.PullMaxMessages(pullAhead), jetstream.PullExpiry(pullExpiry), jetstream.PullHeartbeat(pullBeat))
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(c.tenure.context)
	defer cancel()
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		select {
		case <-ctx.Done():
		case <-dialled:
		}
		messages.Stop()
	}()
	defer func() { <-stopped }()
	defer cancel()
	for last := uint64(0); ; last++ {
		msg, err := messages.Next()
		if errors.Is(err, jetstream.ErrMsgIteratorClosed) {
			return nil
		}
		if err != nil {
			return err
		}
		meta, err := msg.Metadata()
		if err != nil {
			return err
		}
		if meta.Sequence.Consumer != last+1 {
			return errGap
		}
		if err := c.deliver(ctx, msg, meta.Sequence.Stream); err != nil {
			return err
		}
	}
}

// deliver hands one delivery to its call. An error says that the consumer must
// be opened anew.
func (c *consumer) deliver(ctx context.Context, msg jetstream.Msg, position uint64) error {
	t := c.tenure
	if err := t.hold(ctx); err != nil {
		return err
	}
	if c.swap(msg, position) {
		return nil
	}
	call := callToken(msg.Subject())
	if c.backlog.before(call, position) {
		return c.later(msg, call, position)
	}
	d, err := t.fleet.reader.read(ctx, msg.Headers(), msg.Data())
	if err != nil {
		t.fleet.log.Error("a notification in the queue cannot be read, and is dropped", zap.Uint64("position", position), zap.Error(err))
		return msg.TermWithReason("not a notification")
	}
	c.put(msg, position)
	err = t.fleet.intake.Take(ctx, statefulclient.Queued{
		Delivery: d, Place: t.place, Position: position, Settled: func() { c.settled(position) },
	})
	switch {
	case err == nil:
		c.backlog.taken(call, position)
		t.fleet.counters.delivered.Add(1)
		return nil
	case errors.Is(err, transport.ErrBusy), errors.Is(err, transport.ErrClosed): // closed to new calls alone, while it shuts down
		c.drop(position)
		t.fleet.counters.busy.Add(1)
		return c.later(msg, call, position)
	default:
		c.drop(position)
		return err
	}
}

// later has a delivery come again, and all that follow it of its call.
func (c *consumer) later(msg jetstream.Msg, call string, position uint64) error {
	c.backlog.wait(call, position)
	return msg.NakWithDelay(busyAgain)
}

func (c *consumer) put(msg jetstream.Msg, position uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.underWay[position] = msg
}

func (c *consumer) drop(position uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.underWay, position)
}

// swap reports whether a delivery is under way already: it will be settled by the
// copy that came last, which alone NATS waits for.
func (c *consumer) swap(msg jetstream.Msg, position uint64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, known := c.underWay[position]
	if known {
		c.underWay[position] = msg
		c.tenure.fleet.counters.redelivered.Add(1)
	}
	return known
}

// settled acknowledges a delivery. What is said to a consumer that is no more has
// no effect: the delivery comes again, and the call's record knows it.
func (c *consumer) settled(position uint64) {
	c.mu.Lock()
	msg := c.underWay[position]
	delete(c.underWay, position)
	c.mu.Unlock()
	if msg == nil {
		return
	}
	c.tenure.fleet.counters.settled.Add(1)
	if err := msg.Ack(); err != nil {
		c.tenure.fleet.log.Debug("not acknowledged", zap.Uint64("position", position), zap.Error(err))
	}
}

// callToken is the part of a subject that names the call.
func callToken(subject string) string { return subject[strings.LastIndexByte(subject, '.')+1:] }
