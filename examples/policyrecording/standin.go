package main

import (
	"io"
	"net/http"
	"path"
	"slices"
	"sync"

	"github.com/graphcalls/graphcalls-go/media"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

// standIn plays the media stack on the simulator, which reads no blobs. It
// carries no media, but is particular about when it is asked to keep some.
type standIn struct {
	platform *simulator.Platform
	mu       sync.Mutex
	sessions map[string]bool // by id; true once it keeps
}

func (s *standIn) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := path.Base(r.URL.Path)
	switch r.Method {
	case http.MethodPut:
		s.sessions[id] = false
		blob, err := (&media.Blob{MediaProcessorSessionID: id, SupportedAudioFormat: "Pcm16K"}).Encode()
		if err != nil {
			http.Error(w, "no blob", http.StatusInternalServerError)
			return
		}
		_, _ = io.WriteString(w, blob)
	case http.MethodPost:
		if s.keeping() >= s.announced() {
			http.Error(w, "not announced", http.StatusConflict)
			return
		}
		s.sessions[id] = true
	case http.MethodDelete:
		delete(s.sessions, id)
	}
}

func (s *standIn) open() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.sessions)
}

func (s *standIn) keeping() int {
	count := 0
	for _, keeps := range s.sessions {
		if keeps {
			count++
		}
	}
	return count
}

// announced counts the calls in which people know that they are recorded.
func (s *standIn) announced() int {
	return len(slices.DeleteFunc(s.platform.Calls(), func(call *simulator.Call) bool {
		return call.Facts().RecordingStatus != resources.RecordingStatusRecording
	}))
}
