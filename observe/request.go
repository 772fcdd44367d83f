package observe

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strconv"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/transport"
)

// createCall is the action that places a call.
const createCall = "createCall"

// RequestStarted begins the span of a request, below the handler's it is made in.
func (o *observer) RequestStarted(ctx context.Context, r statefulclient.ObservedRequest) context.Context {
	about := o.requestAttributes(&r)
	ctx, span := o.tracer.Start(ctx, r.Method+" "+template(r.Route), trace.WithSpanKind(trace.SpanKindClient),
		trace.WithTimestamp(r.Started), trace.WithAttributes(about...))
	if !span.IsRecording() {
		return ctx
	}
	span.SetAttributes(known(
		actionKey.String(r.Action),
		callIDKey.String(r.CallID),
		scenarioIDKey.String(r.ScenarioID),
	)...)
	o.lives.of(r.CallID).link(span, span.SpanContext())
	return ctx
}

// RequestEnded ends that span.
func (o *observer) RequestEnded(ctx context.Context, r statefulclient.ObservedRequest, x transport.Exchange) {
	errorType := requestError(x)
	if span := trace.SpanFromContext(ctx); span.IsRecording() {
		o.endRequest(span, &r, &x, errorType)
	}
	about := o.requestAttributes(&r)
	if x.Attempts > 1 {
		o.metrics.resends.Add(ctx, int64(x.Attempts-1), metric.WithAttributes(about[:2]...))
	}
	if x.StatusCode != 0 {
		about = append(about, semconv.HTTPResponseStatusCode(x.StatusCode))
	}
	about = append(about, known(semconv.ErrorTypeKey.String(errorType))...)
	o.metrics.request.Record(ctx, x.Duration.Seconds(), metric.WithAttributes(about...))
}

func (o *observer) endRequest(span trace.Span, r *statefulclient.ObservedRequest, x *transport.Exchange, errorType string) {
	span.SetAttributes(known(requestIDKey.String(x.RequestID), clientRequestKey.String(x.ClientRequestID))...)
	if x.StatusCode != 0 {
		span.SetAttributes(semconv.HTTPResponseStatusCode(x.StatusCode))
	}
	if x.Attempts > 1 {
		span.SetAttributes(semconv.HTTPRequestResendCount(x.Attempts - 1))
	}
	switch own := span.SpanContext(); {
	case errorType != "":
		failed(span, errorType)
	case r.Action == createCall && own.IsSampled():
		o.lives.placed.put(r.ScenarioID, own)
	}
	span.End(trace.WithTimestamp(r.Started.Add(x.Duration)))
}

// requestAttributes begin with method and route, which are all that may label a
// metric beside the platform's address.
func (o *observer) requestAttributes(r *statefulclient.ObservedRequest) []attribute.KeyValue {
	attributes := make([]attribute.KeyValue, 0, 4+len(o.server))
	attributes = append(attributes,
		semconv.HTTPRequestMethodKey.String(r.Method), semconv.URLTemplate(template(o.routes.of(r.Route))))
	return append(attributes, o.server...)
}

func template(route string) string { return "/" + strings.TrimPrefix(route, "/") }

// requestError sorts what went wrong; "" if nothing did.
func requestError(x transport.Exchange) string {
	if x.StatusCode >= http.StatusBadRequest {
		return strconv.Itoa(x.StatusCode)
	}
	if x.Err == nil {
		return ""
	}
	if _, ok := errors.AsType[*auth.TokenError](x.Err); ok {
		return "token"
	}
	if _, ok := errors.AsType[*net.DNSError](x.Err); ok {
		return "dns"
	}
	var timeout interface{ Timeout() bool }
	switch {
	case errors.Is(x.Err, context.Canceled):
		return "canceled"
	case errors.As(x.Err, &timeout) && timeout.Timeout():
		return "timeout"
	}
	if _, ok := errors.AsType[*net.OpError](x.Err); ok {
		return "connection"
	}
	return semconv.ErrorTypeOther.Value.AsString()
}
