// Package workers owns goroutines, so that each has somebody who waits for it.
package workers

import (
	"context"
	"sync"
)

// Group is a set of goroutines. The zero Group is ready to use.
type Group struct {
	mu      sync.Mutex
	closed  bool
	running int
	idle    chan struct{} // made by Wait, closed when running falls to zero
}

// Go runs f in a goroutine of the group. After Close it does nothing and
// reports false.
func (g *Group) Go(f func()) bool {
	if !g.begin() {
		return false
	}
	go func() {
		defer g.end()
		f()
	}()
	return true
}

func (g *Group) begin() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return false
	}
	g.running++
	return true
}

func (g *Group) end() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.running--
	if g.running == 0 && g.idle != nil {
		close(g.idle)
		g.idle = nil
	}
}

// Close lets no more goroutines begin. It does not wait.
func (g *Group) Close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
}

// Running counts the goroutines there are.
func (g *Group) Running() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.running
}

// Wait returns when no goroutine of the group is running, or with the
// context's error.
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
