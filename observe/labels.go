package observe

import (
	"sync"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
)

// labels are attributes in the shape that instruments take, made once.
type labels struct {
	add    []metric.AddOption
	record []metric.RecordOption
}

func newLabels(attributes ...attribute.KeyValue) labels {
	set := metric.WithAttributeSet(attribute.NewSet(attributes...))
	return labels{[]metric.AddOption{set}, []metric.RecordOption{set}}
}

// memo remembers what was made for a key. There are few keys.
type memo[K comparable, V any] struct {
	mu    sync.RWMutex
	known map[K]*V
}

func (m *memo[K, V]) of(key K, newValue func(K) V) *V {
	m.mu.RLock()
	known := m.known[key]
	m.mu.RUnlock()
	if known != nil {
		return known
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if known := m.known[key]; known != nil {
		return known
	}
	if m.known == nil {
		m.known = map[K]*V{}
	}
	value := newValue(key)
	m.known[key] = &value
	return &value
}
