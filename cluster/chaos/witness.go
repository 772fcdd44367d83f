package main

import (
	"encoding/json"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// witness is whom the instances report to.
type witness struct {
	address string
	server  *http.Server
	served  chan struct{}

	mu    sync.Mutex
	heard []line
	// hearing is called with each line before who reports it may go on.
	hearing func(line)
}

func newWitness() (*witness, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	w := &witness{address: "http://" + listener.Addr().String(), served: make(chan struct{})}
	w.server = &http.Server{Handler: w, ReadHeaderTimeout: 5 * time.Second}
	go func() {
		defer close(w.served)
		_ = w.server.Serve(listener)
	}()
	return w, nil
}

// ServeHTTP takes a line.
func (w *witness) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	var l line
	if json.NewDecoder(r.Body).Decode(&l) != nil {
		return // it died while it spoke
	}
	w.mu.Lock()
	w.heard = append(w.heard, l)
	hearing := w.hearing
	w.mu.Unlock()
	if hearing != nil {
		hearing(l)
	}
}

// listen has every line that comes told to a function, which may keep who
// reports it waiting.
func (w *witness) listen(hearing func(line)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.hearing = hearing
}

// lines are all that was reported, in the order in which handlers began.
func (w *witness) lines() []line {
	w.mu.Lock()
	lines := slices.Clone(w.heard)
	w.mu.Unlock()
	slices.SortStableFunc(lines, func(a, b line) int { return a.At.Compare(b.At) })
	return lines
}

// owned are the partitions that a process serves.
func (w *witness) owned(process string) map[int]bool {
	owned := map[int]bool{}
	for _, l := range w.lines() {
		switch {
		case l.Kind != saysOwnership:
		case l.Process != process && l.Ownership.Owned: // it was handed over, which may not be told any more
			delete(owned, l.Ownership.Partition)
		case l.Process != process:
		case l.Ownership.Owned:
			owned[l.Ownership.Partition] = true
		default:
			delete(owned, l.Ownership.Partition)
		}
	}
	return owned
}

func (w *witness) close() {
	_ = w.server.Close()
	<-w.served
}
