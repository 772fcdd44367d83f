package resources

import "time"

// OnlineMeeting is a meeting of Microsoft Teams. A bot joins it by ChatInfo and
// the organizer among Participants, or by JoinMeetingIDSettings.
//
// A flag that is false is left out of a meeting made by hand, which leaves the
// choice to the organizer's policy; [Wire.SetProperty] can turn one off.
// Recordings, transcripts, reports and insights have no fields: where the
// platform was asked for them, [Wire.Property] finds them.
//
// See https://learn.microsoft.com/graph/api/resources/onlinemeeting.
type OnlineMeeting struct {
	Wire
	ID          string            `json:"id"`
	ETag        string            `json:"@odata.etag"`
	Subject     string            `json:"subject"`
	ExternalID  string            `json:"externalId"` // the creator's own mark; see CreateOrGetOnlineMeeting
	MeetingType OnlineMeetingType `json:"meetingType"`
	IsBroadcast bool              `json:"isBroadcast"` // a live event

	CreationDateTime time.Time `json:"creationDateTime"`
	StartDateTime    time.Time `json:"startDateTime"`
	EndDateTime      time.Time `json:"endDateTime"`
	ExpiryDateTime   time.Time `json:"expiryDateTime"`

	// How to come in.

	ChatInfo              *ChatInfo              `json:"chatInfo"`
	Participants          *MeetingParticipants   `json:"participants"`
	JoinWebURL            string                 `json:"joinWebUrl"`
	JoinURL               string                 `json:"joinUrl"` // beta; an older name of joinWebUrl
	JoinMeetingIDSettings *JoinMeetingIDSettings `json:"joinMeetingIdSettings"`
	JoinInformation       *ItemBody              `json:"joinInformation"`       // the invitation's text, in the language asked for
	VideoTeleconferenceID string                 `json:"videoTeleconferenceId"` // what room devices dial
	CloudVideoInteropInfo Raw                    `json:"cloudVideoInteropInfo"` // only partners that connect room devices need it
	AudioConferencing     *AudioConferencing     `json:"audioConferencing"`
	LobbyBypassSettings   *LobbyBypassSettings   `json:"lobbyBypassSettings"`
	AllowedLobbyAdmitters AllowedLobbyAdmitters  `json:"allowedLobbyAdmitters"`
	AutoAdmittedUsers     AutoAdmittedUsers      `json:"autoAdmittedUsers"` // undocumented; see LobbyBypassSettings

	// What goes on inside.

	AllowAttendeeToEnableCamera          bool                      `json:"allowAttendeeToEnableCamera"`
	AllowAttendeeToEnableMic             bool                      `json:"allowAttendeeToEnableMic"`
	AllowBreakoutRooms                   bool                      `json:"allowBreakoutRooms"`
	AllowCopyingAndSharingMeetingContent bool                      `json:"allowCopyingAndSharingMeetingContent"`
	AllowLiveShare                       MeetingLiveShareOptions   `json:"allowLiveShare"`
	AllowMeetingChat                     MeetingChatMode           `json:"allowMeetingChat"`
	AllowParticipantsToChangeName        bool                      `json:"allowParticipantsToChangeName"`
	AllowPowerPointSharing               bool                      `json:"allowPowerPointSharing"`
	AllowRecording                       bool                      `json:"allowRecording"`
	AllowTeamworkReactions               bool                      `json:"allowTeamworkReactions"`
	AllowTranscription                   bool                      `json:"allowTranscription"`
	AllowWhiteboard                      bool                      `json:"allowWhiteboard"`
	AllowedPresenters                    OnlineMeetingPresenters   `json:"allowedPresenters"`
	AnonymizeIdentityForRoles            []OnlineMeetingRole       `json:"anonymizeIdentityForRoles"` // beta
	Capabilities                         []string                  `json:"capabilities"`              // beta; questionAndAnswer
	IsEndToEndEncryptionEnabled          bool                      `json:"isEndToEndEncryptionEnabled"`
	IsEntryExitAnnounced                 bool                      `json:"isEntryExitAnnounced"`
	MeetingOptionsWebURL                 string                    `json:"meetingOptionsWebUrl"` // for the organizer
	MeetingSpokenLanguageTag             string                    `json:"meetingSpokenLanguageTag"`
	MeetingTemplateID                    string                    `json:"meetingTemplateId"`
	RecordAutomatically                  bool                      `json:"recordAutomatically"`
	ShareMeetingChatHistoryDefault       MeetingChatHistoryDefault `json:"shareMeetingChatHistoryDefault"`

	// Settings no calling bot reads, as they came.

	BroadcastSettings          Raw `json:"broadcastSettings"`
	ChatRestrictions           Raw `json:"chatRestrictions"`
	SensitivityLabelAssignment Raw `json:"sensitivityLabelAssignment"`
	WatermarkProtection        Raw `json:"watermarkProtection"`
}

func (*OnlineMeeting) graphType() string { return graphPrefix + "onlineMeeting" }

// OnlineMeetingsReply is the body of a reply that lists meetings. The platform
// answers a question by join URL or by VTC id with a list of one, or of none.
type OnlineMeetingsReply struct {
	Wire
	Value []OnlineMeeting `json:"value"`
}

// CreateOrGetOnlineMeeting asks for the meeting of an external id, which is
// made if there is none yet; the rest is used only then. An end needs a start,
// and must not be before it.
type CreateOrGetOnlineMeeting struct {
	Wire
	ExternalID    string               `json:"externalId"` // required
	Subject       string               `json:"subject"`
	StartDateTime time.Time            `json:"startDateTime"`
	EndDateTime   time.Time            `json:"endDateTime"`
	Participants  *MeetingParticipants `json:"participants"` // attendees; the organizer is who the path names
	ChatInfo      *ChatInfo            `json:"chatInfo"`
}

// MeetingParticipants is who is invited to a meeting, which is not who is in
// it: that is the roster of a call.
type MeetingParticipants struct {
	Wire
	Organizer    *MeetingParticipantInfo  `json:"organizer"`
	Attendees    []MeetingParticipantInfo `json:"attendees"`
	Contributors []MeetingParticipantInfo `json:"contributors"` // beta; live events
	Producers    []MeetingParticipantInfo `json:"producers"`    // beta; live events
}

func (*MeetingParticipants) graphType() string { return graphPrefix + "meetingParticipants" }

// MeetingParticipantInfo is one who is invited to a meeting.
type MeetingParticipantInfo struct {
	Wire
	Identity *IdentitySet      `json:"identity"` // only its User is used
	Role     OnlineMeetingRole `json:"role"`
	UPN      string            `json:"upn"` // user principal name
}

func (*MeetingParticipantInfo) graphType() string { return graphPrefix + "meetingParticipantInfo" }

// AudioConferencing is how to reach a meeting by telephone.
type AudioConferencing struct {
	Wire
	ConferenceID    string   `json:"conferenceId"` // typed in after the number
	DialinURL       string   `json:"dialinUrl"`    // a page of numbers
	TollFreeNumber  string   `json:"tollFreeNumber"`
	TollFreeNumbers []string `json:"tollFreeNumbers"`
	TollNumber      string   `json:"tollNumber"`
	TollNumbers     []string `json:"tollNumbers"`
}

func (*AudioConferencing) graphType() string { return graphPrefix + "audioConferencing" }

// JoinMeetingIDSettings is the id and passcode people type in to join; a bot
// gives them as [JoinMeetingIDMeetingInfo]. They never change.
type JoinMeetingIDSettings struct {
	Wire
	IsPasscodeRequired bool   `json:"isPasscodeRequired"`
	JoinMeetingID      string `json:"joinMeetingId"`
	Passcode           string `json:"passcode"` // a secret
}

func (*JoinMeetingIDSettings) graphType() string { return graphPrefix + "joinMeetingIdSettings" }

// LobbyBypassSettings says who need not wait in a meeting's lobby.
type LobbyBypassSettings struct {
	Wire
	IsDialInBypassEnabled bool             `json:"isDialInBypassEnabled"` // callers by telephone
	Scope                 LobbyBypassScope `json:"scope"`
}

func (*LobbyBypassSettings) graphType() string { return graphPrefix + "lobbyBypassSettings" }

// ItemBody is a text. For a meeting's invitation it is a percent-encoded data
// URL.
type ItemBody struct {
	Wire
	Content     string   `json:"content"`
	ContentType BodyType `json:"contentType"`
}

func (*ItemBody) graphType() string { return graphPrefix + "itemBody" }
