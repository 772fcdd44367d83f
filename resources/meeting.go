package resources

// ChatInfo names a meeting's chat, which is half of a meeting's coordinates.
type ChatInfo struct {
	Wire
	ThreadID            string `json:"threadId"`
	MessageID           string `json:"messageId"`
	ReplyChainMessageID string `json:"replyChainMessageId"`
}

func (*ChatInfo) graphType() string { return graphPrefix + "chatInfo" }

// MeetingInfo is the other half of a meeting's coordinates:
// *OrganizerMeetingInfo, *TokenMeetingInfo, *JoinMeetingIDMeetingInfo or
// *Unknown.
type MeetingInfo interface{ meetingInfo() }

// OrganizerMeetingInfo names a meeting by its organizer.
type OrganizerMeetingInfo struct {
	Wire
	Organizer                    *IdentitySet `json:"organizer"`
	AllowConversationWithoutHost bool         `json:"allowConversationWithoutHost"`
}

func (*OrganizerMeetingInfo) graphType() string { return graphPrefix + "organizerMeetingInfo" }
func (*OrganizerMeetingInfo) meetingInfo()      {}

// TokenMeetingInfo names a meeting by a join token.
type TokenMeetingInfo struct {
	Wire
	Token                        string `json:"token"`
	AllowConversationWithoutHost bool   `json:"allowConversationWithoutHost"`
}

func (*TokenMeetingInfo) graphType() string { return graphPrefix + "tokenMeetingInfo" }
func (*TokenMeetingInfo) meetingInfo()      {}

// JoinMeetingIDMeetingInfo names a meeting by the id and passcode that people
// type in.
type JoinMeetingIDMeetingInfo struct {
	Wire
	JoinMeetingID                string `json:"joinMeetingId"`
	Passcode                     string `json:"passcode"`
	AllowConversationWithoutHost bool   `json:"allowConversationWithoutHost"`
}

func (*JoinMeetingIDMeetingInfo) graphType() string { return graphPrefix + "joinMeetingIdMeetingInfo" }
func (*JoinMeetingIDMeetingInfo) meetingInfo()      {}
func (*Unknown) meetingInfo()                       {}

// MeetingCapability says what a meeting allows (beta).
type MeetingCapability struct {
	Wire
	AllowAnonymousUsersToDialOut      bool              `json:"allowAnonymousUsersToDialOut"`
	AllowAnonymousUsersToStartMeeting bool              `json:"allowAnonymousUsersToStartMeeting"`
	AutoAdmittedUsers                 AutoAdmittedUsers `json:"autoAdmittedUsers"`
}

func (*MeetingCapability) graphType() string { return graphPrefix + "meetingCapability" }

// AutoAdmittedUsers says who skips a meeting's lobby (beta).
type AutoAdmittedUsers string

// Who skips the lobby.
const (
	AutoAdmittedUsersEveryoneInCompany AutoAdmittedUsers = "everyoneInCompany"
	AutoAdmittedUsersEveryone          AutoAdmittedUsers = "everyone"
)

func (AutoAdmittedUsers) words() []string {
	return []string{string(AutoAdmittedUsersEveryoneInCompany), string(AutoAdmittedUsersEveryone)}
}
