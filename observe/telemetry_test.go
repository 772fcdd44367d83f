package observe_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/observe"
	"github.com/graphcalls/graphcalls-go/transport"
)

func TestOptionsThatCannotBe(t *testing.T) {
	r := newRig(t)
	for _, address := range []string{"graph.microsoft.com", "https://", ":", "https://graph.microsoft.com:https"} {
		_, err := observe.Start(r.client, observe.Options{ServiceBaseURL: address})
		require.ErrorContains(t, err, "ServiceBaseURL", address)
	}
}

// Two clients of one process are told apart by the scope.
func TestScopeHasTheAttributes(t *testing.T) {
	r := newRig(t)
	r.telemetry.Stop()
	r.options.Attributes = []attribute.KeyValue{attribute.String("bot", "one")}
	r.restart()
	r.call(r.platform.AddPerson("Adele Vance"))
	for _, span := range r.spans() {
		require.Equal(t, observe.Scope, span.InstrumentationScope.Name)
		require.Equal(t, map[string]string{"bot": "one"}, attributesOf(span.InstrumentationScope.Attributes.ToSlice()))
	}
	var all metricdata.ResourceMetrics
	require.NoError(t, r.reader.Collect(t.Context(), &all))
	require.Len(t, all.ScopeMetrics, 1)
	require.Equal(t, map[string]string{"bot": "one"}, attributesOf(all.ScopeMetrics[0].Scope.Attributes.ToSlice()))
}

func TestGlobalProvidersAreTheDefault(t *testing.T) {
	r := newRig(t)
	r.telemetry.Stop()
	tracers, meters, reader := otel.GetTracerProvider(), otel.GetMeterProvider(), metric.NewManualReader()
	otel.SetTracerProvider(r.options.TracerProvider)
	provider := metric.NewMeterProvider(metric.WithReader(reader))
	defer func() { require.NoError(t, provider.Shutdown(context.WithoutCancel(t.Context()))) }()
	otel.SetMeterProvider(provider)
	r.options = observe.Options{}
	r.restart()
	otel.SetTracerProvider(tracers)
	otel.SetMeterProvider(meters)
	r.call(r.platform.AddPerson("Adele Vance"))
	create := r.span(named(createSpan))
	require.Equal(t, "graph.microsoft.com", attributesOf(create.Attributes)["server.address"])
	require.Equal(t, "443", attributesOf(create.Attributes)["server.port"])
	var all metricdata.ResourceMetrics
	require.NoError(t, reader.Collect(t.Context(), &all))
	require.Len(t, all.ScopeMetrics, 1)
}

func TestErrorsAreSorted(t *testing.T) {
	for want, x := range map[string]transport.Exchange{
		"":           {StatusCode: 202},
		"404":        {StatusCode: 404},
		"503":        {StatusCode: 503, Err: io.ErrUnexpectedEOF},
		"canceled":   {Err: &url.Error{Op: "Post", URL: "https://a/users/secret", Err: context.Canceled}},
		"timeout":    {Err: fmt.Errorf("waited: %w", context.DeadlineExceeded)},
		"dns":        {Err: &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "secret"}}},
		"connection": {Err: &net.OpError{Op: "dial", Err: errors.New("refused")}},
		"token":      {Err: fmt.Errorf("token: %w", &auth.TokenError{})},
		"_OTHER":     {Err: errors.New("secret")},
	} {
		require.Equal(t, want, observe.RequestError(x))
	}
	for want, err := range map[string]error{
		"": nil, "busy": transport.ErrBusy, "closed": fmt.Errorf("it is: %w", transport.ErrClosed), "misrouted": transport.ErrMisrouted,
		"noRoute": transport.ErrNoRoute, "panic": transport.ErrPanic, "_OTHER": errors.New("secret"),
	} {
		require.Equal(t, want, observe.DeliveryError(err))
	}
}
