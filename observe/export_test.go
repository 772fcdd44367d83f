package observe

import (
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric/noop"

	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// MetricNote is what the list in the docs says of a metric.
type MetricNote struct {
	Name, Kind, Unit, Says string
	Keys                   []attribute.Key
}

// MetricNotes are all metrics there are.
func MetricNotes() []MetricNote {
	m := &maker{meter: noop.Meter{}}
	newInstruments(m)
	for _, f := range figures() {
		m.observed(f)
	}
	var notes []MetricNote
	for _, n := range m.made {
		notes = append(notes, MetricNote{n.name, string(n.kind), n.unit, n.says, n.keys})
	}
	return notes
}

// AttributeNote is what the list in the docs says of an attribute.
type AttributeNote struct {
	Key  attribute.Key
	Says string
	ID   bool
}

// AttributeNotes are all attributes there are.
func AttributeNotes() []AttributeNote {
	var notes []AttributeNote
	for _, n := range attributeNotes() {
		notes = append(notes, AttributeNote{n.key, n.says, n.id})
	}
	return notes
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
