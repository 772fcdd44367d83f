package inspector

import "time"

// entry is one thing that happened in a call's life. What its texts say depends
// on its kind; none of them holds personal data but private.
type entry struct {
	version uint64 // of the ring, when it was last changed
	at      int64  // in nanoseconds since 1970
	took    time.Duration
	waited  time.Duration

	what    string // is heard of, asked for, or run; of an edge, the state before
	detail  string // what is said of it; of an edge, the state after
	more    string // route, cause, kind of change, or id of an operation
	id      string // of the message, event, or of the request by the client
	reply   string // the platform's id of the request
	about   string // the call's id or scenario, of what belongs to no call yet
	by      string // the handler that a request was made from, as far as its context says
	private string // kept with ShowPersonalData alone

	code, subcode int32 // of the platform's result, or the status of a reply
	count         int32 // people, attempts, or updates folded
	item          int32 // of the POST's
	kind          kind
	marks         mark
}

// kind is what an entry is of.
type kind uint8

const (
	ofNotification kind = iota + 1
	ofRequest
	ofEdge
	ofHandler
	ofClient // what the client put into the call's inbox itself
)

func (k kind) String() string {
	return [...]string{"", "notification", "request", "state", "handler", "client"}[k]
}

// mark is what there is to notice about an entry.
type mark uint16

const (
	open mark = 1 << iota // not worked on, answered or returned yet
	unchanged
	redelivered
	stale
	late
	waiting
	unmatched
	refused
	failed
	panicked
	retried
	slow
	folded
	initial
)

// bad is what somebody should look at, and odd what explains much.
const (
	bad = unmatched | refused | failed | panicked
	odd = redelivered | stale | late | waiting | retried | slow | folded
)

// slowAfter is how long a handler may take before it is marked.
const slowAfter = time.Second

// words are the marks as the page has them, in the order of their bits.
func words() []string {
	return []string{
		"open", "duplicate", "redelivered", "stale", "late", "waiting", "unmatched", "refused", "failed", "panicked",
		"retried", "slow", "folded", "initial",
	}
}

func (m mark) words() []string {
	var list []string
	for i, word := range words() {
		if m&(1<<i) != 0 {
			list = append(list, word)
		}
	}
	return list
}

// note is an entry as the page and the bundle have it.
type note struct {
	Number  uint64   `json:"n"`
	At      int64    `json:"at"` // in milliseconds since 1970
	Kind    string   `json:"kind"`
	What    string   `json:"what"`
	Detail  string   `json:"detail,omitempty"`
	More    string   `json:"more,omitempty"`
	About   string   `json:"about,omitempty"`
	ID      string   `json:"id,omitempty"`
	Reply   string   `json:"reply,omitempty"`
	By      string   `json:"by,omitempty"`
	Item    int32    `json:"item,omitempty"`
	Private string   `json:"private,omitempty"`
	Code    int32    `json:"code,omitempty"`
	Subcode int32    `json:"subcode,omitempty"`
	Count   int32    `json:"count,omitempty"`
	Took    float64  `json:"took,omitempty"` // in milliseconds, as is
	Waited  float64  `json:"waited,omitempty"`
	Marks   []string `json:"marks,omitempty"`
}

func (e *entry) note(number uint64) note {
	return note{
		Number: number, At: e.at / int64(time.Millisecond), Kind: e.kind.String(), What: e.what, Detail: e.detail, More: e.more, About: e.about,
		ID: e.id, Reply: e.reply, By: e.by, Item: e.item, Private: e.private, Code: e.code, Subcode: e.subcode, Count: e.count,
		Took: milliseconds(e.took), Waited: milliseconds(e.waited), Marks: e.marks.words(),
	}
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
