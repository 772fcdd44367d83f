package simulator

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
)

// Meeting is a scheduled meeting. What is left out is made up by AddMeeting.
type Meeting struct {
	Subject   string
	Organizer *Person // an otherwise unknown person when nil
	// ThreadID names the meeting's chat, and the meeting.
	ThreadID string
	// JoinMeetingID and Passcode are what people type in to join.
	JoinMeetingID string
	Passcode      string
	// JoinToken is what a TokenMeetingInfo carries.
	JoinToken string
	// NoPasscode makes a meeting whose JoinMeetingID needs none.
	NoPasscode bool
	// VideoTeleconferenceID is what room devices dial.
	VideoTeleconferenceID string
	// ExternalID is the mark of whoever made the meeting by createOrGet.
	ExternalID string
	// Starts and Ends are when it is planned for; bots can join at any time.
	Starts, Ends time.Time
	// Lobby says which bots wait to be let in.
	Lobby Lobby

	platform *Platform
	room     *conversation
	crowd    crowd
	created  time.Time
	// asked is the request that made the meeting, and conference its number on
	// the telephone.
	asked      *resources.OnlineMeeting
	conference string
}

// AddMeeting schedules a meeting. The result carries what was made up, and
// must not be changed.
func (p *Platform) AddMeeting(meeting Meeting) *Meeting {
	m := &meeting
	m.platform = p
	if m.Organizer == nil {
		m.Organizer = p.AddPerson("Organizer")
	}
	orMadeUp := func(value *string, made string) {
		if *value == "" {
			*value = made
		}
	}
	orMadeUp(&m.ThreadID, "19:meeting_"+strings.ReplaceAll(newID(), "-", "")+"@thread.v2")
	orMadeUp(&m.JoinMeetingID, newDigits(12))
	if !m.NoPasscode {
		orMadeUp(&m.Passcode, newKeyID()[:6])
	}
	orMadeUp(&m.JoinToken, newKeyID())
	orMadeUp(&m.VideoTeleconferenceID, newDigits(9))
	orMadeUp(&m.conference, newDigits(9))
	m.created = p.clock.now()
	if m.Starts.IsZero() {
		m.Starts, m.Ends = m.created, m.created.Add(time.Hour)
	}
	if m.Ends.IsZero() {
		m.Ends = m.Starts.Add(time.Hour)
	}
	chat, info := m.Coordinates()
	m.room = &conversation{kind: meetingConversation, chat: chat, info: info, tenant: m.Organizer.TenantID, lobby: m.Lobby, token: m.JoinToken}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.world.meetings = append(p.world.meetings, m)
	return m
}

// Coordinates are what a bot joins the meeting by.
func (m *Meeting) Coordinates() (*resources.ChatInfo, *resources.OrganizerMeetingInfo) {
	return &resources.ChatInfo{ThreadID: m.ThreadID, MessageID: "0"},
		&resources.OrganizerMeetingInfo{Organizer: m.Organizer.identity(), AllowConversationWithoutHost: true}
}

// JoinURL is the link people click, in the long form that has the coordinates
// in it.
func (m *Meeting) JoinURL() string {
	place, err := json.Marshal(struct{ Tid, Oid string }{m.Organizer.TenantID, m.Organizer.ID})
	if err != nil {
		return ""
	}
	return "https://teams.microsoft.com/l/meetup-join/" + url.PathEscape(m.ThreadID) + "/0?context=" + url.QueryEscape(string(place))
}

// End ends the meeting for everybody in it.
func (m *Meeting) End() {
	m.platform.mu.Lock()
	defer m.platform.mu.Unlock()
	members := slices.Collect(m.room.members.all())
	m.room.members = attendance{}
	for _, other := range members {
		switch {
		case other.person != nil:
			other.person.conversation, other.person.seat = nil, nil
		case other.call != nil:
			other.call.finish(conversationEnded())
		}
	}
}

// Participants is the meeting's roster.
func (m *Meeting) Participants() resources.Participants {
	m.platform.mu.Lock()
	defer m.platform.mu.Unlock()
	return m.room.roster()
}

// meetingOf finds the meeting a bot asks to join; callers hold p.mu.
func (p *Platform) meetingOf(posted *resources.Call) (*Meeting, *refusal) {
	matches := func(*Meeting) bool { return false }
	switch info := posted.MeetingInfo.(type) {
	case *resources.TokenMeetingInfo:
		matches = func(m *Meeting) bool { return m.JoinToken == info.Token }
	case *resources.JoinMeetingIDMeetingInfo:
		id := strings.ReplaceAll(info.JoinMeetingID, " ", "")
		matches = func(m *Meeting) bool { return m.JoinMeetingID == id && m.Passcode == info.Passcode }
	case *resources.OrganizerMeetingInfo:
		if posted.ChatInfo == nil || info.Organizer == nil || info.Organizer.User == nil {
			return nil, badRequest("Joining by coordinates needs chatInfo and meetingInfo.organizer.user.")
		}
		matches = func(m *Meeting) bool {
			return strings.EqualFold(m.ThreadID, posted.ChatInfo.ThreadID) && strings.EqualFold(m.Organizer.ID, info.Organizer.User.ID)
		}
	}
	if at := slices.IndexFunc(p.world.meetings, matches); at >= 0 {
		return p.world.meetings[at], nil
	}
	return nil, &refusal{404, "NotFound", "No meeting has these coordinates."}
}
