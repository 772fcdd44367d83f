package observe

import (
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// observer is what a client tells. Each of its nouns has a file.
type observer struct {
	tracer  trace.Tracer
	metrics instruments
	server  []attribute.KeyValue
	lives   lives

	routes     words
	events     words
	handlers   memo[string, handlerNames]
	stages     memo[stage, labels]
	ends       memo[end, labels]
	deliveries memo[string, labels]
}

var _ statefulclient.Observer = (*observer)(nil)

// failed marks a span as of something that went wrong. What the error says is not
// told: it may hold personal data.
func failed(span trace.Span, errorType string) {
	span.SetAttributes(semconv.ErrorTypeKey.String(errorType))
	span.SetStatus(codes.Error, errorType)
}

// known leaves out attributes that hold nothing.
func known(attributes ...attribute.KeyValue) []attribute.KeyValue {
	some := attributes[:0]
	for _, a := range attributes {
		if a.Value.Type() != attribute.STRING || a.Value.AsString() != "" {
			some = append(some, a)
		}
	}
	return some
}
