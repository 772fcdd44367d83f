package simulator

import (
	"context"
	"errors"
	"sync"
)

// ErrClosed is returned by what waits when the platform is closed meanwhile.
var ErrClosed = errors.New("simulator: platform closed")

// lifetime owns every goroutine of a platform and ends them together.
type lifetime struct {
	ctx    context.Context //nolint:containedctx // the platform's life
	cancel context.CancelCauseFunc

	mu     sync.Mutex
	closed bool
	tasks  sync.WaitGroup
}

func newLifetime() *lifetime {
	ctx, cancel := context.WithCancelCause(context.Background())
	return &lifetime{ctx: ctx, cancel: cancel}
}

// begin registers work that end waits for, and reports false when it is too
// late for it. The work calls tasks.Done.
func (l *lifetime) begin() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return false
	}
	l.tasks.Add(1)
	return true
}

// spawn runs f in a goroutine, and reports false when it is too late for it.
func (l *lifetime) spawn(f func()) bool {
	if !l.begin() {
		return false
	}
	go func() {
		defer l.tasks.Done()
		f()
	}()
	return true
}

// stop turns new work away and tells what runs to end; wait for it with
// tasks.Wait. It reports false when that was done before.
func (l *lifetime) stop() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return false
	}
	l.closed = true
	l.cancel(ErrClosed)
	return true
}

// bell wakes all who wait for something to change.
type bell struct {
	mu      sync.Mutex
	waiting chan struct{}
}

func (b *bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.waiting != nil {
		close(b.waiting)
		b.waiting = nil
	}
}

func (b *bell) next() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.waiting == nil {
		b.waiting = make(chan struct{})
	}
	return b.waiting
}
