package auth

import (
	"context"
	"time"
)

// flight is one piece of work under way, whose result is shared by all who need it.
type flight[T any] struct {
	done   chan struct{}
	result T
	err    error
}

// launch starts work under its owner's context and a time limit, not under a caller's context: a caller who gives up
// must not fail the others who wait for the same result.
func launch[T any](owner context.Context, limit time.Duration, work func(context.Context) (T, error)) *flight[T] {
	f := &flight[T]{done: make(chan struct{})}
	go func() {
		defer close(f.done)
		ctx, cancel := context.WithTimeout(owner, limit)
		defer cancel()
		f.result, f.err = work(ctx)
	}()
	return f
}

// wait returns the result, or the context's error if that ends first.
func (f *flight[T]) wait(ctx context.Context) (T, error) {
	select {
	case <-f.done:
		return f.result, f.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}
