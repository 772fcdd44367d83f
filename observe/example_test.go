package observe_test

import (
	"context"
	"net/http"

	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.opentelemetry.io/otel/exporters/prometheus"
	"go.opentelemetry.io/otel/sdk/metric"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/graphcalls/graphcalls-go/observe"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// Traces and metrics go to OpenTelemetry's global providers.
func ExampleStart() {
	run := func(client *statefulclient.Client) error {
		telemetry, err := observe.Start(client, observe.Options{})
		if err != nil {
			return err
		}
		defer telemetry.Stop()
		return serve(client)
	}
	_ = run
}

// Prometheus reads the metrics at /metrics.
func ExampleStart_prometheus() {
	run := func(client *statefulclient.Client) error {
		exporter, err := prometheus.New(prometheus.WithoutScopeInfo()) // go.opentelemetry.io/otel/exporters/prometheus
		if err != nil {
			return err
		}
		telemetry, err := observe.Start(client, observe.Options{MeterProvider: metric.NewMeterProvider(metric.WithReader(exporter))})
		if err != nil {
			return err
		}
		defer telemetry.Stop()
		http.Handle("/metrics", promhttp.Handler())
		return serve(client)
	}
	_ = run
}

// One trace in a hundred is kept, whole; an exporter takes it away.
func ExampleStart_traces() {
	run := func(client *statefulclient.Client, exporter sdktrace.SpanExporter) error {
		traces := sdktrace.NewTracerProvider(
			sdktrace.WithSampler(sdktrace.ParentBased(sdktrace.TraceIDRatioBased(0.01))),
			sdktrace.WithBatcher(exporter),
		)
		defer traces.Shutdown(context.Background())
		telemetry, err := observe.Start(client, observe.Options{TracerProvider: traces})
		if err != nil {
			return err
		}
		defer telemetry.Stop()
		return serve(client)
	}
	_ = run
}

// serve serves the bot's webhook.
func serve(client *statefulclient.Client) error {
	http.Handle("/api/calls", client.Handler())
	return http.ListenAndServe(":8080", nil)
}
