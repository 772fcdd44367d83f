package resources_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
)

// What the documentation's examples have in them, in one meeting, with names
// and ids of our own.
const onlineMeeting = `{
	"@odata.type": "#microsoft.graph.onlineMeeting",
	"id": "meeting-1", "externalId": "order-4711", "subject": null, "isBroadcast": false,
	"creationDateTime": "2031-03-04T08:00:00.1234567Z", "startDateTime": "2031-03-04T10:00:00Z", "endDateTime": "2031-03-04T11:30:00Z",
	"joinWebUrl": "https://teams.example/l/meetup-join/19%3ameeting_x%40thread.v2/0",
	"autoAdmittedUsers": "EveryoneInCompany", "isEntryExitAnnounced": true, "allowedPresenters": "organization",
	"allowMeetingChat": "Limited", "meetingType": "scheduled", "allowRecording": false, "videoTeleconferenceId": "1100220033",
	"anonymizeIdentityForRoles": ["attendee"], "allowedLobbyAdmitters": "organizerAndCoOrganizers",
	"shareMeetingChatHistoryDefault": "all", "allowLiveShare": "enabled",
	"participants": {
		"@odata.type": "#microsoft.graph.meetingParticipants",
		"organizer": {"upn": "diego@contoso.com", "role": "presenter",
			"identity": {"user": {"id": "o", "displayName": null, "tenantId": "t", "identityProvider": "AAD"}}},
		"attendees": [{"@odata.type": "#microsoft.graph.identitySet", "upn": "lidia@contoso.com", "role": null,
			"identity": {"user": {"@odata.type": "#microsoft.graph.identity", "id": "a", "displayName": "Lidia Holloway"}}}],
		"producers": [], "contributors": []
	},
	"lobbyBypassSettings": {"scope": "organization", "isDialInBypassEnabled": false},
	"audioConferencing": {"conferenceId": "2200330", "tollNumber": "+14255550199", "tollFreeNumber": null,
		"tollNumbers": ["+14255550199"], "dialinUrl": "https://dialin.example/1"},
	"chatInfo": {"threadId": "19:meeting_x@thread.v2", "messageId": "0", "replyChainMessageId": null},
	"joinMeetingIdSettings": {"isPasscodeRequired": true, "joinMeetingId": "295417360814", "passcode": "gT5hR2"},
	"joinInformation": {"content": "data:text/html,%3Cb%3E", "contentType": "html"},
	"broadcastSettings": {"allowedAudience": "organization", "isRecordingEnabled": true}
}`

func TestDocumentedOnlineMeeting(t *testing.T) {
	meeting, err := resources.Decode[resources.OnlineMeeting]([]byte(onlineMeeting))
	require.NoError(t, err)
	require.Empty(t, unknownOf(&meeting.Wire))
	require.Equal(t, "order-4711", meeting.ExternalID)
	require.Equal(t, 90*time.Minute, meeting.EndDateTime.Sub(meeting.StartDateTime))
	require.Equal(t, resources.OnlineMeetingTypeScheduled, meeting.MeetingType)
	require.Equal(t, resources.MeetingChatModeLimited, meeting.AllowMeetingChat)
	require.Equal(t, resources.AutoAdmittedUsersEveryoneInCompany, meeting.AutoAdmittedUsers)
	require.Equal(t, resources.OnlineMeetingPresentersOrganization, meeting.AllowedPresenters)
	require.Equal(t, "19:meeting_x@thread.v2", meeting.ChatInfo.ThreadID)
	require.Equal(t, "o", meeting.Participants.Organizer.Identity.User.ID)
	require.Equal(t, resources.OnlineMeetingRolePresenter, meeting.Participants.Organizer.Role)
	require.Equal(t, "Lidia Holloway", meeting.Participants.Attendees[0].Identity.DisplayName())
	require.Equal(t, "2200330", meeting.AudioConferencing.ConferenceID)
	require.Equal(t, resources.LobbyBypassScopeOrganization, meeting.LobbyBypassSettings.Scope)
	require.Equal(t, "gT5hR2", meeting.JoinMeetingIDSettings.Passcode)
	require.Equal(t, resources.BodyTypeHTML, meeting.JoinInformation.ContentType)
	said := resources.FieldsOf(meeting)
	require.True(t, said.Has(resources.FieldNamed[resources.OnlineMeeting]("allowRecording")))
	require.False(t, said.Has(resources.FieldNamed[resources.OnlineMeeting]("allowTranscription")))
	again, err := resources.Decode[resources.OnlineMeeting]([]byte(encode(t, meeting)))
	require.NoError(t, err)
	require.True(t, resources.Equal(meeting, again))
}

// The pages print ConferenceId and Html where the types say conferenceId and
// html.
func TestOnlineMeetingInOtherSpellings(t *testing.T) {
	meeting, err := resources.Decode[resources.OnlineMeeting]([]byte(
		`{"audioConferencing":{"ConferenceId":"1"},"joinInformation":{"contentType":"Html"},"meetingType":"Hologram"}`))
	require.NoError(t, err)
	require.Equal(t, "1", meeting.AudioConferencing.ConferenceID)
	require.Equal(t, resources.BodyTypeHTML, meeting.JoinInformation.ContentType)
	require.False(t, resources.Known(meeting.MeetingType))
}

func TestOnlineMeetingsReply(t *testing.T) {
	reply, err := resources.Decode[resources.OnlineMeetingsReply]([]byte(`{"@odata.context":"c","value":[` + onlineMeeting + `]}`))
	require.NoError(t, err)
	require.Len(t, reply.Value, 1)
	require.Equal(t, "meeting-1", reply.Value[0].ID)
	none, err := resources.Decode[resources.OnlineMeetingsReply]([]byte(`{"value":[]}`))
	require.NoError(t, err)
	require.Empty(t, none.Value)
}

func TestCreateOrGetOnlineMeeting(t *testing.T) {
	start := time.Date(2031, 3, 4, 11, 0, 0, 500, time.FixedZone("CET", 3600))
	text := encode(t, &resources.CreateOrGetOnlineMeeting{
		ExternalID: "order-4711", Subject: "Delivery", StartDateTime: start, EndDateTime: start.Add(time.Hour),
		Participants: &resources.MeetingParticipants{Attendees: []resources.MeetingParticipantInfo{{
			Identity: &resources.IdentitySet{User: &resources.Identity{ID: "a"}}, UPN: "lidia@contoso.com",
			Role: resources.OnlineMeetingRolePresenter,
		}}},
		ChatInfo: &resources.ChatInfo{ThreadID: "19:x@thread.v2"},
	})
	require.JSONEq(t, `{"externalId":"order-4711","subject":"Delivery",
		"startDateTime":"2031-03-04T10:00:00.0000005Z","endDateTime":"2031-03-04T11:00:00.0000005Z",
		"participants":{"@odata.type":"#microsoft.graph.meetingParticipants","attendees":[
			{"@odata.type":"#microsoft.graph.meetingParticipantInfo","upn":"lidia@contoso.com","role":"presenter",
			"identity":{"@odata.type":"#microsoft.graph.identitySet","user":{"@odata.type":"#microsoft.graph.identity","id":"a"}}}]},
		"chatInfo":{"@odata.type":"#microsoft.graph.chatInfo","threadId":"19:x@thread.v2"}}`, text)
}

func TestOnlineMeetingMadeByHandCanTurnThingsOff(t *testing.T) {
	meeting := &resources.OnlineMeeting{Subject: "Quiet", AllowTranscription: true}
	meeting.SetProperty("allowRecording", resources.Raw(`false`))
	require.JSONEq(t, `{"@odata.type":"#microsoft.graph.onlineMeeting","subject":"Quiet","allowTranscription":true,"allowRecording":false}`,
		encode(t, meeting))
}

func TestMeetingVocabulariesAreWhole(t *testing.T) {
	require.Len(t, resources.Values[resources.OnlineMeetingRole](), 4)
	require.Len(t, resources.Values[resources.OnlineMeetingPresenters](), 4)
	require.Len(t, resources.Values[resources.LobbyBypassScope](), 6)
	require.Len(t, resources.Values[resources.MeetingChatMode](), 3)
	require.Len(t, resources.Values[resources.OnlineMeetingType](), 5)
	require.Len(t, resources.Values[resources.AllowedLobbyAdmitters](), 2)
	require.Len(t, resources.Values[resources.MeetingChatHistoryDefault](), 2)
	require.Len(t, resources.Values[resources.MeetingLiveShareOptions](), 2)
}

func FuzzOnlineMeeting(f *testing.F) {
	f.Add([]byte(onlineMeeting))
	f.Add([]byte(`{"startDateTime":"yesterday","participants":{"attendees":[7]},"broadcastSettings":[[]],"allowRecording":"TRUE"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		checkTwice(t, text, resources.Decode[resources.OnlineMeeting])
	})
}
