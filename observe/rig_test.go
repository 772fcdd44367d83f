package observe_test

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.uber.org/goleak"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/observe"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// rig is an observed bot on a platform of its own: real HTTPS, real tokens, and
// what it tells kept in memory.
type rig struct {
	t         *testing.T
	platform  *simulator.Platform
	bot       *simulator.Bot
	client    *statefulclient.Client
	telemetry *observe.Telemetry
	recorder  *tracetest.SpanRecorder
	reader    *metric.ManualReader
	options   observe.Options
	another   func() // builds the client anew
}

type rigOptions struct {
	sampler sdktrace.Sampler
	reader  metric.Reader // beside the rig's own
	limits  statefulclient.Limits
	build   func(*statefulclient.StatefulClientBuilder)
	// front stands before the client's handler, wire before the platform.
	front func(http.Handler) http.Handler
	wire  func(http.RoundTripper) http.RoundTripper
}

func newRig(t *testing.T, with ...rigOptions) *rig {
	t.Helper()
	var chosen rigOptions
	if len(with) > 0 {
		chosen = with[0]
	}
	r := &rig{t: t, platform: simulator.New(t), recorder: tracetest.NewSpanRecorder(), reader: metric.NewManualReader()}
	r.bot = r.platform.RegisterBot(simulator.Bot{DisplayName: "Echo"})
	r.build(chosen)
	r.options = observe.Options{
		TracerProvider: r.tracerProvider(chosen), MeterProvider: r.meterProvider(chosen),
		ServiceBaseURL: r.platform.ServiceBaseURL(), StatsFor: -1,
	}
	r.restart()
	return r
}

// restart has the client observed, which it is not.
func (r *rig) restart() {
	r.t.Helper()
	var err error
	r.telemetry, err = observe.Start(r.client, r.options)
	require.NoError(r.t, err)
	r.t.Cleanup(r.telemetry.Stop)
}

func (r *rig) tracerProvider(chosen rigOptions) *sdktrace.TracerProvider {
	if chosen.sampler == nil {
		chosen.sampler = sdktrace.AlwaysSample()
	}
	provider := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(r.recorder), sdktrace.WithSampler(chosen.sampler))
	r.t.Cleanup(func() { require.NoError(r.t, provider.Shutdown(context.WithoutCancel(r.t.Context()))) })
	return provider
}

func (r *rig) meterProvider(chosen rigOptions) *metric.MeterProvider {
	readers := []metric.Option{metric.WithReader(r.reader)}
	if chosen.reader != nil {
		readers = append(readers, metric.WithReader(chosen.reader))
	}
	provider := metric.NewMeterProvider(readers...)
	r.t.Cleanup(func() { require.NoError(r.t, provider.Shutdown(context.WithoutCancel(r.t.Context()))) })
	return provider
}

func (r *rig) build(chosen rigOptions) {
	r.t.Helper()
	wired := &http.Client{Transport: r.platform.Client().Transport}
	if chosen.wire != nil {
		wired.Transport = chosen.wire(wired.Transport)
	}
	provider, err := auth.NewClientCredentials(auth.ClientCredentialsOptions{
		AppID: r.bot.AppID, Secret: r.bot.Secret, Tenant: r.platform.Tenant().ID, HTTPClient: wired,
		Cloud: auth.Cloud{AuthorityURL: r.platform.AuthorityURL(), OpenIDConfigurationURL: r.platform.OpenIDConfigurationURL()},
	})
	require.NoError(r.t, err)
	r.t.Cleanup(provider.Close)
	var front atomic.Value
	address, err := r.platform.Serve(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		front.Load().(http.HandlerFunc)(w, q)
	}))
	require.NoError(r.t, err)
	address += "/api/calls"
	r.bot.SetCallingWebhook(address)
	r.another = func() {
		builder := statefulclient.NewStatefulClientBuilder("Echo", r.bot.AppID).
			SetAuthenticationProvider(provider).
			SetNotificationUrl(address).
			SetServiceBaseUrl(r.platform.ServiceBaseURL()).
			SetHttpClient(wired, nil).
			SetLimits(chosen.limits)
		if chosen.build != nil {
			chosen.build(builder)
		}
		client, err := builder.Build()
		require.NoError(r.t, err)
		r.t.Cleanup(client.Close)
		r.client = client
		handler := client.Handler()
		if chosen.front != nil {
			handler = chosen.front(handler)
		}
		front.Store(http.HandlerFunc(handler.ServeHTTP))
	}
	r.another()
}

// context ends the test before the runner does, so that what was waited for is
// named.
func (r *rig) context() context.Context {
	ctx, cancel := context.WithTimeout(r.t.Context(), 20*time.Second)
	r.t.Cleanup(cancel)
	return ctx
}

// answers has the bot answer every call, and tell when it has.
func (r *rig) answers() <-chan *statefulclient.Call {
	answered := make(chan *statefulclient.Call, 100)
	r.client.Calls().OnIncoming(func(ctx context.Context, e statefulclient.IncomingCall) {
		if err := e.Call.Answer(ctx, statefulclient.AnswerOptions{}); err == nil {
			answered <- e.Call
		}
	})
	return answered
}

// taken waits for the next call that was answered to be established.
func (r *rig) taken(answered <-chan *statefulclient.Call) *statefulclient.Call {
	r.t.Helper()
	select {
	case call := <-answered:
		require.NoError(r.t, call.WaitFor(r.context(), resources.CallStateEstablished))
		return call
	case <-r.context().Done():
		require.Fail(r.t, "no call was answered in time")
		return nil
	}
}

// call places a call to a person and waits until it is established.
func (r *rig) call(person *simulator.Person) *statefulclient.Call {
	r.t.Helper()
	call, err := r.client.Calls().Add(r.context(), resources.Call{
		TenantID: person.TenantID,
		Targets:  []resources.InvitationParticipantInfo{{Identity: &resources.IdentitySet{User: &resources.Identity{ID: person.ID}}}},
	})
	require.NoError(r.t, err)
	require.NoError(r.t, call.WaitFor(r.context(), resources.CallStateEstablished))
	return call
}

// play plays a prompt to its end.
func (r *rig) play(call *statefulclient.Call) {
	r.t.Helper()
	operation, err := call.PlayPrompt(r.context(), resources.NewMediaPrompt("https://bot.contoso.com/hello.wav"))
	require.NoError(r.t, err)
	_, err = operation.Wait(r.context())
	require.NoError(r.t, err)
}

func (r *rig) hangUp(call *statefulclient.Call) {
	r.t.Helper()
	require.NoError(r.t, call.Hangup(r.context()))
	r.over(call)
}

func (r *rig) over(call *statefulclient.Call) {
	r.t.Helper()
	require.NoError(r.t, call.WaitFor(r.context(), resources.CallStateTerminated))
}

// settled waits until nothing is under way any more.
func (r *rig) settled() {
	r.t.Helper()
	require.NoError(r.t, r.platform.WaitIdle(r.context()))
	r.until(func(stats statefulclient.Stats) bool {
		return stats.InboxBacklog == 0 && stats.HandlerBacklog == 0 && stats.Goroutines == 0 && len(r.recorder.Started()) == len(r.recorder.Ended())
	})
}

// until waits for the client's figures to be as they should.
func (r *rig) until(condition func(statefulclient.Stats) bool) {
	r.t.Helper()
	require.Eventually(r.t, func() bool { return condition(r.client.Stats()) }, 20*time.Second, time.Millisecond)
}

// spans are the ended spans there are, as they began.
func (r *rig) spans() tracetest.SpanStubs {
	r.settled()
	return tracetest.SpanStubsFromReadOnlySpans(r.recorder.Ended())
}

// span waits for the only span that matches.
func (r *rig) span(match func(tracetest.SpanStub) bool) tracetest.SpanStub {
	r.t.Helper()
	found := only(r.spans(), match)
	require.Len(r.t, found, 1)
	return found[0]
}

func only(spans tracetest.SpanStubs, match func(tracetest.SpanStub) bool) tracetest.SpanStubs {
	return slices.DeleteFunc(slices.Clone(spans), func(s tracetest.SpanStub) bool { return !match(s) })
}

func named(name string) func(tracetest.SpanStub) bool {
	return func(s tracetest.SpanStub) bool { return s.Name == name }
}

func with(key, value string) func(tracetest.SpanStub) bool {
	return func(s tracetest.SpanStub) bool { return attributesOf(s.Attributes)[key] == value }
}

func both(one, other func(tracetest.SpanStub) bool) func(tracetest.SpanStub) bool {
	return func(s tracetest.SpanStub) bool { return one(s) && other(s) }
}

// attributesOf are attributes as text.
func attributesOf(list []attribute.KeyValue) map[string]string {
	found := map[string]string{}
	for _, a := range list {
		found[string(a.Key)] = a.Value.String()
	}
	return found
}

// point is one time series at a moment: the value, or how many were measured.
type point struct {
	attributes map[string]string
	n          int64
	sum        float64
}

// collect returns all metrics by name.
func (r *rig) collect() map[string][]point {
	r.t.Helper()
	r.settled()
	var all metricdata.ResourceMetrics
	require.NoError(r.t, r.reader.Collect(r.t.Context(), &all))
	found := map[string][]point{}
	for _, scope := range all.ScopeMetrics {
		for _, m := range scope.Metrics {
			found[m.Name] = append(found[m.Name], pointsOf(r.t, m.Data)...)
		}
	}
	return found
}

func pointsOf(t *testing.T, data metricdata.Aggregation) []point {
	t.Helper()
	var points []point
	switch d := data.(type) {
	case metricdata.Sum[int64]:
		for _, p := range d.DataPoints {
			points = append(points, point{attributesOf(p.Attributes.ToSlice()), p.Value, 0})
		}
	case metricdata.Histogram[float64]:
		for _, p := range d.DataPoints {
			points = append(points, point{attributesOf(p.Attributes.ToSlice()), int64(p.Count), p.Sum})
		}
	default:
		require.Fail(t, "an aggregation nobody expects", "%T", data)
	}
	return points
}

// value adds up the time series of a metric that have these attributes.
func value(all map[string][]point, name string, attributes map[string]string) int64 {
	var sum int64
	for _, p := range all[name] {
		matches := true
		for key, want := range attributes {
			matches = matches && p.attributes[key] == want
		}
		if matches {
			sum += p.n
		}
	}
	return sum
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
