package inspector

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// perPage is how many calls are on one page of the list, and mostPages more than
// there are.
const (
	perPage   = 100
	mostPages = 1 << 20
)

// query is which calls a page wants to see, and in what order.
type query struct {
	text  string // in lower case
	show  string // live, trouble, ended, or all
	sort  string
	up    bool // the lowest first
	first int
}

func queryOf(values url.Values) query {
	page, _ := strconv.Atoi(values.Get("page"))
	page = min(max(page, 0), mostPages)
	return query{
		text: strings.ToLower(strings.TrimSpace(values.Get("q"))), show: cmp.Or(values.Get("show"), "all"),
		sort: cmp.Or(values.Get("sort"), "began"), up: values.Get("up") != "", first: page * perPage,
	}
}

// row is a call as the list has it. Times are in milliseconds since 1970.
type row struct {
	ID        string `json:"id"`
	State     string `json:"state"`
	Kind      string `json:"kind"`
	Outgoing  bool   `json:"outgoing,omitempty"`
	Began     int64  `json:"began"`
	Ended     int64  `json:"ended,omitempty"`
	End       string `json:"end,omitempty"`
	People    int    `json:"people"`
	Trust     string `json:"trust"`
	Pending   int    `json:"pending,omitempty"`
	Heard     int64  `json:"heard,omitempty"`
	KeepAlive int64  `json:"keepAlive,omitempty"`
	Bad       uint32 `json:"bad,omitempty"`
	Odd       uint32 `json:"odd,omitempty"`
	Running   int    `json:"running,omitempty"`
	Private   string `json:"private,omitempty"`
}

// found is what came of a query.
type found struct {
	records  []*record // of the page
	matching int
	live     int
	ended    int
	trouble  int
}

// candidate is a call that matches, with what it is sorted by.
type candidate struct {
	record *record
	number int64
	text   string
}

// search looks for the calls of a query, again and again.
type search struct {
	query query
	all   []candidate // of the last time, for its memory
	read  map[*record]reading
}

// reading is how far a call's timeline was looked through, and whether the text was
// there.
type reading struct {
	version uint64
	found   bool
}

// run looks at every call, and at what is new in the timelines.
func (s *search) run(b *book) found {
	var f found
	all, read := s.all[:0], make(map[*record]reading, len(s.read))
	b.records.Range(func(_, value any) bool {
		r := value.(*record)
		r.mu.Lock()
		defer r.mu.Unlock()
		f.add(r)
		if s.query.shows(r) && (r.facts.match(s.query.text) || s.isInTimeline(r, read)) {
			all = append(all, s.query.candidate(r))
		}
		return true
	})
	s.all, s.read = all, read
	f.matching = len(all)
	slices.SortFunc(all, s.query.compare)
	first := min(s.query.first, max(0, len(all)-1)/perPage*perPage)
	for _, c := range all[first:min(first+perPage, len(all))] {
		f.records = append(f.records, c.record)
	}
	return f
}

// shortestID is how long a text is looked for among the ids of what happened.
const shortestID = 8

// isInTimeline finds calls by the ids of their messages, requests and operations.
func (s *search) isInTimeline(r *record, read map[*record]reading) bool {
	if len(s.query.text) < shortestID {
		return false
	}
	last := s.read[r]
	if !last.found && last.version != r.ring.version {
		last.found = r.ring.find(func(e *entry) bool {
			return e.version > last.version && (begins(e.id, s.query.text) || begins(e.reply, s.query.text) || begins(e.more, s.query.text))
		}) != nil
		last.version = r.ring.version
	}
	read[r] = last
	return last.found
}

func begins(id, text string) bool {
	return len(id) >= len(text) && strings.EqualFold(id[:len(text)], text)
}

func (f *found) add(r *record) {
	if r.over {
		f.ended++
	} else {
		f.live++
	}
	if r.bad > 0 {
		f.trouble++
	}
}

func (q *query) shows(r *record) bool {
	switch q.show {
	case "live":
		return !r.over
	case "ended":
		return r.over
	case "trouble":
		return r.bad > 0
	default:
		return true
	}
}

// match finds calls by what the list shows of them, and by their ids.
func (f *facts) match(text string) bool {
	if text == "" {
		return true
	}
	for _, in := range []string{f.ID, string(f.State), f.Kind, f.Scenario, f.Chain, f.Tenant, f.End, f.Private} {
		if strings.Contains(strings.ToLower(in), text) {
			return true
		}
	}
	return false
}

// afterAll puts the calls that have ended below those that live.
const afterAll = 1 << 62

func (q *query) candidate(r *record) candidate {
	c := candidate{record: r, text: r.facts.ID}
	switch q.sort {
	case "state":
		c.text = string(r.facts.State) + c.text
	case "kind":
		c.text = r.facts.Kind + c.text
	case "people":
		c.number = int64(r.facts.People)
	case "heard":
		c.number = unix(r.facts.Heard)
	case "trouble":
		c.number = int64(r.bad)<<32 + int64(r.odd)
	case "pending":
		c.number = int64(len(r.call.Vitals().Pending))
	case "keepAlive":
		c.number = unix(r.call.Vitals().KeepAlive)
	case "trust":
		c.number = int64(r.facts.Trust)
	default:
		c.number = r.facts.Began.UnixNano()
		if r.over {
			c.number = r.facts.Ended.UnixNano() - afterAll
		}
	}
	return c
}

func (q *query) compare(a, b candidate) int {
	order := cmp.Compare(a.number, b.number)
	if order == 0 {
		order = strings.Compare(a.text, b.text)
	}
	if !q.up {
		return -order
	}
	return order
}

func (r *record) row(v *statefulclient.Vitals) row {
	r.mu.Lock()
	defer r.mu.Unlock()
	f := &r.facts
	shown := row{
		ID: f.ID, State: string(f.State), Kind: f.Kind, Outgoing: f.Outgoing, Began: unix(f.Began), Ended: unix(f.Ended), End: f.End,
		People: v.Participants, Trust: trustOf(v.Trust), Heard: max(unix(f.Heard), unix(v.Heard)), Bad: r.bad, Odd: r.odd, Running: r.running,
		Private: f.Private,
	}
	if !r.over {
		shown.Pending, shown.KeepAlive = len(v.Pending), unix(v.KeepAlive)
	}
	return shown
}

func unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}
