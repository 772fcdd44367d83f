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
	chat    *resources.ChatInfo
	info    resources.MeetingInfo
	tenant  string
	members []*member
	sources int // media source ids given out
}

// member is one entry of a conversation's roster: a person, or a bot's leg.
type member struct {
	id     string
	source string
	person *Person
	call   *Call
	muted  bool
	held   bool
}

func (c *conversation) enter(m *member) {
	c.sources++
	m.source = strconv.Itoa(c.sources)
	c.members = append(c.members, m)
}

func (c *conversation) exit(m *member) bool {
	before := len(c.members)
	c.members = slices.DeleteFunc(c.members, func(other *member) bool { return other == m })
	return len(c.members) < before
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
func (c *conversation) roster() resources.Participants {
	entries := make(resources.Participants, len(c.members))
	for i, m := range c.members {
		entries[i] = *m.participant()
	}
	return entries
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
	entry.MediaStreams = []resources.MediaStream{*stream}
	return entry
}

func (m *member) identity() *resources.IdentitySet {
	if m.person != nil {
		return m.person.identity()
	}
	return m.call.bot.identity()
}
