package observe_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/sdk/metric"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	tracenoop "go.opentelemetry.io/otel/trace/noop"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/observe"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// BenchmarkObserved does the same updates at clients that are observed and at one
// that is not, in turns: from the POST, with a token, to the end of a handler.
func BenchmarkObserved(b *testing.B) {
	plain := newTold(b, nil)
	sides := []struct {
		name string
		told *told
	}{
		{"observe_metrics_cost", newTold(b, &observe.Options{TracerProvider: tracenoop.NewTracerProvider()})},
		{"observe_cost", newTold(b, &observe.Options{TracerProvider: traced(b, sdktrace.TraceIDRatioBased(0.01))})},
		{"observe_traces_cost", newTold(b, &observe.Options{TracerProvider: traced(b, sdktrace.AlwaysSample()), MeterProvider: noop.NewMeterProvider()})},
		{"observe_all_cost", newTold(b, &observe.Options{TracerProvider: traced(b, sdktrace.AlwaysSample())})},
	}
	const updates = 500
	var alone []float64
	costs := make([][]float64, len(sides))
	for b.Loop() {
		base := plain.updates(updates)
		alone = append(alone, base)
		for i, side := range sides {
			costs[i] = append(costs[i], side.told.updates(updates)/base)
		}
	}
	b.ReportMetric(median(alone)*1e9/updates, "ns/update")
	for i, side := range sides {
		b.Logf("ratio: %s %.2f", side.name, median(costs[i]))
	}
}

func median(of []float64) float64 {
	slices.Sort(of)
	return of[len(of)/2]
}

// told is a client of one call that is told of updates.
type told struct {
	b       *testing.B
	handler http.Handler
	token   string
	handled chan struct{}
	sent    int
}

func newTold(b *testing.B, options *observe.Options) *told {
	b.Helper()
	platform := simulator.New(b)
	bot := platform.RegisterBot(simulator.Bot{})
	token, err := platform.Token(bot)
	require.NoError(b, err)
	provider, err := auth.NewClientCredentials(auth.ClientCredentialsOptions{
		AppID: bot.AppID, Secret: bot.Secret, Tenant: platform.Tenant().ID, HTTPClient: platform.Client(),
		Cloud: auth.Cloud{AuthorityURL: platform.AuthorityURL(), OpenIDConfigurationURL: platform.OpenIDConfigurationURL()},
	})
	require.NoError(b, err)
	b.Cleanup(provider.Close)
	client, err := statefulclient.NewStatefulClientBuilder("Echo", bot.AppID).
		SetAuthenticationProvider(provider).
		SetNotificationUrl("https://bot.contoso.com/api/calls").
		Build()
	require.NoError(b, err)
	b.Cleanup(client.Close)
	if options != nil {
		if options.MeterProvider == nil {
			options.MeterProvider = metric.NewMeterProvider(metric.WithReader(metric.NewManualReader()))
		}
		telemetry, err := observe.Start(client, *options)
		require.NoError(b, err)
		b.Cleanup(telemetry.Stop)
	}
	t := &told{b: b, handler: client.Handler(), token: "Bearer " + token, handled: make(chan struct{}, 1)}
	statefulclient.On(client.Calls(), func(context.Context, statefulclient.StateChanged) { t.handled <- struct{}{} })
	t.tell("created", "incoming")
	t.tell("updated", "established")
	return t
}

// traced sends spans to nowhere, in batches.
func traced(b *testing.B, sampler sdktrace.Sampler) *sdktrace.TracerProvider {
	b.Helper()
	provider := sdktrace.NewTracerProvider(sdktrace.WithSampler(sdktrace.ParentBased(sampler)), sdktrace.WithBatcher(nowhere{}))
	b.Cleanup(func() { require.NoError(b, provider.Shutdown(context.WithoutCancel(b.Context()))) })
	return provider
}

// updates makes the call go to and fro, and returns the seconds it took.
func (t *told) updates(n int) float64 {
	began := time.Now()
	for range n / 2 {
		t.tell("updated", "hold")
		t.tell("updated", "established")
	}
	return time.Since(began).Seconds()
}

func (t *told) tell(change, state string) {
	t.sent++
	body := fmt.Appendf(nil, `{"value":[{"changeType":"%s","resourceUrl":"/communications/calls/c1","resourceData":`+
		`{"@odata.type":"#microsoft.graph.call","id":"c1","state":"%s","direction":"incoming"}}]}`, change, state)
	request := httptest.NewRequest(http.MethodPost, "/api/calls", bytes.NewReader(body))
	request.Header.Set("Authorization", t.token)
	request.Header.Set("X-Microsoft-Skype-Message-Id", strconv.Itoa(t.sent))
	reply := httptest.NewRecorder()
	t.handler.ServeHTTP(reply, request)
	require.Equal(t.b, http.StatusAccepted, reply.Code)
	<-t.handled
}

// nowhere is where spans go.
type nowhere struct{}

func (nowhere) ExportSpans(context.Context, []sdktrace.ReadOnlySpan) error { return nil }
func (nowhere) Shutdown(context.Context) error                             { return nil }
