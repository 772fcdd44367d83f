package main

import (
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/graphcalls/graphcalls-go/resources"
)

// service stands for Microsoft Graph where a client has to know a call under
// an id that is printed: whatever is asked of it, it is that call that was
// made. The simulator makes up its ids itself.
type service struct {
	mu sync.Mutex
	id string // of the next call
}

func (s *service) next(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.id = id
}

// ServeHTTP answers nothing but the creation of calls; the rest is told to come
// again later, which says nothing about any call.
func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	if r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, "/communications/calls") {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	s.mu.Lock()
	id := s.id
	s.mu.Unlock()
	made, err := resources.Encode(&resources.Call{ID: id, State: resources.CallStateEstablishing, Direction: resources.CallDirectionOutgoing})
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	_, _ = w.Write(made)
}
