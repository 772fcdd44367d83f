// Package roster is who is in a call, put together from whole rosters, changes
// and replies that may come late, twice, out of order or not at all.
package roster

import (
	"cmp"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/graphcalls/graphcalls-go/internal/persistent"
	"github.com/graphcalls/graphcalls-go/resources"
)

// Trust says how far a roster can be believed.
type Trust int

// The degrees of trust.
const (
	// Unknown: nothing was heard of the roster.
	Unknown Trust = iota
	// Snapshot: the last news was a whole roster.
	Snapshot
	// Delta: kept up to date by changes, none of which is missing.
	Delta
	// Truncated: the platform lists a hundred people at most, and did.
	Truncated
	// Stale: a change is missing.
	Stale
)

// Cap is how many people the platform lists at most.
const Cap = 100

// maxGap bounds the changes that wait for a missing one before them.
const maxGap = 64

// Roster is one version of a call's roster. It is never changed; each change
// gives a new one. It keeps nothing of what it was made from.
type Roster struct {
	Trust    Trust
	Sequence int64 // of the latest change applied; 0 where nothing ordered it
	people   persistent.Map[Person]
	waiting  []*resources.DeltaParticipants // after a gap, by sequence number
}

// Len counts the people.
func (r Roster) Len() int { return r.people.Len() }

// Get returns a person by their participant's id.
func (r Roster) Get(id string) (Person, bool) { return r.people.Get(resources.Key(id)) }

// All ranges over the people.
func (r Roster) All() iter.Seq[Person] {
	return func(yield func(Person) bool) {
		for _, p := range r.people.All() {
			if !yield(p) {
				return
			}
		}
	}
}

// Gap reports whether changes wait for a missing one before them.
func (r Roster) Gap() bool { return len(r.waiting) > 0 }

// Changes ranges over the people in whom two rosters differ.
func Changes(old, latest Roster) iter.Seq[persistent.Change[Person]] {
	return func(yield func(persistent.Change[Person]) bool) {
		for change := range persistent.Changes(old.people, latest.people) {
			if change.Old != change.New && !yield(change) {
				return
			}
		}
	}
}

// SamePeople reports whether nobody came, went or changed between two rosters.
func SamePeople(old, latest Roster) bool {
	for range Changes(old, latest) {
		return false
	}
	return true
}

// Fit says how a whole roster fits what is known.
type Fit int

// The ways a whole roster may fit.
const (
	// Fits: it was laid over what is known.
	Fits Fit = iota
	// Doubtful: it was laid over what is known, because it came last. It may be
	// from before somebody joined just as well as from after they left, or from
	// before they left just as well as from after they came back.
	Doubtful
	// Outdated: it is older than what is known, and changed nothing.
	Outdated
)

// Replace lays a whole roster over the one there is: who is missing has left,
// unless the platform cut the list short.
func (r Roster) Replace(people []resources.Participant) (Roster, Fit) {
	fit := r.fit(people)
	if fit == Outdated {
		return r, fit
	}
	r.Sequence = max(r.Sequence, highestSequence(people))
	return r.replace(people).apply(), fit
}

// fit goes by the numbers people have, each that of the change which last was
// about them. Who is known by a later number, or unknown though their change was
// before the latest, gives an old list away. Who leaves takes their number along,
// so a lower highest number proves nothing, unless changes tell of everybody who
// leaves.
func (r Roster) fit(people []resources.Participant) Fit {
	highest := highestSequence(people)
	if highest == 0 {
		return Fits
	}
	doubt := highest < r.Sequence
	for i := range people {
		number := people[i].RosterSequenceNumber
		known, listed := r.people.Get(key(&people[i], i))
		switch {
		case number == 0:
		case listed && number < known.sequence:
			return Outdated
		case listed || r.Trust == Truncated || len(people) >= Cap: // who is new to a cut list may have been there for long
		case number < r.Sequence:
			return Outdated
		default:
			doubt = doubt || number == r.Sequence
		}
	}
	switch {
	case !doubt:
		return Fits
	case r.Trust == Delta || r.Trust == Stale:
		return Outdated
	default:
		return Doubtful
	}
}

func (r Roster) replace(people []resources.Participant) Roster {
	next := r
	next.Trust = Snapshot
	if len(people) >= Cap {
		next.Trust = Truncated
	} else {
		next.people = r.only(people)
	}
	for i := range people {
		next.people = lay(next.people, key(&people[i], i), &people[i])
	}
	return next
}

// Resync lays a whole roster over the one there is that was asked for when the
// roster was as in since. It has what was known then, what was waiting included
// unless its numbers say that it is older. It reports false, and changes nothing,
// where the roster has since gone on past it.
func (r Roster) Resync(people []resources.Participant, since Roster) (Roster, bool) {
	sequence, waiting := highestSequence(people), r.waiting
	if sequence == 0 {
		sequence = since.latest()
	}
	if r.Sequence > max(sequence, since.Sequence) || r.Trust != Delta && !r.Gap() && !SamePeople(r, since) {
		return r, false
	}
	r.waiting, r.Sequence = nil, max(r.Sequence, sequence)
	next := r.replace(people)
	for _, delta := range waiting {
		if delta.SequenceNumber > next.Sequence {
			next = next.with(delta)
			next.Sequence = delta.SequenceNumber
		}
	}
	return next, true
}

// latest is the number of the last change heard of.
func (r Roster) latest() int64 {
	if len(r.waiting) > 0 {
		return r.waiting[len(r.waiting)-1].SequenceNumber
	}
	return r.Sequence
}

// only keeps those of the roster's people who are on the list.
func (r Roster) only(people []resources.Participant) persistent.Map[Person] {
	listed := make(map[string]bool, len(people))
	for i := range people {
		listed[key(&people[i], i)] = true
	}
	kept := r.people
	for k := range r.people.All() {
		if !listed[k] {
			kept = kept.Without(k)
		}
	}
	return kept
}

// Change applies what changed since the change before it. A change that is
// known already, or older than the roster, does nothing and reports false; one
// that comes before its predecessor waits for it.
func (r Roster) Change(delta *resources.DeltaParticipants) (Roster, bool) {
	switch {
	case delta.SequenceNumber == 0: // orders nothing
		return r.with(delta), true
	case delta.SequenceNumber <= r.Sequence || r.waitsFor(delta):
		return r, false
	case len(r.waiting) >= maxGap:
		next := r.GiveUp().with(delta)
		next.Sequence = max(next.Sequence, delta.SequenceNumber)
		return next, true
	}
	if delta.SequenceNumber > r.Sequence+1 {
		delta = resources.Detach(delta) // since it may wait for long
	}
	next := r
	next.waiting = append(slices.Clone(r.waiting), delta)
	slices.SortFunc(next.waiting, func(a, b *resources.DeltaParticipants) int {
		return cmp.Compare(a.SequenceNumber, b.SequenceNumber)
	})
	return next.apply(), true
}

func (r Roster) waitsFor(delta *resources.DeltaParticipants) bool {
	return slices.ContainsFunc(r.waiting, func(d *resources.DeltaParticipants) bool {
		return d.SequenceNumber == delta.SequenceNumber
	})
}

// apply takes from the waiting changes those whose turn has come. Numbers
// start at one; a roster that joins in later learns its place from a whole
// roster or by giving up on the gap.
func (r Roster) apply() Roster {
	for len(r.waiting) > 0 && r.waiting[0].SequenceNumber <= r.Sequence+1 {
		delta := r.waiting[0]
		r.waiting = r.waiting[1:]
		if delta.SequenceNumber == r.Sequence+1 {
			r = r.with(delta)
			r.Sequence = delta.SequenceNumber
		}
	}
	r.waiting = append([]*resources.DeltaParticipants(nil), r.waiting...) // and lets go of the others
	return r
}

// GiveUp stops waiting for missing changes: those that waited are applied as
// they are. The roster is Stale until a whole one replaces it.
func (r Roster) GiveUp() Roster {
	for _, delta := range r.waiting {
		r = r.with(delta)
		r.Sequence = delta.SequenceNumber
	}
	r.waiting, r.Trust = nil, Stale
	return r
}

func (r Roster) with(delta *resources.DeltaParticipants) Roster {
	for i := range delta.Participants {
		person := &delta.Participants[i]
		if person.RemovedState != nil {
			r.people = r.people.Without(key(person, i))
		} else {
			r.people = lay(r.people, key(person, i), person)
		}
	}
	if r.Trust != Stale {
		r.Trust = Delta
	}
	return r
}

// lay merges news of a participant with what is known: absent means no news. A
// participant of whom there is nothing new, as most, is not even unpacked.
func lay(people persistent.Map[Person], key string, news *resources.Participant) persistent.Map[Person] {
	known, ok := people.Get(key)
	switch {
	case !ok:
		return people.With(strings.Clone(key), newPerson(news))
	case news.RosterSequenceNumber != 0 && news.RosterSequenceNumber < known.sequence, known.packed.Holds(news):
		return people
	}
	merged, changed := resources.Merge(known.Resource(), news, resources.FieldsOf(news), nil)
	if changed == 0 {
		return people
	}
	return people.With(strings.Clone(key), newPerson(merged))
}

func highestSequence(people []resources.Participant) int64 {
	var highest int64
	for i := range people {
		highest = max(highest, people[i].RosterSequenceNumber)
	}
	return highest
}

// key names a roster entry. The platform leaves out the id of people it has
// invited by phone; they go by their number.
func key(p *resources.Participant, position int) string {
	if p.ID != "" {
		return resources.Key(p.ID)
	}
	if p.Info != nil {
		for kind, identity := range p.Info.Identity.All() {
			return kind + ":" + identity.ID
		}
	}
	return "#" + strconv.Itoa(position)
}
