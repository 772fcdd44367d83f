package cluster

import (
	"context"

	"github.com/nats-io/nats.go"

	"github.com/graphcalls/graphcalls-go/store"
)

// OpenRecords is the store of a fleet whose calls are all in one place.
func OpenRecords(ctx context.Context, nc *nats.Conn, o Options) (store.Store, error) {
	n, err := newNames(o.Name)
	if err != nil {
		return nil, err
	}
	s, err := openStreams(ctx, nc, n, o)
	if err != nil {
		return nil, err
	}
	r := newRecords(func(string) (string, bool) { return "7", true }, func(string) bool { return true })
	r.open(s)
	return r, nil
}

// SplitToken is a part of a subject or key, and what it is read as.
func SplitToken(id string) (text, read string, ok bool) {
	text = token(id)
	read, ok = untoken(text)
	return text, read, ok
}

var (
	Assign = assign
	Home   = home
)

// Reopen has this instance's consumers lose their place, as a broken connection
// does.
func (c *Client) Reopen() {
	c.fleet.mu.Lock()
	defer c.fleet.mu.Unlock()
	close(c.fleet.dial)
	c.fleet.dial = make(chan struct{})
}
