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
	return meeting.room.share(p.seat).id
}

// share has somebody share content; callers hold platform.mu.
func (c *conversation) share(m *member) *sharing {
	s := &sharing{id: newID(), sharer: m}
	c.shared = append(c.shared, s)
	m.screen = resources.MediaDirectionSendOnly
	c.announce(m)
	c.announceSharing(resources.ChangeTypeCreated, s)
	return s
}

// StopSharing ends all the person shares.
func (p *Person) StopSharing() {
	p.platform.mu.Lock()
	defer p.platform.mu.Unlock()
	if p.conversation != nil {
		p.conversation.endSharing(p.seat)
		p.conversation.announce(p.seat)
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
	for _, leg := range c.members.legs {
		if !leg.wantsSharing || leg.seat.inLobby {
			continue
		}
		leg.announce(change, resources.Path{CallID: leg.id, Collection: sharingPath, ItemID: s.id}, nil)
		leg.announce(change, resources.Path{CallID: leg.id, Collection: sharingPath}, resources.ContentSharingSessions{*s.session()})
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
			said.SetProperty("@odata.context", r.contextInCall("/contentSharingSessions/$entity"))
			return respond(http.StatusOK, said)
		}
	}
	return reply{}, &refusal{http.StatusNotFound, "NotFound", "ContentSharingSession not found."}
}
