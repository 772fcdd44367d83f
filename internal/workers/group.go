// Package workers owns goroutines, so that each has somebody who waits for it.
package workers

import (
	"context"
	"sync"
	"time"
)

const (
	// linger is how long a goroutine that has done its work stays for more of
	// it. One that has worked already starts faster than a new one, whose stack
	// must grow first.
	linger = 100 * time.Millisecond
	// maxSpares bounds those that linger.
	maxSpares = 64
)

// Group is a set of goroutines. The zero Group is ready to use.
type Group struct {
	mu      sync.Mutex
	closed  bool
	running int
	idle    chan struct{} // made by Wait, closed when running falls to zero

	spares []*spare // lingering, the one that worked last at the end
	unused int      // how many of these, at the beginning, were not needed since reap
	reaper *time.Timer
}

// Worker is something that has work for a goroutine. What Work returns, unless it
// is nil, is what the goroutine is to do next.
type Worker interface{ Work() Worker }

type function func()

func (f function) Work() Worker {
	f()
	return nil
}

// spare is a goroutine that does one thing after another.
type spare struct{ next chan Worker }

// Go runs f in a goroutine of the group. After Close it does nothing and
// reports false.
func (g *Group) Go(f func()) bool { return g.Run(function(f)) }

// Run has w work in a goroutine of the group. After Close it does nothing and
// reports false.
func (g *Group) Run(w Worker) bool {
	s, begun := g.begin()
	if !begun {
		return false
	}
	if s == nil {
		s = &spare{make(chan Worker, 1)}
		go g.work(s)
	}
	s.next <- w
	return true
}

func (g *Group) begin() (s *spare, begun bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return nil, false
	}
	g.running++
	last := len(g.spares) - 1
	if last < 0 {
		return nil, true
	}
	s = g.spares[last]
	g.spares = g.spares[:last]
	g.unused = min(g.unused, last)
	return s, true
}

func (g *Group) work(s *spare) {
	working := false
	defer func() {
		if working { // and was ended by runtime.Goexit
			g.end(nil)
		}
	}()
	for w := range s.next {
		working = true
		for w != nil {
			w = w.Work()
		}
		working = false
		if !g.end(s) {
			return
		}
	}
}

// end counts one less, and reports whether its goroutine may linger.
func (g *Group) end(s *spare) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.running--
	if g.running == 0 && g.idle != nil {
		close(g.idle)
		g.idle = nil
	}
	if s == nil || g.closed || len(g.spares) == maxSpares {
		return false
	}
	g.spares = append(g.spares, s)
	if g.reaper == nil {
		g.reaper = time.AfterFunc(linger, g.reap)
	}
	return true
}

// reap ends those that were not needed for a while.
func (g *Group) reap() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.dismiss(g.unused)
	g.unused = len(g.spares)
	if g.unused == 0 {
		g.reaper = nil
		return
	}
	g.reaper.Reset(linger)
}

// dismiss ends those of the spare goroutines that have been idle longest. The
// caller holds mu.
func (g *Group) dismiss(count int) {
	for _, s := range g.spares[:count] {
		close(s.next)
	}
	kept := copy(g.spares, g.spares[count:])
	clear(g.spares[kept:])
	g.spares = g.spares[:kept]
}

// Close lets no more goroutines begin. It does not wait.
func (g *Group) Close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
	g.dismiss(len(g.spares))
	g.unused = 0 // for a reap that is waiting for mu
	if g.reaper != nil {
		g.reaper.Stop()
	}
}

// Running counts the goroutines at work.
func (g *Group) Running() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.running
}

// Wait returns when no goroutine of the group is at work, or with the context's
// error.
func (g *Group) Wait(ctx context.Context) error {
	select {
	case <-g.idleNow():
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (g *Group) idleNow() <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.running == 0 {
		already := make(chan struct{})
		close(already)
		return already
	}
	if g.idle == nil {
		g.idle = make(chan struct{})
	}
	return g.idle
}
