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
	members attendance
	stirred []*member // came or went, and not announced yet
	sources int       // media source ids given out
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

	previous, next *member // in the conversation's attendance
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
	c.members.add(m)
	c.stirred = append(c.stirred, m)
}

func (c *conversation) exit(m *member) bool {
	c.endSharing(m)
	if !c.members.remove(m) {
		return false
	}
	c.stirred = append(c.stirred, m)
	c.unobserve(m)
	return true
}

// announce tells the bots in it who came, who went and who has changed. Two
// alone are told nothing, as on Teams.
func (c *conversation) announce(changed ...*member) {
	if c.kind == peerConversation {
		return
	}
	changed = distinct(append(c.stirred, changed...))
	c.stirred = nil
	for _, leg := range c.members.legs {
		leg.tellRoster(changed, false)
	}
}

// announceAll is announce where anybody may have changed.
func (c *conversation) announceAll() {
	if c.kind == peerConversation {
		return
	}
	c.stirred = nil
	for _, leg := range c.members.legs {
		leg.tellRoster(nil, true)
	}
}

func distinct(members []*member) []*member {
	seen := make(map[*member]bool, len(members))
	return slices.DeleteFunc(members, func(m *member) bool {
		before := seen[m]
		seen[m] = true
		return before
	})
}

func (c *conversation) people() int { return c.members.people }

// roster is everybody in the conversation as the platform describes them.
func (c *conversation) roster() resources.Participants {
	entries := resources.Participants{}
	for m := range c.members.all() {
		if !m.hidden {
			entries = append(entries, *m.participant())
		}
	}
	return entries
}

// roster is the first of those a bot gets to see.
func (c *Call) roster(most int) resources.Participants {
	entries := resources.Participants{}
	for m := range c.conversation.members.all() {
		if len(entries) == most {
			break
		}
		if c.sees(m) {
			entries = append(entries, *m.participant())
		}
	}
	return entries
}

// sees says who a bot gets to see: from the lobby, only itself.
func (c *Call) sees(m *member) bool {
	return m == c.seat || !m.hidden && !c.seat.inLobby
}

// memberNamed finds who has a participant id; in a call of two there is no
// roster to name anybody of.
func (c *conversation) memberNamed(id string) *member {
	if c.kind == peerConversation {
		return nil
	}
	return c.members.named(id)
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
