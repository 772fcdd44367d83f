package order

import "sync"

// Seen remembers the ids of deliveries, the latest so many of them.
type Seen struct {
	most int

	mu     sync.Mutex
	ids    map[string]struct{}
	latest []string // in the order they were added, from oldest on
	oldest int
}

// NewSeen returns a memory of at least one id.
func NewSeen(size int) *Seen { return &Seen{most: max(size, 1), ids: map[string]struct{}{}} }

// Has reports whether an id was added. The empty id never was.
func (s *Seen) Has(id string) bool {
	if id == "" {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	_, seen := s.ids[id]
	return seen
}

// Add remembers an id.
func (s *Seen) Add(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, seen := s.ids[id]; seen || id == "" {
		return
	}
	s.ids[id] = struct{}{}
	if len(s.latest) < s.most {
		s.latest = append(s.latest, id)
		return
	}
	delete(s.ids, s.latest[s.oldest])
	s.latest[s.oldest] = id
	s.oldest = (s.oldest + 1) % s.most
}

// Len counts the ids remembered.
func (s *Seen) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.ids)
}
