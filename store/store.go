package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
)

// MaxCallID is the length in bytes of the longest call id that a [Store] takes.
const MaxCallID = 1024

// MinData is the size in bytes of a record's data that every [Store] takes; each says itself how much more it can.
const MinData = 512 << 10

// What the methods of a [Store] return, to be matched with errors.Is. After each of them the record is as it was.
var (
	// ErrConflict says that the record has another revision than the caller's, or that there is none: somebody else
	// has saved or deleted it. The caller no longer owns the call; Get tells what became of it.
	ErrConflict = errors.New("the record has been changed by somebody else; read it again before you save")
	// ErrNotFound says that there is no record of the call.
	ErrNotFound = errors.New("no record of this call")
	// ErrInvalidCallID says that a call id is empty or longer than MaxCallID.
	ErrInvalidCallID = fmt.Errorf("a call id must have 1 to %d bytes", MaxCallID)
	// ErrTooLarge says that the data is more than this store can hold; trying again does not help.
	ErrTooLarge = errors.New("the record is too large for this store; save less, or use another store")
	// ErrClosed says that the store is closed.
	ErrClosed = errors.New("the store is closed; open it again")
)

// ErrDamaged is in a [RecordError] whose record is there but is not what was saved.
var ErrDamaged = errors.New("the record is damaged")

// Store keeps one record for each live call. A record is changed by compare-and-swap: who saves or deletes it names the
// revision it read or wrote last, and gets [ErrConflict] when that is no longer the record's. So two processes that
// both think they own a call cannot overwrite each other.
//
// Revisions of one call only grow, and none is given twice, not even after a delete: who lost a call never owns it
// again by chance. Revision 0 is never given; it stands for "there is no record". A store may give revisions from one
// sequence for all calls; nothing follows from how far two of them are apart.
//
// Call ids come from the wire: any bytes, 1 to [MaxCallID] of them, told apart byte by byte. Data is any bytes too,
// none included, and at least [MinData] of them; past its own limit a store returns [ErrTooLarge].
//
// When a method returns nil, what it did is as durable as the store promises, and seen by every method called later,
// in any process that uses the same place. After an error that is not one of those named here, the change may have been
// made or may yet be: the caller reads the record with Get before it goes on. A change is made wholly or not at all.
//
// All methods may be called from many goroutines, and each respects the end of its context.
type Store interface {
	// Save replaces the record whose revision is the one given, or makes one where that is 0, and returns the new
	// revision. It returns ErrConflict, and changes nothing, when the record has another revision, when there is a
	// record and the revision given is 0, and when there is none and it is not. Data is not kept after Save returns,
	// nor changed.
	Save(ctx context.Context, callID string, revision uint64, data []byte) (uint64, error)

	// Delete removes the record whose revision is the one given. Where there is no record it returns nil, whatever the
	// revision; where there is one of another revision it returns ErrConflict and changes nothing.
	Delete(ctx context.Context, callID string, revision uint64) error

	// Get returns the record of a call, or ErrNotFound. The record's data is the caller's to keep and change.
	Get(ctx context.Context, callID string) (Record, error)

	// Load ranges over all records, in no order that means anything. A record that is there all the while comes exactly
	// once; one that is saved or deleted meanwhile comes as it was before or after, or not at all. The loop may call
	// the store. Each record's data is the caller's to keep and change.
	//
	// A record that cannot be read comes as an error with a *RecordError in it (errors.As), and the sequence goes on.
	// Any other error, that of the context included, is the last of the sequence, and says that records may be missing.
	Load(ctx context.Context) iter.Seq2[Record, error]
}

// Record is what a [Store] keeps of one call.
type Record struct {
	CallID   string
	Revision uint64 // what the next Save or Delete must name
	Data     []byte // never looked into by a store
}

// RecordError is about one record that is there but cannot be read, while others can. It wraps [ErrDamaged] when the
// record is not what was saved, and otherwise what kept the store from reading it.
type RecordError struct {
	CallID string // empty when the record is too damaged to tell
	Place  string // where it lies: a file, a key or a row, as the store has it
	Err    error
}

// Error says which record it is, where it lies and what is wrong with it; it holds nothing of the data.
func (e *RecordError) Error() string {
	if e.CallID == "" {
		return fmt.Sprintf("record in %s: %v", e.Place, e.Err)
	}
	return fmt.Sprintf("record of call %q in %s: %v", e.CallID, e.Place, e.Err)
}

// Unwrap returns what is wrong with the record.
func (e *RecordError) Unwrap() error { return e.Err }

// CheckCallID returns [ErrInvalidCallID] for an id that no [Store] takes. It is for those who write one.
func CheckCallID(callID string) error {
	if callID == "" || len(callID) > MaxCallID {
		return ErrInvalidCallID
	}
	return nil
}

func wrapLoad(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("store: load calls: %w", err)
}

// wrap says which operation failed on which call, and is nil for nil.
func wrap(operation, callID string, err error) error {
	if err == nil {
		return nil
	}
	if len(callID) > MaxCallID {
		callID = callID[:MaxCallID]
	}
	return fmt.Errorf("store: %s call %q: %w", operation, callID, err)
}
