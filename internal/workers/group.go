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
	// maxSpare bounds those that linger.
	maxSpare = 64
)

// Group is a set of goroutines. The zero Group is ready to use.
type Group struct {
	mu      sync.Mutex
	closed  bool
	running int
	idle    chan struct{} // made by Wait, closed when running falls to zero

	spare  []*worker // lingering, the one that worked last at the end
	unused int       // how many of these, at the beginning, were not needed since reap
	reaper *time.Timer
}

// worker is a goroutine that does one thing after another.
type worker struct{ next chan func() }

// Go runs f in a goroutine of the group. After Close it does nothing and
// reports false.
func (g *Group) Go(f func()) bool {
	w, begun := g.begin()
	if !begun {
		return false
	}
	if w == nil {
		w = &worker{make(chan func(), 1)}
		go g.work(w)
	}
	w.next <- f
	return true
}

func (g *Group) begin() (spare *worker, begun bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return nil, false
	}
	g.running++
	last := len(g.spare) - 1
	if last < 0 {
		return nil, true
	}
	spare = g.spare[last]
	g.spare = g.spare[:last]
	g.unused = min(g.unused, last)
	return spare, true
}

func (g *Group) work(w *worker) {
	working := false
	defer func() {
		if working { // and was ended by runtime.Goexit
			g.end(nil)
		}
	}()
	for f := range w.next {
		working = true
		f()
		working = false
		if !g.end(w) {
			return
		}
	}
}

// end counts one less, and reports whether its goroutine may linger.
func (g *Group) end(w *worker) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.running--
	if g.running == 0 && g.idle != nil {
		close(g.idle)
		g.idle = nil
	}
	if w == nil || g.closed || len(g.spare) == maxSpare {
		return false
	}
	g.spare = append(g.spare, w)
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
	g.unused = len(g.spare)
	if g.unused == 0 {
		g.reaper = nil
		return
	}
	g.reaper.Reset(linger)
}

// dismiss ends those of the spare goroutines that have been idle longest. The
// caller holds mu.
func (g *Group) dismiss(count int) {
	for _, w := range g.spare[:count] {
		close(w.next)
	}
	kept := copy(g.spare, g.spare[count:])
	clear(g.spare[kept:])
	g.spare = g.spare[:kept]
}

// Close lets no more goroutines begin. It does not wait.
func (g *Group) Close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
	g.dismiss(len(g.spare))
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
