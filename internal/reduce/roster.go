package reduce

import (
	"github.com/graphcalls/graphcalls-go/internal/roster"
	"github.com/graphcalls/graphcalls-go/resources"
)

// rostered takes in a whole roster from a notification.
func (s *step) rostered(people []resources.Participant) {
	before := s.state.Roster
	next, fit := before.Replace(people)
	if fit == roster.Outdated {
		s.verdict = Stale
		return
	}
	s.setRoster(next)
	switch {
	case !s.state.Group():
	case next.Trust == roster.Truncated && before.Trust != roster.Truncated:
		s.request(Fetch{DoubtTruncated})
	case fit == roster.Doubtful:
		s.request(Fetch{DoubtOrder})
	}
}

// rosterChanged takes in a change of the roster. One that comes before its
// predecessor waits a moment for it.
func (s *step) rosterChanged(delta *resources.DeltaParticipants) {
	before := s.state.Roster
	next, ok := before.Change(delta)
	if !ok {
		s.verdict = Stale
		return
	}
	s.setRoster(next)
	if next.Gap() && !before.Gap() {
		s.request(Wait{GapRoster})
	}
	if next.Trust == roster.Stale && before.Trust != roster.Stale && s.state.Group() {
		s.request(Fetch{DoubtGap}) // more is missing than could wait
	}
	if next.Gap() && roster.SamePeople(before, next) {
		s.touched, s.verdict = true, Waiting
	}
}

// rosterWaited asks for the whole roster if a change is still missing. Calls
// of two have none to ask for: there the changes are applied as they came.
func (s *step) rosterWaited() {
	if !s.state.Roster.Gap() {
		return
	}
	if s.state.Group() {
		s.request(Fetch{DoubtGap})
		return
	}
	s.setRoster(s.state.Roster.GiveUp())
}

// listed takes in a whole roster from the reply to a request sent when the
// roster was as in since. The platform lists nobody for a call of two, also one
// that has meeting facts; in a meeting it lists the bot at least. So an empty
// list says nothing, but that there is nothing to wait for.
func (s *step) listed(people []resources.Participant, since roster.Roster) {
	if len(people) == 0 {
		if s.state.Roster.Gap() {
			s.setRoster(s.state.Roster.GiveUp())
		}
		return
	}
	said := make([]resources.Participant, len(people))
	for i := range people {
		said[i] = *resources.WithoutNulls(&people[i])
	}
	next, ok := s.state.Roster.Resync(said, since)
	if !ok {
		s.verdict = Stale
		return
	}
	s.setRoster(next)
}

func (s *step) setRoster(next roster.Roster) {
	before := s.state.Roster
	s.state.Roster = next
	if !roster.SamePeople(before, next) {
		s.changed()
	} else if before.Trust != next.Trust || before.Sequence != next.Sequence {
		s.touched = true
	}
}
