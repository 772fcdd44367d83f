package simulator

import (
	"slices"
	"strconv"

	"github.com/graphcalls/graphcalls-go/resources"
)

type conversationKind int

const (
	peerConversation    conversationKind = iota // one bot, one person
	groupConversation                           // made by calling several people
	meetingConversation                         // scheduled
)

// conversation is what people and the legs of bots are in together. Its fields
// and methods are guarded by the platform's mutex.
type conversation struct {
	kind    conversationKind
	chainID string // shared by its calls
	chat    *resources.ChatInfo
	info    resources.MeetingInfo
	tenant  string
	members []*member
	sources int // media source ids given out
	lobby   Lobby
	shared  []*sharing
	token   string  // recorders join by it
	called  []*Call // to record
}

// member is one entry of a conversation's roster: a person, a bot's leg, or
// the large gallery.
type member struct {
	id          string
	source      string
	person      *Person
	call        *Call
	muted       bool
	serverMuted bool // muted by somebody else
	held        bool
	music       bool // held by a bot, to music
	hidden      bool // from all but itself
	inLobby     bool
	screen      resources.MediaDirection // of a shared screen; empty for none
	recording   *resources.RecordingInfo
}

// chain is what all calls of the conversation have in common.
func (c *conversation) chain() string {
	if c.chainID == "" {
		c.chainID = newID()
	}
	return c.chainID
}

func (c *conversation) enter(m *member) {
	c.sources++
	m.source = strconv.Itoa(c.sources)
	c.members = append(c.members, m)
}

func (c *conversation) exit(m *member) bool {
	c.endSharing(m)
	before := len(c.members)
	c.members = slices.DeleteFunc(c.members, func(other *member) bool { return other == m })
	if len(c.members) == before {
		return false
	}
	c.unobserve(m)
	return true
}

// announce tells the bots in it who is there. Two alone are told nothing, as
// on Teams.
func (c *conversation) announce() {
	if c.kind == peerConversation {
		return
	}
	for _, m := range c.members {
		if m.call != nil {
			m.call.tellRoster()
		}
	}
}

func (c *conversation) people() int {
	count := 0
	for _, m := range c.members {
		if m.person != nil {
			count++
		}
	}
	return count
}

// roster is everybody in the conversation as the platform describes them.
func (c *conversation) roster() resources.Participants { return c.rosterFor(nil) }

// rosterFor is who a bot gets to see: from the lobby, only itself.
func (c *conversation) rosterFor(leg *Call) resources.Participants {
	entries := resources.Participants{}
	for _, m := range c.members {
		own := leg != nil && m == leg.seat
		if own || !m.hidden && (leg == nil || !leg.seat.inLobby) {
			entries = append(entries, *m.participant())
		}
	}
	return entries
}

// memberNamed finds who has a participant id; in a call of two there is no
// roster to name anybody of.
func (c *conversation) memberNamed(id string) *member {
	for _, m := range c.members {
		if c.kind != peerConversation && resources.Key(m.id) == resources.Key(id) {
			return m
		}
	}
	return nil
}

func (m *member) participant() *resources.Participant {
	entry := fresh[resources.Participant](participantText)
	entry.ID = m.id
	entry.IsMuted = m.muted
	entry.Info = &resources.ParticipantInfo{Identity: m.identity()}
	stream := fresh[resources.MediaStream](mediaStreamText)
	stream.MediaType = resources.ModalityAudio
	stream.Label = "main-audio"
	stream.SourceID = m.source
	stream.Direction = resources.MediaDirectionSendReceive
	if m.held {
		stream.Direction = resources.MediaDirectionInactive
	}
	stream.ServerMuted = m.serverMuted
	entry.MediaStreams = []resources.MediaStream{*stream}
	if m.screen != "" {
		entry.MediaStreams = append(entry.MediaStreams, *m.screenStream())
	}
	entry.IsInLobby, entry.RecordingInfo = m.inLobby, m.recording
	m.dressGallery(entry)
	return entry
}

func (m *member) screenStream() *resources.MediaStream {
	stream := fresh[resources.MediaStream](mediaStreamText)
	stream.MediaType = resources.ModalityVideoBasedScreenSharing
	stream.Label = "applicationsharing-video"
	stream.SourceID = m.source + "01"
	stream.Direction = m.screen
	return stream
}

func (m *member) identity() *resources.IdentitySet {
	switch {
	case m.person != nil:
		return m.person.identity()
	case m.call != nil:
		identity := m.call.bot.identity()
		identity.Guest = m.call.guest()
		return identity
	default:
		return galleryIdentity()
	}
}
