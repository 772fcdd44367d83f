package observe

import (
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/semconv/v1.43.0/httpconv"
)

// instruments measure what happens, when it happens. What the client counts itself
// is read by stats.
type instruments struct {
	started     metric.Int64Counter
	transitions metric.Int64Counter
	ended       metric.Int64Counter
	lasted      metric.Float64Histogram
	lag         metric.Float64Histogram
	delivery    metric.Float64Histogram
	handler     metric.Float64Histogram
	waited      metric.Float64Histogram
	request     metric.Float64Histogram
	resends     metric.Int64Counter
}

func newInstruments(m *maker) instruments {
	request := httpconv.ClientRequestDuration{}
	return instruments{
		started: m.counter("graphcalls.call.started", "{call}",
			"Calls that began."),
		transitions: m.counter("graphcalls.call.transitions", "{transition}",
			"Times that a call went on to another state."),
		ended: m.counter("graphcalls.call.ended", "{call}",
			"Calls that ended, by who has to do something about it."),
		lasted: m.histogram("graphcalls.call.duration",
			"How long calls lasted, from the first that was heard of them to their end.", callBounds()),
		lag: m.histogram("graphcalls.notification.lag",
			"From a notification's arrival to its news being in the call's state.", shortBounds()),
		delivery: m.histogram("graphcalls.delivery.duration",
			"How long the platform waited until a POST was placed.", shortBounds()),
		handler: m.histogram("graphcalls.handler.duration",
			"How long handlers ran.", handlerBounds()),
		waited: m.histogram("graphcalls.handler.wait",
			"How long events waited for their turn, while the handlers before them ran.", shortBounds()),
		request: m.histogram(request.Name(),
			"Duration of HTTP client requests, all attempts and the waits between them together.", requestBounds()),
		resends: m.counter("graphcalls.request.resends", "{request}",
			"Requests sent again, mostly because the platform asked for fewer."),
	}
}

// The bounds of histograms, in seconds.
func shortBounds() []float64 {
	return []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}
}

func handlerBounds() []float64 {
	return []float64{.0001, .001, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60}
}

// requestBounds are those that the semantic conventions ask for, and two for waits
// between attempts.
func requestBounds() []float64 {
	return []float64{.005, .01, .025, .05, .075, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10, 30, 60}
}

func callBounds() []float64 {
	return []float64{1, 5, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 28800}
}

// maker makes instruments, and remembers what went wrong.
type maker struct {
	meter    metric.Meter
	mistakes []error
}

func (m *maker) counter(name, unit, says string) metric.Int64Counter {
	made, err := m.meter.Int64Counter(name, metric.WithUnit(unit), metric.WithDescription(says))
	m.mistakes = append(m.mistakes, err)
	return made
}

func (m *maker) histogram(name, says string, bounds []float64) metric.Float64Histogram {
	made, err := m.meter.Float64Histogram(name,
		metric.WithUnit("s"), metric.WithDescription(says), metric.WithExplicitBucketBoundaries(bounds...))
	m.mistakes = append(m.mistakes, err)
	return made
}

// observed makes an instrument that is asked for its value.
func (m *maker) observed(f figure) (made metric.Int64Observable) {
	var err error
	if f.rises {
		made, err = m.meter.Int64ObservableCounter(f.name, metric.WithUnit(f.unit), metric.WithDescription(f.says))
	} else {
		made, err = m.meter.Int64ObservableUpDownCounter(f.name, metric.WithUnit(f.unit), metric.WithDescription(f.says))
	}
	m.mistakes = append(m.mistakes, err)
	return made
}
