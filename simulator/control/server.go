package control

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/url"
	"sync"

	"github.com/graphcalls/graphcalls-go/simulator"
)

// Options shape a Server.
type Options struct {
	// Token is what requests to the API carry as bearer token. One is made up
	// when empty.
	Token string
	// Hosts are names the server may be asked by, besides localhost and
	// addresses such as 127.0.0.1.
	Hosts []string
}

// Server is the desk of one platform. Its methods may be called from any
// goroutine. Close it in the end.
type Server struct {
	platform *simulator.Platform
	options  Options
	handler  http.Handler
	feed     *feed
	cast     *cast
	faults   *injected

	// looking guards seen. What can be noted only once it is done is done and
	// noted under it, so that nothing that comes of it is shown before.
	looking sync.Mutex
	seen    seen

	ctx   context.Context //nolint:containedctx // the server's life, ended by Close
	end   context.CancelFunc
	tasks sync.WaitGroup
}

// New begins to watch a platform. The server ends with Close, and shows nothing
// new once the platform is closed.
func New(platform *simulator.Platform, options Options) *Server {
	if options.Token == "" {
		options.Token = rand.Text()
	}
	s := &Server{
		platform: platform, options: options, feed: newFeed(), cast: newCast(), faults: &injected{},
		seen: seen{dropped: map[string]bool{}},
	}
	s.ctx, s.end = context.WithCancel(context.Background())
	s.handler = s.guarded(s.mux())
	s.look()
	s.tasks.Go(s.watch)
	return s
}

// Token is the bearer token of the API.
func (s *Server) Token() string { return s.options.Token }

// PageURL is the page's address, the token in it, when the server is at base,
// such as http://127.0.0.1:7444.
func (s *Server) PageURL(base string) string {
	return base + "/#" + url.Values{"token": {s.options.Token}}.Encode()
}

// ServeHTTP serves the API and the page.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Close ends the streams of events, and what watches the platform, for which it
// waits. It leaves the platform open.
func (s *Server) Close() {
	s.end()
	s.feed.close()
	s.tasks.Wait()
}

// AddBot shows a bot that was registered with the platform by Go code.
func (s *Server) AddBot(bot *simulator.Bot) {
	s.cast.addBot(bot)
	s.look()
}

// AddPerson shows somebody who was added to the platform by Go code.
func (s *Server) AddPerson(person *simulator.Person) {
	s.cast.addPerson(person)
	s.look()
}

// AddMeeting shows a meeting that was added to the platform by Go code.
func (s *Server) AddMeeting(meeting *simulator.Meeting) {
	s.cast.addMeeting(meeting)
	s.look()
}
