package store

import (
	"context"
	"sync"
)

// turns lets one at a time work on a name; names do not wait for each other. It holds only names somebody works on or
// waits for.
type turns struct {
	mu    sync.Mutex
	names map[string]*turn
}

type turn struct {
	free  chan struct{} // holds one value while nobody has the turn
	users int           // who has it or waits for it
}

// take waits for the name's turn, or for the end of the context. Whoever took it calls done once.
func (t *turns) take(ctx context.Context, name string) (done func(), err error) {
	one := t.join(name)
	select {
	case <-one.free:
		return func() {
			one.free <- struct{}{}
			t.leave(name, one)
		}, nil
	case <-ctx.Done():
		t.leave(name, one)
		return nil, ctx.Err()
	}
}

func (t *turns) join(name string) *turn {
	t.mu.Lock()
	defer t.mu.Unlock()
	one := t.names[name]
	if one == nil {
		if t.names == nil {
			t.names = map[string]*turn{}
		}
		one = &turn{free: make(chan struct{}, 1)}
		one.free <- struct{}{}
		t.names[name] = one
	}
	one.users++
	return one
}

func (t *turns) leave(name string, one *turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if one.users--; one.users == 0 {
		delete(t.names, name)
	}
}
