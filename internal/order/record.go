package order

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/graphcalls/graphcalls-go/resources"
)

// Record is one stamp and what it was the last to set, in the form in which
// Stamps are kept. It has names where Stamps have numbers: which bit stands for
// a property, and which band for a state, may differ in another version of this
// library.
type Record struct {
	resources.Wire
	State      resources.CallState `json:"state"`   // any of the stamp's band
	Version    string              `json:"version"` // a number; empty for none
	Fields     []string            `json:"fields"`
	Undeclared []string            `json:"undeclared"`
}

// Records returns the stamps of T's properties, the earliest first. stateOf
// names a state of a band.
func Records[T any](s Stamps, stateOf func(band int) resources.CallState) []Record {
	records := map[Stamp]Record{}
	for _, g := range s.groups {
		records[g.stamp] = Record{Fields: resources.FieldNames[T](g.fields)}
	}
	for _, n := range s.names {
		record := records[n.stamp]
		record.Undeclared = append(record.Undeclared, n.name)
		records[n.stamp] = record
	}
	var sorted []Record
	for _, stamp := range slices.SortedFunc(maps.Keys(records), Stamp.compare) {
		record := records[stamp]
		record.State = stateOf(stamp.Band)
		if stamp.Version != 0 {
			record.Version = strconv.FormatUint(stamp.Version, 10)
		}
		slices.Sort(record.Undeclared)
		sorted = append(sorted, record)
	}
	return sorted
}

// compare is an order for the eye alone; Before tells what was said earlier.
func (s Stamp) compare(other Stamp) int {
	return cmp.Or(cmp.Compare(s.Version, other.Version), cmp.Compare(s.Band, other.Band))
}

// StampsOf is the reverse of Records. A name that T has no field for counts as
// a property without one, which is what T's text has made of it.
//
// It returns resources.ErrMalformed for what Records cannot have written.
func StampsOf[T any](records []Record, bandOf func(resources.CallState) int) (Stamps, error) {
	var s Stamps
	for i := range records {
		record := &records[i]
		if err := resources.CheckFit(record); err != nil {
			return Stamps{}, err
		}
		stamp := Stamp{Band: bandOf(record.State)}
		if record.Version != "" {
			version, err := strconv.ParseUint(record.Version, 10, 64)
			if err != nil {
				return Stamps{}, fmt.Errorf("%w: the version of a stamp is no number", resources.ErrMalformed)
			}
			stamp.Version = version
		}
		for _, name := range record.Fields {
			if field := resources.FieldNamed[T](name); field != 0 {
				s, _ = s.With(stamp, field)
			} else {
				s, _ = s.WithName(stamp, name)
			}
		}
		for _, name := range record.Undeclared {
			s, _ = s.WithName(stamp, name)
		}
	}
	return s, nil
}
