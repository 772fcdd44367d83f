package store

import (
	"fmt"
	"sync"
)

const (
	// revisionsFile says below which no revision is given any more, as the revision of a record without a call.
	revisionsFile = "revisions"
	// reserved is how many revisions are taken at once, so that giving one costs no write.
	reserved = 1 << 20
	// leap is how far revisions jump when it is lost which ones were given to records since deleted.
	leap = 1 << 40
)

// revisions gives each number once in the life of a folder.
type revisions struct {
	folder *folder

	mu   sync.Mutex
	last uint64 // given
	end  uint64 // the last one that may be given before more are reserved
}

// next gives a revision that was never given before.
func (r *revisions) next() (uint64, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.last == r.end {
		if err := r.reserve(r.end + reserved); err != nil {
			return 0, err
		}
	}
	r.last++
	return r.last, nil
}

// begin goes on after those that were reserved before.
func (r *revisions) begin(end uint64) { r.last, r.end = end, end }

func (r *revisions) reserve(end uint64) error {
	content := encode(Record{Revision: end})
	err := r.folder.write(beside(revisionsFile, end, temporarySuffix), revisionsFile, content, func() error { return nil })
	if err != nil {
		return fmt.Errorf("reserve revisions: %w", err)
	}
	r.end = end
	return nil
}
