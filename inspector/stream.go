package inspector

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

const (
	listEvery = 500 * time.Millisecond
	callEvery = 250 * time.Millisecond
	heartbeat = 15 * time.Second
)

// events writes server-sent events until it cannot.
type events struct {
	w       http.ResponseWriter
	control *http.ResponseController
	wrote   bool
	err     error
}

// send writes one event. JSON as encoding/json writes it has no line breaks.
func (e *events) send(kind string, value any) {
	body, err := json.Marshal(value)
	if e.err == nil {
		e.err = err
	}
	e.print("event: %s\ndata: %s\n\n", kind, body)
}

func (e *events) print(format string, args ...any) {
	if e.err == nil {
		_, e.err = fmt.Fprintf(e.w, format, args...)
		e.wrote = true
	}
}

func (e *events) flush() error {
	if e.err == nil && e.wrote {
		e.err, e.wrote = e.control.Flush(), false
	}
	return e.err
}

// stream has somebody who listens told what is new, every so often: what is asked
// reads it where it is kept, at the listener's pace, so nothing waits for one that
// is slow, and nothing is kept for it.
func (i *Inspector) stream(w http.ResponseWriter, r *http.Request, every time.Duration, tell func(*events)) {
	select {
	case i.pages <- struct{}{}:
		defer func() { <-i.pages }()
	default:
		w.Header().Set("Retry-After", "5")
		http.Error(w, "Too many pages are open.", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	out := &events{w: w, control: http.NewResponseController(w)}
	out.control.SetWriteDeadline(time.Time{}) //nolint:errcheck // a writer without deadlines needs none lifted
	out.print("retry: 1000\n\n")              // after which a page that has lost the bot asks again
	beat, tick := time.NewTicker(heartbeat), time.NewTicker(every)
	defer beat.Stop()
	defer tick.Stop()
	for {
		if tell(out); out.flush() != nil {
			return
		}
		select {
		case <-tick.C:
		case <-beat.C:
			out.print(":\n\n")
		case <-i.closed:
			out.send("closed", struct{}{})
			_ = out.flush() // who has gone need not be told
			return
		case <-r.Context().Done():
			return
		}
	}
}

// listing is what a page with the list has been told.
type listing struct {
	search  search
	changes uint64
	refused int64
	rows    map[string]row // of its page, by id
	told    bool
}

// listed is how a list stands: all but what is on it.
type listed struct {
	Now      int64 `json:"now"`
	Live     int   `json:"live"`
	Ended    int   `json:"ended"`
	Trouble  int   `json:"trouble"`
	Refused  int64 `json:"refused,omitempty"` // POSTs
	Matching int   `json:"matching"`
	PerPage  int   `json:"perPage"`
	Personal bool  `json:"personal,omitempty"` // data is shown
	// Order is the ids of the rows, and Rows those that are not as they were.
	Order []string `json:"order"`
	Rows  []row    `json:"rows,omitempty"`
}

// streamList tells of the calls that a query finds: at first, and then what is
// different.
func (i *Inspector) streamList(w http.ResponseWriter, r *http.Request) {
	l := &listing{search: search{query: queryOf(r.URL.Query())}, rows: map[string]row{}}
	i.stream(w, r, listEvery, func(out *events) {
		i.book.catchUp()
		changes, refused := i.book.changes.Load(), i.posts().refused()
		if !l.told || changes != l.changes || refused != l.refused {
			l.changes, l.refused = changes, refused
			l.tell(i.book, out)
		}
	})
}

func (l *listing) tell(b *book, out *events) {
	f := l.search.run(b)
	now := listed{
		Now: time.Now().UnixMilli(), Live: f.live, Ended: f.ended, Trouble: f.trouble, Refused: l.refused, Matching: f.matching,
		PerPage: perPage, Personal: b.personal,
		Order: make([]string, 0, len(f.records)),
	}
	rows := make(map[string]row, len(f.records))
	for _, r := range f.records {
		v := r.call.Vitals()
		shown := r.row(&v)
		now.Order = append(now.Order, shown.ID)
		rows[shown.ID] = shown
		if old, there := l.rows[shown.ID]; !there || old != shown {
			now.Rows = append(now.Rows, shown)
		}
	}
	l.rows, l.told = rows, true
	out.send("list", now)
}
