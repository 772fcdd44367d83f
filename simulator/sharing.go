package simulator

import (
	"net/http"
	"slices"

	"github.com/graphcalls/graphcalls-go/resources"
)

// sharingPath is spelt in lower case in notifications, and only there.
const sharingPath resources.Collection = "contentsharingsessions"

// sharing is content somebody shares, guarded by the platform's mutex.
type sharing struct {
	id     string
	sharer *member
}

func (s *sharing) session() *resources.ContentSharingSession {
	return &resources.ContentSharingSession{ID: s.id}
}

// ShareContent shares content in a meeting, which the person joins first if
// need be, and returns the id of the session. Bots that asked for it are told,
// and everybody's roster shows a screen.
func (p *Person) ShareContent(meeting *Meeting) string {
	p.Join(meeting)
	p.platform.mu.Lock()
	defer p.platform.mu.Unlock()
	s := &sharing{id: newID(), sharer: p.seat}
	room := meeting.room
	room.shared = append(room.shared, s)
	p.seat.screen = resources.MediaDirectionSendOnly
	room.announce()
	room.announceSharing(resources.ChangeTypeCreated, s)
	return s.id
}

// StopSharing ends all the person shares.
func (p *Person) StopSharing() {
	p.platform.mu.Lock()
	defer p.platform.mu.Unlock()
	if p.conversation != nil {
		p.conversation.endSharing(p.seat)
		p.conversation.announce()
	}
}

// endSharing and what follows are called with platform.mu held.
func (c *conversation) endSharing(m *member) {
	for _, s := range slices.Clone(c.shared) {
		if s.sharer == m {
			c.shared = slices.DeleteFunc(c.shared, func(other *sharing) bool { return other == s })
			m.screen = ""
			c.announceSharing(resources.ChangeTypeDeleted, s)
		}
	}
}

// announceSharing tells of a session in both ways the platform has: by its
// path alone, and by a list with data.
func (c *conversation) announceSharing(change resources.ChangeType, s *sharing) {
	for _, m := range c.members {
		if m.call == nil || !m.call.wantsSharing || m.inLobby {
			continue
		}
		m.call.announce(change, resources.Path{CallID: m.call.id, Collection: sharingPath, ItemID: s.id}, nil)
		m.call.announce(change, resources.Path{CallID: m.call.id, Collection: sharingPath}, resources.ContentSharingSessions{*s.session()})
	}
}

// listSharing serves GET …/contentSharingSessions.
func listSharing(r *request) (reply, *refusal) {
	r.platform.mu.Lock()
	defer r.platform.mu.Unlock()
	sessions := resources.ContentSharingSessions{}
	for _, s := range r.call.conversation.shared {
		sessions = append(sessions, *s.session())
	}
	return r.replyList("/contentSharingSessions", sessions)
}

// getSharing serves GET …/contentSharingSessions/{id}.
func getSharing(r *request) (reply, *refusal) {
	r.platform.mu.Lock()
	defer r.platform.mu.Unlock()
	for _, s := range r.call.conversation.shared {
		if resources.Key(s.id) == resources.Key(r.ids["session"]) {
			said := s.session()
			if r.version == "beta" {
				said.PresenterParticipantID = s.sharer.id
			}
			said.SetProperty("@odata.context", r.context("communications/calls('"+r.call.id+"')/contentSharingSessions/$entity"))
			return respond(http.StatusOK, said)
		}
	}
	return reply{}, &refusal{http.StatusNotFound, "NotFound", "ContentSharingSession not found."}
}
