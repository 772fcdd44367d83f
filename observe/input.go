package observe

import (
	"context"
	"time"

	"go.opentelemetry.io/otel/attribute"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// InputWorkedOn tells what became of one thing that was heard of a call.
func (o *observer) InputWorkedOn(ctx context.Context, in statefulclient.ObservedInput) {
	now := time.Now()
	began := now
	if !in.Received.IsZero() {
		began = in.Received
	}
	var life *life
	if in.Call != nil {
		life = o.lives.begin(in.Call)
	}
	ctx = o.inputSpan(ctx, &in, life, began, now)
	if life == nil {
		return
	}
	if !in.Received.IsZero() {
		o.metrics.lag.Record(ctx, now.Sub(began).Seconds())
	}
	if in.Old != in.New && in.New != nil {
		o.changed(ctx, &in, life, began, now)
	}
}

// inputSpan tells a span that reaches from the arrival of what was heard until now.
func (o *observer) inputSpan(above context.Context, in *statefulclient.ObservedInput, life *life, began, now time.Time) context.Context {
	ctx, span := o.tracer.Start(above, "process "+in.About, trace.WithTimestamp(began))
	if !span.IsRecording() {
		return ctx
	}
	span.SetAttributes(inputAttributes(in)...)
	if life == nil {
		life = o.lives.of(in.CallID) // which is over
	}
	life.link(span, trace.SpanContextFromContext(above))
	span.End(trace.WithTimestamp(now))
	return ctx
}

func inputAttributes(in *statefulclient.ObservedInput) []attribute.KeyValue {
	attributes := known(
		callIDKey.String(in.CallID),
		aboutKey.String(in.About),
		causeKey.String(string(in.Cause)),
		verdictKey.String(string(in.Verdict)),
	)
	if in.MessageID != "" {
		attributes = append(attributes,
			semconv.MessagingSystemKey.String(system),
			semconv.MessagingOperationName("process"),
			semconv.MessagingOperationTypeProcess,
			semconv.MessagingMessageID(in.MessageID),
			itemKey.Int(in.Item),
		)
	}
	if in.New != nil {
		attributes = append(attributes, known(stateKey.String(string(in.New.State)))...)
	}
	if in.Edge != nil {
		attributes = append(attributes, known(stateBeforeKey.String(string(in.Edge.Old)))...)
	}
	if in.Participants > 0 {
		attributes = append(attributes, participantsKey.Int(in.Participants))
	}
	return attributes
}

// changed counts what a change of a call means.
func (o *observer) changed(ctx context.Context, in *statefulclient.ObservedInput, life *life, began, now time.Time) {
	at := o.lives.enter(life, in)
	stageLabels := o.stages.of(*at, func(s stage) labels { return newLabels(s.attributes()...) })
	if in.Edge != nil {
		o.metrics.transitions.Add(ctx, 1, stageLabels.add...)
	}
	if in.Old == nil {
		life.began.Store(&began)
		o.metrics.started.Add(ctx, 1, o.stages.of(stage{direction: at.direction}, startLabels).add...)
	}
	reason, over := in.Call.End()
	if !over {
		return
	}
	ended := o.ends.of(end{at.direction, reason.Class()}, endLabels)
	if !life.ended.Swap(true) { // and not told of the beginning, late
		o.metrics.ended.Add(ctx, 1, ended.add...)
	}
	if began := life.began.Swap(nil); began != nil {
		o.metrics.lasted.Record(ctx, now.Sub(*began).Seconds(), ended.record...)
	}
}

func startLabels(s stage) labels { return newLabels(directionKey.String(s.direction)) }

// end is what ends of calls are counted by.
type end struct {
	direction string
	class     statefulclient.EndClass
}

func endLabels(e end) labels {
	return newLabels(directionKey.String(e.direction), endClassKey.String(string(e.class)))
}
