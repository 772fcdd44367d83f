package reduce

import (
	"slices"
	"strings"

	"github.com/graphcalls/graphcalls-go/internal/persistent"
	"github.com/graphcalls/graphcalls-go/resources"
)

// maxEndedSessions bounds the content sharing sessions remembered as over.
const maxEndedSessions = 32

// Grouped is an audio routing group as the platform described it in reply.
type Grouped struct{ Group *resources.AudioRoutingGroup }

// Ungrouped says that an audio routing group is no more.
type Ungrouped struct{ ID string }

// GroupsListed are all audio routing groups, in reply.
type GroupsListed struct{ Groups []resources.AudioRoutingGroup }

func (Grouped) input()      {}
func (Ungrouped) input()    {}
func (GroupsListed) input() {}

// shared takes in what a notification says of content sharing sessions. A
// session's id is used once, so what comes for one that is over came late.
func (s *step) shared(sessions []resources.ContentSharingSession, change resources.ChangeType) {
	for i := range sessions {
		session := &sessions[i]
		key := resources.Key(session.ID)
		switch {
		case change == resources.ChangeTypeDeleted:
			s.unshared(key)
		case slices.Contains(s.state.endedSessions, key):
			s.verdict = Stale
		default:
			s.setSessions(merged(s.state.Sessions, key, session))
		}
	}
}

func (s *step) unshared(key string) {
	if !slices.Contains(s.state.endedSessions, key) {
		ended := append(slices.Clone(s.state.endedSessions), strings.Clone(key))
		s.state.endedSessions = ended[max(0, len(ended)-maxEndedSessions):]
		s.touched = true
	}
	s.setSessions(s.state.Sessions.Without(key))
}

func (s *step) setSessions(next persistent.Map[*resources.ContentSharingSession]) {
	if next != s.state.Sessions {
		s.state.Sessions = next
		s.changed()
	}
}

func (s *step) setGroups(next persistent.Map[*resources.AudioRoutingGroup]) {
	if next != s.state.Groups {
		s.state.Groups = next
		s.changed()
	}
}

// grouped takes in what a notification says of audio routing groups.
func (s *step) grouped(groups []resources.AudioRoutingGroup, change resources.ChangeType) {
	next := s.state.Groups
	for i := range groups {
		key := groups[i].ID
		if change == resources.ChangeTypeDeleted {
			next = next.Without(key)
		} else {
			next = merged(next, key, &groups[i])
		}
	}
	s.setGroups(next)
}

// groupsListed replaces what is known by all there are.
func (s *step) groupsListed(groups []resources.AudioRoutingGroup) {
	listed := map[string]bool{}
	next := s.state.Groups
	for i := range groups {
		listed[groups[i].ID] = true
		next = merged(next, groups[i].ID, &groups[i])
	}
	for key := range s.state.Groups.All() {
		if !listed[key] {
			next = next.Without(key)
		}
	}
	s.setGroups(next)
}

// merged lays news over what is known of one member: absent means no news.
func merged[T any](members persistent.Map[*T], key string, news *T) persistent.Map[*T] {
	known, ok := members.Get(key)
	if !ok {
		return members.With(strings.Clone(key), resources.Detach(news))
	}
	latest, changed := resources.Merge(known, news, resources.FieldsOf(news), nil)
	if changed == 0 {
		return members
	}
	return members.With(strings.Clone(key), latest)
}
