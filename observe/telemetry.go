package observe

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// Scope is the name of the instrumentation scope that all spans and metrics are
// of.
const Scope = "github.com/graphcalls/graphcalls-go/observe"

// Options say where to tell it. The zero value tells OpenTelemetry's global
// providers.
type Options struct {
	// TracerProvider is where spans go; otel.GetTracerProvider() when nil. Its
	// sampler decides which there are.
	TracerProvider trace.TracerProvider
	// MeterProvider is where metrics go; otel.GetMeterProvider() when nil.
	MeterProvider metric.MeterProvider
	// Attributes become the instrumentation scope's. They tell apart several clients
	// of one process, which must not have the same; none are needed for one.
	Attributes []attribute.KeyValue
	// ServiceBaseURL is the address the client was built with, whose host becomes
	// server.address; statefulclient.DefaultServiceBaseURL when empty.
	ServiceBaseURL string
	// StatsFor is how long what the client holds is not counted anew, however often
	// metrics are collected: each time costs a look at every call. 5 s when zero;
	// negative: each collection counts.
	StatsFor time.Duration
}

// Telemetry is a client that is observed. Make one with Start.
type Telemetry struct {
	observer     *observer
	observation  *statefulclient.Observation
	registration metric.Registration
}

// Start has a client's traces and metrics told from now on, until Stop. Calls that
// are live already are counted as such, but not how long they last. It may be called
// from anywhere. After an error nothing is told.
func Start(client *statefulclient.Client, options Options) (*Telemetry, error) {
	server, err := serverOf(cmp.Or(options.ServiceBaseURL, statefulclient.DefaultServiceBaseURL))
	if err != nil {
		return nil, err
	}
	meters, tracers := options.MeterProvider, options.TracerProvider
	if meters == nil {
		meters = otel.GetMeterProvider()
	}
	if tracers == nil {
		tracers = otel.GetTracerProvider()
	}
	scope := attribute.NewSet(options.Attributes...)
	m := &maker{meter: meters.Meter(Scope, metric.WithSchemaURL(semconv.SchemaURL), metric.WithInstrumentationAttributeSet(scope))}
	o := &observer{
		tracer:  tracers.Tracer(Scope, trace.WithSchemaURL(semconv.SchemaURL), trace.WithInstrumentationAttributeSet(scope)),
		metrics: newInstruments(m),
		server:  server,
	}
	o.lives.bound.Store(roomForEnded)
	s := &stats{client: client, lives: &o.lives, goodFor: cmp.Or(options.StatsFor, 5*time.Second)}
	registration, err := s.register(m)
	if err := errors.Join(append(m.mistakes, err)...); err != nil {
		if registration != nil {
			_ = registration.Unregister()
		}
		return nil, fmt.Errorf("observe: the MeterProvider refuses a metric: %w", err)
	}
	o.lives.found(client.Calls()) // those that begin meanwhile are found when they are counted
	return &Telemetry{observer: o, observation: client.Observe(o), registration: registration}, nil
}

// Stop ends it; what has begun by then is told to its end. The providers stay the
// caller's to shut down. It may be called from anywhere, more than once.
func (t *Telemetry) Stop() {
	t.observation.Cancel()
	t.observer.lives.byID.Clear()
	_ = t.registration.Unregister() // fails for one that is not registered, which is what was wanted
}

// serverOf returns the attributes that name the platform.
func serverOf(address string) ([]attribute.KeyValue, error) {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Hostname() == "" {
		return nil, errors.New("observe: ServiceBaseURL is no URL: give the one the client was built with, or none")
	}
	port, err := strconv.Atoi(cmp.Or(parsed.Port(), "443"))
	if err != nil {
		return nil, errors.New("observe: the port of ServiceBaseURL is no number")
	}
	return []attribute.KeyValue{semconv.ServerAddress(parsed.Hostname()), semconv.ServerPort(port)}, nil
}
