// Mediastack stands in for the process that carries a bot's own media, where a
// scenario has no media to carry: a session has an address, PUT begins it and is
// answered with its blob, POST has it keep what it hears, DELETE ends it.
package main

import (
	"io"
	"log"
	"net/http"
	"os"
	"path"
	"sync"
	"time"

	"github.com/graphcalls/graphcalls-go/media"
)

func main() {
	server := &http.Server{Addr: os.Getenv("LISTEN"), Handler: &stack{sessions: map[string]bool{}}, ReadHeaderTimeout: 5 * time.Second}
	log.Fatal(server.ListenAndServe()) //nolint:forbidigo // it is a program
}

// stack is the sessions there are, by id.
type stack struct {
	mu       sync.Mutex
	sessions map[string]bool
}

func (s *stack) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := path.Base(r.URL.Path)
	switch r.Method {
	case http.MethodPut:
		s.sessions[id] = true
		blob, err := (&media.Blob{MediaProcessorSessionID: id, SupportedAudioFormat: "Pcm16K"}).Encode()
		if err != nil {
			http.Error(w, "no blob", http.StatusInternalServerError)
			return
		}
		_, _ = io.WriteString(w, blob)
	case http.MethodPost:
		if !s.sessions[id] {
			http.Error(w, "no such session", http.StatusNotFound)
		}
	case http.MethodDelete:
		delete(s.sessions, id)
	}
}
