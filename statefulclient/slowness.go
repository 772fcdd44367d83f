package statefulclient

import (
	"sync"
	"time"

	"go.uber.org/zap"
)

// slowness warns of handlers that take long, while they do. Updates come by the
// thousand and are told in microseconds, so what each costs is an entry in a map;
// there is one timer for all.
type slowness struct {
	client *Client

	mu      sync.Mutex
	telling map[*Call]time.Time // since when
	armed   bool
	timer   *time.Timer
}

func newSlowness(c *Client) *slowness { return &slowness{client: c, telling: map[*Call]time.Time{}} }

// begin notes that a call's handlers are being told of an update.
func (s *slowness) begin(call *Call) {
	now := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.telling[call] = now
	if !s.armed {
		s.arm(s.client.limits.SlowHandler)
	}
}

// arm has look run after a while. The caller holds mu.
func (s *slowness) arm(wait time.Duration) {
	s.armed = true
	if s.timer == nil {
		s.timer = time.AfterFunc(wait, s.look)
	} else {
		s.timer.Reset(wait)
	}
}

// close ends the wait for what is slow.
func (s *slowness) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.timer != nil {
		s.timer.Stop()
	}
}

// end notes that they have been told.
func (s *slowness) end(call *Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.telling, call)
}

// look warns of each that takes longer than the limit, once.
func (s *slowness) look() {
	for _, call := range s.late() {
		s.client.logger.Warn("handlers are slow", call.fields(
			zap.Duration("limit", s.client.limits.SlowHandler), zap.Int("waiting", call.outbox.Len()))...)
	}
}

func (s *slowness) late() []*Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	var late []*Call
	next := time.Time{}
	for call, since := range s.telling {
		switch due := since.Add(s.client.limits.SlowHandler); {
		case since.IsZero(): // warned of
		case time.Now().Before(due):
			if next.IsZero() || due.Before(next) {
				next = due
			}
		default:
			s.telling[call] = time.Time{}
			late = append(late, call)
		}
	}
	if s.armed = !next.IsZero(); s.armed {
		s.arm(time.Until(next))
	}
	return late
}
