package observe

import (
	"context"
	"sync"
	"time"

	"go.opentelemetry.io/otel/metric"

	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// stats reads what the client counts itself, and keeps it for a while.
type stats struct {
	client  *statefulclient.Client
	lives   *lives
	goodFor time.Duration

	mu    sync.Mutex
	taken time.Time
	last  *snapshot
}

// snapshot is what a client holds at a moment.
type snapshot struct {
	statefulclient.Stats

	live []value
}

func (s *stats) snapshot() *snapshot {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.last == nil || time.Since(s.taken) >= s.goodFor {
		s.last, s.taken = &snapshot{s.client.Stats(), s.lives.count(s.client.Calls())}, time.Now()
	}
	return s.last
}

// register has all figures read whenever metrics are collected.
func (s *stats) register(m *maker) (metric.Registration, error) {
	all := figures()
	observables := make([]metric.Observable, len(all))
	instruments := make([]metric.Int64Observable, len(all))
	for i, f := range all {
		instruments[i] = m.observed(f)
		observables[i] = instruments[i]
	}
	return m.meter.RegisterCallback(func(_ context.Context, to metric.Observer) error {
		now := s.snapshot()
		for i, f := range all {
			for _, v := range f.of(now) {
				to.ObserveInt64(instruments[i], v.n, metric.WithAttributeSet(v.labels))
			}
		}
		return nil
	}, observables...)
}
