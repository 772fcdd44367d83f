package simulator

import (
	"slices"

	"github.com/graphcalls/graphcalls-go/resources"
)

// resource is the meeting as Graph describes it: as it was asked for, and with
// what an organizer's settings come to by themselves.
func (m *Meeting) resource() *resources.OnlineMeeting {
	full := fresh[resources.OnlineMeeting](meetingText)
	if m.asked != nil {
		full = spelledOut(meetingText, m.asked)
	}
	full.ID, full.Subject, full.ExternalID = m.resourceID(), m.Subject, m.ExternalID
	full.CreationDateTime, full.StartDateTime, full.EndDateTime = m.created, m.Starts, m.Ends
	full.JoinWebURL, full.VideoTeleconferenceID = m.JoinURL(), m.VideoTeleconferenceID
	full.ChatInfo, _ = m.Coordinates()
	full.ChatInfo.ReplyChainMessageID = "0"
	full.JoinMeetingIDSettings = &resources.JoinMeetingIDSettings{
		JoinMeetingID: m.JoinMeetingID, Passcode: m.Passcode, IsPasscodeRequired: m.Passcode != "",
	}
	full.LobbyBypassSettings = fresh[resources.LobbyBypassSettings](lobbyText)
	full.LobbyBypassSettings.Scope = resources.LobbyBypassScopeOrganization
	if m.Lobby == LobbyForNobody {
		full.LobbyBypassSettings.Scope = resources.LobbyBypassScopeEveryone
	}
	full.AudioConferencing = fresh[resources.AudioConferencing](conferencingText)
	full.AudioConferencing.ConferenceID = m.conference
	full.AudioConferencing.DialinURL = "https://dialin.example/?id=" + m.conference
	full.Participants = m.invited(full.IsBroadcast)
	return full
}

// invited is who the meeting's entry in a calendar names. Who organizes a live
// event also produces it.
func (m *Meeting) invited(liveEvent bool) *resources.MeetingParticipants {
	list := fresh[resources.MeetingParticipants](meetingPeopleText)
	user := *m.Organizer.identity().User
	user.IdentityProvider = "AAD"
	organizer := resources.MeetingParticipantInfo{
		Identity: &resources.IdentitySet{User: &user}, Role: resources.OnlineMeetingRolePresenter, UPN: user.ID + "@contoso.example",
	}
	if m.asked != nil && m.asked.Participants != nil {
		for _, attendee := range m.asked.Participants.Attendees {
			list.Attendees = append(list.Attendees, *spelledOut(attendeeText, &attendee))
		}
	}
	if liveEvent {
		organizer.Role = resources.OnlineMeetingRoleProducer
		list.Attendees = slices.Insert(list.Attendees, 0, organizer)
		list.Producers = []resources.MeetingParticipantInfo{organizer}
	}
	list.Organizer = &organizer
	return list
}
