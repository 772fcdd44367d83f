package simulator

import (
	"net/http"
	"sync"
	"time"
)

// Exchange is one HTTP request and what was answered.
type Exchange struct {
	// ToBot is true for what the platform sent, and false for what it was
	// sent.
	ToBot          bool
	Method         string
	URL            string
	CallID         string // empty when the exchange is about no call
	RequestHeader  http.Header
	RequestBody    []byte
	Status         int // 0 when no answer came
	ResponseHeader http.Header
	ResponseBody   []byte
	Err            error // why no answer came
	At             time.Time
	Took           time.Duration
}

// journal keeps the newest exchanges.
type journal struct {
	mu      sync.Mutex
	limit   int
	entries []Exchange
}

func newJournal(limit int) *journal { return &journal{limit: limit} }

func (j *journal) add(exchange Exchange) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.entries = appendBounded(j.entries, exchange, j.limit)
}

// Exchanges returns the requests the service answered and the notifications it
// sent, in the order they ended; those to the token endpoint and for keys are
// only counted. Bearer tokens are left out.
func (p *Platform) Exchanges() []Exchange {
	p.journal.mu.Lock()
	defer p.journal.mu.Unlock()
	return append([]Exchange(nil), p.journal.entries...)
}

// appendBounded drops a quarter of the limit when it is reached, so that
// dropping costs little per entry.
func appendBounded[T any](list []T, entry T, limit int) []T {
	if len(list) >= limit {
		list = append([]T(nil), list[len(list)-limit+max(limit/4, 1):]...)
	}
	return append(list, entry)
}

func withoutSecrets(header http.Header) http.Header {
	clean := header.Clone()
	if clean.Get("Authorization") != "" {
		clean.Set("Authorization", "Bearer …")
	}
	return clean
}
