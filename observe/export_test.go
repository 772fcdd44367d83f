package observe

import (
	"context"
	"slices"

	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/trace"

	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/transport"
)

// MetricNames are those of all metrics there are.
func MetricNames() []string {
	var l listing
	m := &maker{meter: &l}
	newInstruments(m)
	for _, f := range figures() {
		m.observed(f)
	}
	slices.Sort(l.names)
	return l.names
}

// listing lists the instruments that are made.
type listing struct {
	noop.Meter

	names []string
}

func (l *listing) Int64Counter(name string, _ ...metric.Int64CounterOption) (metric.Int64Counter, error) {
	l.names = append(l.names, name)
	return noop.Int64Counter{}, nil
}

func (l *listing) Float64Histogram(name string, _ ...metric.Float64HistogramOption) (metric.Float64Histogram, error) {
	l.names = append(l.names, name)
	return noop.Float64Histogram{}, nil
}

func (l *listing) Int64ObservableCounter(name string, _ ...metric.Int64ObservableCounterOption) (metric.Int64ObservableCounter, error) {
	l.names = append(l.names, name)
	return noop.Int64ObservableCounter{}, nil
}

func (l *listing) Int64ObservableUpDownCounter(name string, _ ...metric.Int64ObservableUpDownCounterOption) (metric.Int64ObservableUpDownCounter, error) {
	l.names = append(l.names, name)
	return noop.Int64ObservableUpDownCounter{}, nil
}

// Figures returns the sum of each metric that is read from Stats.
func Figures(stats statefulclient.Stats) map[string]int64 {
	sums := map[string]int64{}
	for _, f := range figures() {
		for _, v := range f.of(&snapshot{Stats: stats}) {
			sums[f.name] += v.n
		}
	}
	return sums
}

// Words is what an attribute of metrics says of many values.
func Words(of []string) map[string]bool {
	var w words
	said := map[string]bool{}
	for _, word := range of {
		said[w.of(word)] = true
	}
	return said
}

// Remembered is how many calls are remembered.
func (t *Telemetry) Remembered() int64 { return t.observer.lives.size.Load() }

// Tell tells of an input, as the client does.
func (t *Telemetry) Tell(ctx context.Context, in statefulclient.ObservedInput) {
	t.observer.InputWorkedOn(ctx, in)
}

// Bound has calls that are over be looked for past so many.
func (t *Telemetry) Bound(n int64) { t.observer.lives.bound.Store(n) }

// Placed puts spans of requests whose calls never come, and returns how many are
// kept.
func Placed(scenarios []string) int {
	var p placed
	for _, scenario := range scenarios {
		p.put(scenario, trace.SpanContext{})
	}
	return len(p.spans)
}

// RequestError is what a request that ended so is told to have failed with.
func RequestError(x transport.Exchange) string { return requestError(x) }

// DeliveryError is what a POST that was not taken is told to have failed with.
func DeliveryError(err error) string { return deliveryError(err) }
