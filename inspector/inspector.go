package inspector

import (
	"net/http"
	"sync"
	"time"

	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// Options shape an Inspector. The zero value answers this machine alone, and
// shows no personal data.
type Options struct {
	// Authorize decides who may look: it returns nil for them, and what it returns
	// else is not shown. It is asked at each request, on the request's goroutine.
	// Without it only this machine may look: see the package's documentation.
	Authorize func(r *http.Request) error
	// ShowPersonalData shows names, numbers, keys pressed, subjects and the
	// platform's texts, and keeps them as long as the rest of a call. Bundles for
	// support stay redacted.
	ShowPersonalData bool
	// Entries is how many notes of one call are kept, of some 230 bytes each; the
	// oldest go first. 200.
	Entries int
	// EndedCalls is how many calls are kept after their end; the oldest go first.
	// 200; negative for none.
	EndedCalls int
	// Pages is how many pages may be open at once; the next are answered 503. 16.
	Pages int
}

func (o Options) withDefaults() Options {
	orElse := func(value *int, otherwise int) {
		if *value == 0 {
			*value = otherwise
		}
	}
	orElse(&o.Entries, 200)
	orElse(&o.EndedCalls, 200)
	orElse(&o.Pages, 16)
	o.Entries, o.EndedCalls, o.Pages = max(o.Entries, 1), max(o.EndedCalls, 0), max(o.Pages, 1)
	return o
}

// Inspector notes what a client does, and shows it. Its methods may be called
// from any goroutine. Close it in the end.
type Inspector struct {
	client      *statefulclient.Client
	options     Options
	book        *book
	people      *people
	observation *statefulclient.Observation
	began       time.Time

	pages  chan struct{} // one for each that is open
	closed chan struct{}
	close  sync.Once
}

// New begins to note what a client does. The calls it has already are shown with
// what is known of them; their timelines begin now.
func New(client *statefulclient.Client, options Options) *Inspector {
	options = options.withDefaults()
	i := &Inspector{
		client: client, options: options, book: newBook(client, options), people: newPeople(), began: time.Now(),
		pages: make(chan struct{}, options.Pages), closed: make(chan struct{}),
	}
	i.observation = client.Observe(recorder{i.book})
	i.book.catchUp()
	return i
}

// Close ends the observation, and has open pages told that it is over, for which
// it does not wait. From then on requests are answered 503. It leaves the client
// alone, and may be called more than once.
func (i *Inspector) Close() {
	i.close.Do(func() {
		i.observation.Cancel()
		close(i.closed)
	})
}

// ServeHTTP serves the page and what it asks for.
func (i *Inspector) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	secure(w.Header())
	if reason := i.refusal(r); reason != "" {
		http.Error(w, reason, http.StatusForbidden)
		return
	}
	select {
	case <-i.closed:
		http.Error(w, "The inspector is closed.", http.StatusServiceUnavailable)
	default:
		i.serve(w, r)
	}
}
