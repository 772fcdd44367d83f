package resources

// BodyType is the format of a text.
type BodyType string

// The formats of a text.
const (
	BodyTypeText BodyType = "text"
	BodyTypeHTML BodyType = "html"
)

func (BodyType) words() []string { return []string{string(BodyTypeText), string(BodyTypeHTML)} }

// OnlineMeetingType says how a meeting came to be.
type OnlineMeetingType string

// The kinds of meeting.
const (
	OnlineMeetingTypeAdhoc     OnlineMeetingType = "adhoc"
	OnlineMeetingTypeScheduled OnlineMeetingType = "scheduled"
	OnlineMeetingTypeRecurring OnlineMeetingType = "recurring"
	OnlineMeetingTypeBroadcast OnlineMeetingType = "broadcast"
	OnlineMeetingTypeMeetNow   OnlineMeetingType = "meetnow"
)

func (OnlineMeetingType) words() []string {
	return []string{
		string(OnlineMeetingTypeAdhoc), string(OnlineMeetingTypeScheduled),
		string(OnlineMeetingTypeRecurring), string(OnlineMeetingTypeBroadcast),
		string(OnlineMeetingTypeMeetNow),
	}
}

// OnlineMeetingRole is the part somebody has in a meeting.
type OnlineMeetingRole string

// The parts in a meeting.
const (
	OnlineMeetingRoleAttendee    OnlineMeetingRole = "attendee"
	OnlineMeetingRolePresenter   OnlineMeetingRole = "presenter"
	OnlineMeetingRoleProducer    OnlineMeetingRole = "producer"
	OnlineMeetingRoleCoorganizer OnlineMeetingRole = "coorganizer"
)

func (OnlineMeetingRole) words() []string {
	return []string{
		string(OnlineMeetingRoleAttendee), string(OnlineMeetingRolePresenter),
		string(OnlineMeetingRoleProducer), string(OnlineMeetingRoleCoorganizer),
	}
}

// OnlineMeetingPresenters says who may present in a meeting.
type OnlineMeetingPresenters string

// Who may present. With OnlineMeetingPresentersRoleIsPresenter each
// participant's role decides.
const (
	OnlineMeetingPresentersEveryone        OnlineMeetingPresenters = "everyone"
	OnlineMeetingPresentersOrganization    OnlineMeetingPresenters = "organization"
	OnlineMeetingPresentersRoleIsPresenter OnlineMeetingPresenters = "roleIsPresenter"
	OnlineMeetingPresentersOrganizer       OnlineMeetingPresenters = "organizer"
)

func (OnlineMeetingPresenters) words() []string {
	return []string{
		string(OnlineMeetingPresentersEveryone), string(OnlineMeetingPresentersOrganization),
		string(OnlineMeetingPresentersRoleIsPresenter), string(OnlineMeetingPresentersOrganizer),
	}
}

// LobbyBypassScope says who skips a meeting's lobby.
type LobbyBypassScope string

// Who skips the lobby.
const (
	LobbyBypassScopeOrganizer                   LobbyBypassScope = "organizer"
	LobbyBypassScopeOrganization                LobbyBypassScope = "organization"
	LobbyBypassScopeOrganizationAndFederated    LobbyBypassScope = "organizationAndFederated"
	LobbyBypassScopeEveryone                    LobbyBypassScope = "everyone"
	LobbyBypassScopeInvited                     LobbyBypassScope = "invited"
	LobbyBypassScopeOrganizationExcludingGuests LobbyBypassScope = "organizationExcludingGuests"
)

func (LobbyBypassScope) words() []string {
	return []string{
		string(LobbyBypassScopeOrganizer), string(LobbyBypassScopeOrganization),
		string(LobbyBypassScopeOrganizationAndFederated), string(LobbyBypassScopeEveryone),
		string(LobbyBypassScopeInvited), string(LobbyBypassScopeOrganizationExcludingGuests),
	}
}

// AllowedLobbyAdmitters says who lets people in from a meeting's lobby.
type AllowedLobbyAdmitters string

// Who lets people in.
const (
	AllowedLobbyAdmittersOrganizersAndPresenters AllowedLobbyAdmitters = "organizerAndCoOrganizersAndPresenters"
	AllowedLobbyAdmittersOrganizers              AllowedLobbyAdmitters = "organizerAndCoOrganizers"
)

func (AllowedLobbyAdmitters) words() []string {
	return []string{
		string(AllowedLobbyAdmittersOrganizersAndPresenters), string(AllowedLobbyAdmittersOrganizers),
	}
}

// MeetingChatMode says whether a meeting has a chat. A limited one is open only
// around the time of the meeting.
type MeetingChatMode string

// The ways of a meeting's chat.
const (
	MeetingChatModeEnabled  MeetingChatMode = "enabled"
	MeetingChatModeDisabled MeetingChatMode = "disabled"
	MeetingChatModeLimited  MeetingChatMode = "limited"
)

func (MeetingChatMode) words() []string {
	return []string{
		string(MeetingChatModeEnabled), string(MeetingChatModeDisabled), string(MeetingChatModeLimited),
	}
}

// MeetingChatHistoryDefault says whether participants are shown what was
// written before they came.
type MeetingChatHistoryDefault string

// How much of the chat is shared.
const (
	MeetingChatHistoryDefaultAll  MeetingChatHistoryDefault = "all"
	MeetingChatHistoryDefaultNone MeetingChatHistoryDefault = "none"
)

func (MeetingChatHistoryDefault) words() []string {
	return []string{string(MeetingChatHistoryDefaultAll), string(MeetingChatHistoryDefaultNone)}
}

// MeetingLiveShareOptions says whether apps may be used together in a meeting.
type MeetingLiveShareOptions string

// Whether Live Share may be used.
const (
	MeetingLiveShareOptionsEnabled  MeetingLiveShareOptions = "enabled"
	MeetingLiveShareOptionsDisabled MeetingLiveShareOptions = "disabled"
)

func (MeetingLiveShareOptions) words() []string {
	return []string{string(MeetingLiveShareOptionsEnabled), string(MeetingLiveShareOptionsDisabled)}
}
