package control

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

const heartbeat = 15 * time.Second

// stream serves GET /v1/events, as server-sent events: world at first and
// whenever the world is another, whole; exchange and act once each, and before
// the world they led to, so that who waits for one and then the other does not
// miss it. A client that comes back with Last-Event-ID is told what it missed.
func (s *Server) stream(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.ParseUint(r.Header.Get("Last-Event-ID"), 10, 64)
	if err != nil {
		id = 0
	}
	w.Header().Set("Content-Type", "text/event-stream")
	out := &events{w: w, control: http.NewResponseController(w)}
	out.control.SetWriteDeadline(time.Time{}) //nolint:errcheck // a writer without deadlines needs none lifted
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	first := s.feed.since(id, 0)
	out.send("world", 0, first.world)
	for version := first.version; ; {
		n := s.feed.since(id, version)
		version = n.version
		for _, e := range n.events {
			out.send(e.kind, e.id, e.body)
			id = e.id
		}
		if n.world != nil {
			out.send("world", 0, n.world)
		}
		if out.flush() != nil || n.over {
			return
		}
		select {
		case <-n.more:
		case <-beat.C:
			out.comment()
		case <-r.Context().Done():
			return
		}
	}
}

// events writes until it cannot.
type events struct {
	w       http.ResponseWriter
	control *http.ResponseController
	err     error
}

// send writes one event. JSON as encoding/json writes it has no line breaks.
func (e *events) send(kind string, id uint64, body []byte) {
	if id > 0 {
		e.print("id: %d\n", id)
	}
	e.print("event: %s\ndata: %s\n\n", kind, body)
}

func (e *events) comment() { e.print(":\n\n") }

func (e *events) print(format string, args ...any) {
	if e.err == nil {
		_, e.err = fmt.Fprintf(e.w, format, args...)
	}
}

func (e *events) flush() error {
	if e.err == nil {
		e.err = e.control.Flush()
	}
	return e.err
}
