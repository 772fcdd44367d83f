package cluster

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/transport"
)

// queueTimeout is how long the platform waits for the queue.
const queueTimeout = 2 * time.Second

// The headers of a delivery in the queue, beside those of the platform.
const (
	tenantHeader   = "Graphcalls-Tenant"
	requestHeader  = "Graphcalls-Request"
	receivedHeader = "Graphcalls-Received" // in microseconds since 1970
)

// carried are the platform's headers that go with a delivery.
func carried() [5]string {
	return [...]string{
		"X-Microsoft-Skype-Message-Id", "X-Microsoft-Skype-Original-Message-Id",
		"X-Microsoft-Skype-Chain-Id", "X-Microsoft-Skype-Caller-Region", "Scenario-Id",
	}
}

var errNoNATS = errors.New("there is no connection to NATS")

// queue puts a delivery into the queue, as one message for each call it is about,
// and returns when the queue has it all. After an error it may have some of it:
// what is sent again has the same message ids, and is dropped.
func (f *fleet) queue(ctx context.Context, place string, d transport.Delivery) error {
	if !f.nc.IsConnected() {
		return errNoNATS // it would be kept for later, and answered now
	}
	ctx, cancel := context.WithTimeout(ctx, queueTimeout)
	defer cancel()
	var acks []jetstream.PubAckFuture
	var homeless []part
	for _, p := range split(d) {
		if p.call == "" {
			homeless = append(homeless, p)
			continue
		}
		msg, err := f.message(f.placeOf(ctx, place, p), p)
		if err != nil {
			return err
		}
		ack, err := f.streams.js.PublishMsgAsync(msg)
		if err != nil {
			return tooLarge(err)
		}
		acks = append(acks, ack)
	}
	for _, ack := range acks {
		if err := f.acknowledged(ctx, ack); err != nil {
			return err
		}
	}
	for _, p := range homeless { // last, for it is not known again
		if err := f.intake.Take(ctx, statefulclient.Queued{Delivery: p.Delivery}); err != nil {
			return err
		}
	}
	return nil
}

// placeOf is the place of a part. The address names that of the one call whose it
// is; what else is told there is looked up.
func (f *fleet) placeOf(ctx context.Context, place string, p part) string {
	if p.whole || place == "" {
		return place
	}
	if call, known := f.client.Calls().Get(p.id); known {
		return call.Place()
	}
	if record, err := f.records.find(ctx, p.id); err == nil {
		return record.place
	}
	return place
}

func (f *fleet) acknowledged(ctx context.Context, ack jetstream.PubAckFuture) error {
	select {
	case done := <-ack.Ok():
		f.counters.queued.Add(1)
		if done.Duplicate {
			f.counters.duplicates.Add(1)
		}
		return nil
	case err := <-ack.Err():
		return err
	case <-ctx.Done():
		return fmt.Errorf("the queue did not answer in time: %w", ctx.Err())
	}
}

func tooLarge(err error) error {
	if errors.Is(err, nats.ErrMaxPayload) {
		return fmt.Errorf("%w; so must max_payload of the NATS server be raised: %w", transport.ErrTooLarge, err)
	}
	return err
}

// part is what one delivery says of one call.
type part struct {
	transport.Delivery

	id    string // of the call, as it is spelt here
	call  string // the key of it; empty for what names no call
	whole bool   // the delivery is about nothing else
}

// split takes a delivery apart by call, and keeps the order of each.
func split(d transport.Delivery) []part {
	var parts []part
	at := map[string]int{}
	for i := range d.Notifications.Value {
		n := &d.Notifications.Value[i]
		var id, call string
		if path, ok := n.Path(); ok {
			id, call = path.CallID, resources.Key(path.CallID)
		}
		index, known := at[call]
		if !known {
			index = len(parts)
			at[call] = index
			parts = append(parts, part{Delivery: d, id: id, call: call})
			parts[index].Notifications = &resources.Notifications{}
		}
		parts[index].Notifications.Value = append(parts[index].Notifications.Value, *n)
	}
	if len(parts) == 1 {
		parts[0].whole = true
		parts[0].Notifications = d.Notifications
	}
	return parts
}

// message is a part as it stands in the queue. Its id is that of the platform's
// message: where the platform sent none there is none, for two facts may be told
// in the same words.
func (f *fleet) message(place string, p part) (*nats.Msg, error) {
	partition, call := f.partitionOf(place, p.call), token(p.call)
	msg := nats.NewMsg(f.names.inbox(strconv.Itoa(partition), call))
	if p.MessageID != "" {
		msg.Header.Set(jetstream.MsgIDHeader, p.MessageID+"."+call)
	}
	return msg, write(msg, p)
}

// write lays a delivery into a message; reader.read takes it out.
func write(msg *nats.Msg, p part) error {
	for _, name := range carried() {
		if value := p.Header(name); value != "" {
			msg.Header.Set(name, value)
		}
	}
	msg.Header.Set(tenantHeader, p.TenantID)
	msg.Header.Set(requestHeader, p.RequestURL)
	msg.Header.Set(receivedHeader, strconv.FormatInt(p.Received.UnixMicro(), 10))
	if p.whole {
		msg.Data = p.Raw().Body
		return nil
	}
	body, err := resources.Encode(p.Notifications)
	msg.Data = body
	return err
}

// reader reads deliveries as a webhook does, which is what they were read by.
type reader struct{ webhook *transport.Webhook }

type readKey struct{}

// Receive implements transport.Receiver: it hands the delivery to who reads.
func (reader) Receive(ctx context.Context, d transport.Delivery) (transport.Answer, error) {
	*ctx.Value(readKey{}).(*transport.Delivery) = d
	return transport.Answer{}, nil
}

func newReader() *reader {
	const enough = 1 << 30 // it was bounded where it came in
	return &reader{transport.NewWebhook(transport.WebhookOptions{Receiver: reader{}, MaxBodyBytes: enough, MaxNotifications: enough})}
}

func (r *reader) read(ctx context.Context, header nats.Header, body []byte) (transport.Delivery, error) {
	var d transport.Delivery
	_, err := r.webhook.DeliverTrusted(context.WithValue(ctx, readKey{}, &d), transport.TrustedDelivery{
		TenantID: header.Get(tenantHeader), RequestURL: header.Get(requestHeader), Header: http.Header(header), Body: body,
	})
	if received, problem := strconv.ParseInt(header.Get(receivedHeader), 10, 64); problem == nil {
		d.Received = time.UnixMicro(received)
	}
	return d, err
}
