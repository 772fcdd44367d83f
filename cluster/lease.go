package cluster

import (
	"context"
	"sync"
	"time"
)

// lease is how long an instance may believe that it is a member: counted from
// when its last good heartbeat was sent, on this process's own clock. A lease
// that has lapsed may be renewed; one that was lost may not.
type lease struct {
	span time.Duration

	mu    sync.Mutex
	until time.Time
	lost  bool
	news  chan struct{} // closed at each change
}

func newLease(span time.Duration) *lease {
	return &lease{span: span, news: make(chan struct{})}
}

// renew counts from the moment the heartbeat was sent that has been heard.
func (l *lease) renew(sent time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.until = sent.Add(l.span)
	l.tell()
}

// lose ends the lease: others have taken over.
func (l *lease) lose() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lost = true
	l.tell()
}

// tell wakes those who wait. The caller holds mu.
func (l *lease) tell() {
	close(l.news)
	l.news = make(chan struct{})
}

// left is how long the lease still holds; 0 or less when it has lapsed.
func (l *lease) left() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lost {
		return 0
	}
	return time.Until(l.until)
}

// hold returns nil while the lease holds, waits while it has lapsed, and returns
// ErrNotOwner once it is lost.
func (l *lease) hold(ctx context.Context) error {
	for {
		l.mu.Lock()
		holds, lost, news := time.Now().Before(l.until), l.lost, l.news
		l.mu.Unlock()
		switch {
		case lost:
			return ErrNotOwner
		case holds:
			return nil
		}
		select {
		case <-news:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
