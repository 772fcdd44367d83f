package roster

import (
	"fmt"
	"slices"
	"strings"

	"github.com/graphcalls/graphcalls-go/resources"
)

// Record is a Roster in the form in which it is kept.
type Record struct {
	resources.Wire
	Trust    string                         `json:"trust"`
	Sequence int64                          `json:"sequence"`
	People   []*resources.Participant       `json:"people"`  // who go by their id
	Others   []other                        `json:"others"`  // who do not
	Waiting  []*resources.DeltaParticipants `json:"waiting"` // by sequence number
}

type other struct {
	resources.Wire
	Key         string                 `json:"key"`
	Participant *resources.Participant `json:"participant"`
}

// Record returns the roster to be kept, the people sorted by their keys.
func (r Roster) Record() *Record {
	record := &Record{Trust: names()[r.Trust], Sequence: r.Sequence, Waiting: r.waiting}
	for key, entry := range r.people.Sorted() {
		person := entry.Resource()
		if person.ID != "" && resources.Key(person.ID) == key {
			record.People = append(record.People, person)
		} else {
			record.Others = append(record.Others, other{Key: key, Participant: person})
		}
	}
	return record
}

// Roster is the reverse of Record; nil is an empty roster. It returns
// resources.ErrMalformed for what Record cannot have written.
func (r *Record) Roster() (Roster, error) {
	if r == nil {
		return Roster{}, nil
	}
	if err := resources.CheckFit(r); err != nil {
		return Roster{}, err
	}
	roster := Roster{Trust: trustNamed(r.Trust), Sequence: r.Sequence}
	for _, delta := range r.Waiting {
		roster.waiting = append(roster.waiting, resources.Detach(delta))
	}
	for _, person := range r.People {
		roster.people = roster.people.With(strings.Clone(resources.Key(person.ID)), newPerson(person))
	}
	for i := range r.Others {
		o := &r.Others[i]
		if err := resources.CheckFit(o); err != nil {
			return Roster{}, err
		}
		if o.Participant == nil {
			return Roster{}, fmt.Errorf("%w: a key without a participant", resources.ErrMalformed)
		}
		roster.people = roster.people.With(strings.Clone(o.Key), newPerson(o.Participant))
	}
	return roster, nil
}

// names are what the degrees of trust are called where they are kept.
func names() []string {
	return []string{Unknown: "", Snapshot: "snapshot", Delta: "delta", Truncated: "truncated", Stale: "stale"}
}

// trustNamed is the degree of that name; a name from a later version of this
// library is no reason to believe a roster.
func trustNamed(name string) Trust {
	if at := slices.Index(names(), name); at >= 0 {
		return Trust(at)
	}
	return Stale
}
