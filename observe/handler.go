package observe

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// panicked is the error type of a handler that did.
const panicked = "panic"

// handlerNames are what is told of all handlers of one kind.
type handlerNames struct {
	span                    string
	waited, ended, panicked labels
}

func newHandlerNames(event string) handlerNames {
	kind := eventKey.String(event)
	return handlerNames{"handle " + event, newLabels(kind), newLabels(kind), newLabels(kind, semconv.ErrorTypeKey.String(panicked))}
}

func (o *observer) namesOf(event string) *handlerNames {
	return o.handlers.of(o.events.of(event), newHandlerNames)
}

// HandlerStarted begins the span that the handler's own are below.
func (o *observer) HandlerStarted(above context.Context, run statefulclient.HandlerRun) context.Context {
	names := o.namesOf(run.Event)
	o.metrics.waited.Record(above, run.Waited.Seconds(), names.waited.record...)
	ctx, span := o.tracer.Start(above, names.span, trace.WithTimestamp(run.Started))
	if !span.IsRecording() {
		return ctx
	}
	span.SetAttributes(handlerAttributes(&run)...)
	if run.Call != nil { // of which it may be the first that is told
		o.lives.begin(run.Call).link(span, trace.SpanContextFromContext(above))
	}
	return ctx
}

func handlerAttributes(run *statefulclient.HandlerRun) []attribute.KeyValue {
	attributes := known(
		eventKey.String(run.Event),
		eventIDKey.String(run.ID),
		causeKey.String(string(run.Cause)),
		waitedKey.Float64(run.Waited.Seconds()),
	)
	if run.Call != nil {
		attributes = append(attributes, callIDKey.String(run.Call.ID()))
	}
	if run.Missed > 0 {
		attributes = append(attributes, missedKey.Int(run.Missed))
	}
	if run.Initial {
		attributes = append(attributes, initialKey.Bool(true))
	}
	return attributes
}

// HandlerEnded ends that span.
func (o *observer) HandlerEnded(ctx context.Context, run statefulclient.HandlerRun, end statefulclient.HandlerEnd) {
	names := o.namesOf(run.Event)
	told := names.ended
	if end.Panicked {
		told = names.panicked
	}
	if span := trace.SpanFromContext(ctx); span.IsRecording() {
		if end.Panicked {
			failed(span, panicked)
		}
		span.End(trace.WithTimestamp(run.Started.Add(end.Duration)))
	}
	o.metrics.handler.Record(ctx, end.Duration.Seconds(), told.record...)
}
