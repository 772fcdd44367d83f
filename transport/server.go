package transport

import (
	"net/http"
	"time"
)

// NewServer is an http.Server for a bot's webhook that senders cannot tie up: what a client has to do is bounded in
// time, and what it sends before the handler is asked in size. Serve it as any other, behind a proxy or, by
// ListenAndServeTLS, without one; its fields are the caller's to change before that.
//
//   - ReadHeaderTimeout 5 s, ReadTimeout 10 s: the platform sends a notification at once
//   - WriteTimeout 30 s: room for what decides an answer, a redirect or a participant who joins, and for handing a
//     notification on to another instance
//   - IdleTimeout 2 min: the platform keeps connections between notifications
//   - MaxHeaderBytes 32 KiB: twice the largest token that package auth looks at
//
// It does not bound the number of connections, of which each takes some ten kilobytes: leave that to the proxy, or to
// a limiting net.Listener.
func NewServer(address string, handler http.Handler) *http.Server {
	return &http.Server{
		Addr:              address,
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
	}
}
