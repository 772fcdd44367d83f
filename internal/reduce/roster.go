package reduce

import (
	"github.com/graphcalls/graphcalls-go/internal/roster"
	"github.com/graphcalls/graphcalls-go/resources"
)

// rostered takes in a whole roster from a notification.
func (s *step) rostered(people []resources.Participant) {
	next, ok := s.state.Roster.Replace(people)
	if !ok {
		s.verdict = Stale
		return
	}
	s.setRoster(next)
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
		s.request(FetchRoster{}) // more is missing than could wait
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
		s.request(FetchRoster{})
		return
	}
	s.setRoster(s.state.Roster.GiveUp())
}

// listed takes in a whole roster from a reply. The platform lists nobody for a
// call of two, also one that has meeting facts; in a meeting it lists the bot at
// least. So an empty list says nothing, but that there is nothing to wait for.
func (s *step) listed(people []resources.Participant) {
	if len(people) == 0 {
		if s.state.Roster.Gap() {
			s.setRoster(s.state.Roster.GiveUp())
		}
		return
	}
	s.setRoster(s.state.Roster.Resync(people))
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
