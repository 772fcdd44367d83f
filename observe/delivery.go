package observe

import (
	"context"
	"errors"
	"time"

	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/transport"
)

// system is what messages come from.
const system = "microsoft_graph"

// What is done with a POST: it comes in, and in a fleet it is taken from the queue
// then.
const (
	deliver = "deliver"
	take    = "take"
)

// DeliveryStarted begins the span that what the POST leads to is below.
func (o *observer) DeliveryStarted(ctx context.Context, d statefulclient.ObservedDelivery) context.Context {
	operation, began := deliver, d.Received
	if d.FromQueue {
		operation, began = take, time.Now()
	}
	ctx, span := o.tracer.Start(ctx, operation+" notifications",
		trace.WithSpanKind(trace.SpanKindConsumer), trace.WithTimestamp(began))
	if !span.IsRecording() {
		return ctx
	}
	span.SetAttributes(known(
		semconv.MessagingSystemKey.String(system),
		semconv.MessagingOperationName(operation),
		semconv.MessagingOperationTypeReceive,
		semconv.MessagingMessageID(d.MessageID),
		semconv.MessagingBatchMessageCount(len(d.Notifications.Value)),
		scenarioIDKey.String(d.ScenarioID),
	)...)
	ids := callsOf(d)
	if len(ids) == 1 {
		span.SetAttributes(callIDKey.String(ids[0]))
	}
	for _, id := range ids {
		o.lives.of(id).link(span, span.SpanContext())
	}
	return ctx
}

// DeliveryEnded ends that span.
func (o *observer) DeliveryEnded(ctx context.Context, d statefulclient.ObservedDelivery, err error) {
	errorType := deliveryError(err)
	if span := trace.SpanFromContext(ctx); span.IsRecording() {
		if err != nil {
			failed(span, errorType)
		}
		span.End()
	}
	if !d.FromQueue { // the platform waits for no queue
		o.metrics.delivery.Record(ctx, time.Since(d.Received).Seconds(), o.deliveries.of(errorType, labelledError).record...)
	}
}

func labelledError(errorType string) labels {
	return newLabels(known(semconv.ErrorTypeKey.String(errorType))...)
}

// deliveryError sorts why a POST was not taken; "" if it was.
func deliveryError(err error) string {
	var reason transport.Reason
	switch {
	case err == nil:
	case errors.Is(err, transport.ErrBusy):
		reason = transport.ReasonBusy
	case errors.Is(err, transport.ErrClosed):
		reason = transport.ReasonClosed
	case errors.Is(err, transport.ErrMisrouted):
		reason = transport.ReasonMisrouted
	case errors.Is(err, transport.ErrNoRoute):
		reason = transport.ReasonNoRoute
	case errors.Is(err, transport.ErrPanic):
		reason = transport.ReasonPanic
	default:
		return semconv.ErrorTypeOther.Value.AsString()
	}
	return string(reason)
}

// callsOf lists the calls that a POST is about.
func callsOf(d statefulclient.ObservedDelivery) []string {
	var ids []string
	for i := range d.Notifications.Value {
		path, ok := d.Notifications.Value[i].Path()
		if ok && (len(ids) == 0 || ids[len(ids)-1] != path.CallID) {
			ids = append(ids, path.CallID)
		}
	}
	return ids
}
