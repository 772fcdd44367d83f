package observe_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	"github.com/stretchr/testify/require"
	otelprometheus "go.opentelemetry.io/otel/exporters/prometheus"
)

// exposed has what a client tells served as Prometheus reads it.
func exposed(t *testing.T) (*prometheus.Registry, rigOptions) {
	t.Helper()
	registry := prometheus.NewRegistry()
	reader, err := otelprometheus.New(otelprometheus.WithRegisterer(registry), otelprometheus.WithoutScopeInfo())
	require.NoError(t, err)
	return registry, rigOptions{reader: reader}
}

// exposition is what Prometheus reads.
func exposition(t *testing.T, registry *prometheus.Registry) string {
	t.Helper()
	reply := httptest.NewRecorder()
	promhttp.HandlerFor(registry, promhttp.HandlerOpts{}).ServeHTTP(reply, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	require.Equal(t, http.StatusOK, reply.Code)
	return reply.Body.String()
}

func TestExpositionIsAsPrometheusWantsIt(t *testing.T) {
	registry, options := exposed(t)
	tell(t, options)
	families, err := registry.Gather()
	require.NoError(t, err)
	require.Greater(t, len(families), 40)
	problems, err := promlint.NewWithMetricFamilies(families).Lint()
	require.NoError(t, err)
	require.Empty(t, problems)
}

// Histograms name a trace for each bucket, where there is one.
func TestHistogramsHaveExemplars(t *testing.T) {
	registry, options := exposed(t)
	tell(t, options)
	request := httptest.NewRequest(http.MethodGet, "/metrics", nil)
	request.Header.Set("Accept", "application/openmetrics-text; version=1.0.0")
	reply := httptest.NewRecorder()
	promhttp.HandlerFor(registry, promhttp.HandlerOpts{EnableOpenMetrics: true}).ServeHTTP(reply, request)
	for _, metric := range []string{"http_client_request", "graphcalls_handler", "graphcalls_delivery", "graphcalls_handler_wait", "graphcalls_notification_lag", "graphcalls_call_duration"} {
		require.Regexp(t, `(?m)^`+metric+`.*_bucket\{.*\} \d+ # \{.*trace_id="[0-9a-f]{32}"`, reply.Body.String())
	}
}
