package main

import (
	"context"
	"sync"
)

// gate is where the lives of calls pass, so that all can be made to stand still.
type gate struct {
	mu     sync.Mutex
	open   chan struct{} // closed while it is
	inside sync.WaitGroup
}

func newGate() *gate {
	g := &gate{open: make(chan struct{})}
	close(g.open)
	return g
}

// pass waits until the gate is open, and goes in; false if ctx ended first.
func (g *gate) pass(ctx context.Context) bool {
	for {
		g.mu.Lock()
		open := g.open
		select {
		case <-open:
			g.inside.Add(1)
			g.mu.Unlock()
			return true
		default:
		}
		g.mu.Unlock()
		select {
		case <-open:
		case <-ctx.Done():
			return false
		}
	}
}

func (g *gate) leave() { g.inside.Done() }

// shut closes the gate, and returns when nobody is inside.
func (g *gate) shut() {
	g.mu.Lock()
	g.open = make(chan struct{})
	g.mu.Unlock()
	g.inside.Wait()
}

func (g *gate) reopen() {
	g.mu.Lock()
	defer g.mu.Unlock()
	close(g.open)
}
