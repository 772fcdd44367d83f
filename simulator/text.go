package simulator

import "github.com/graphcalls/graphcalls-go/resources"

// What the platform spells out even where it is null, false or zero. Only a
// resource decoded from text says so.
const (
	participantText = `{"@odata.type":"#microsoft.graph.participant","isMuted":false,"isInLobby":false}`
	invitedText     = `{"@odata.type":"#microsoft.graph.inviteParticipantsOperation","resultInfo":null}`
	inviteeText     = `{"id":null,"endpointType":null,"replacesCallId":null}`
	stopHoldText    = `{"@odata.type":"#microsoft.graph.stopHoldMusicOperation","resultInfo":null}`
	recordText      = `{"@odata.type":"#microsoft.graph.recordOperation","resultInfo":null,"recordingLocation":null}`
	cancelledText   = `{"@odata.type":"#microsoft.graph.recordOperation","recordingLocation":"","recordingAccessToken":""}`
	statusText      = `{"@odata.type":"#microsoft.graph.updateRecordingStatusOperation","resultInfo":null}`
	galleryText     = `{"@odata.type":"#microsoft.graph.addLargeGalleryViewOperation","resultInfo":null}`
	mediaStreamText = `{"@odata.type":"#microsoft.graph.mediaStream","serverMuted":false}`
	resultText      = `{"@odata.type":"#microsoft.graph.resultInfo","code":0,"subcode":0}`
	identityText    = `{"@odata.type":"#microsoft.graph.identitySet","application":null,"user":null,"device":null,"phone":null}`
	inviteeIDText   = `{"@odata.type":"#microsoft.graph.identitySet","application":null,"applicationInstance":null,"user":null,` +
		`"device":null,"encrypted":null,"guest":null,"onPremises":null,"phone":null}`
	entryText    = `{"@odata.type":"#microsoft.graph.participant","isMuted":false,"isInLobby":false,"metadata":null}`
	infoText     = `{"@odata.type":"#microsoft.graph.participantInfo"}`
	chatText     = `{"@odata.type":"#microsoft.graph.chatInfo","replyChainMessageId":null}`
	sourceText   = `{"@odata.type":"#microsoft.graph.participantInfo","countryCode":null,"endpointType":null,"languageId":null,"region":null}`
	targetText   = `{"@odata.type":"#microsoft.graph.invitationParticipantInfo","endpointType":null,"languageId":null,"region":null,"replacesCallId":null}`
	lobbyText    = `{"@odata.type":"#microsoft.graph.lobbyBypassSettings","isDialInBypassEnabled":false}`
	attendeeText = `{"@odata.type":"#microsoft.graph.meetingParticipantInfo","role":null}`
	meetingText  = `{"@odata.type":"#microsoft.graph.onlineMeeting","subject":null,"isBroadcast":false,"isEntryExitAnnounced":true,` +
		`"autoAdmittedUsers":"EveryoneInCompany","allowedPresenters":"everyone"}`
	meetingPeopleText = `{"@odata.type":"#microsoft.graph.meetingParticipants","attendees":[],"producers":[],"contributors":[]}`
	conferencingText  = `{"@odata.type":"#microsoft.graph.audioConferencing","tollNumber":"+14255550100","tollFreeNumber":"+18005550100"}`
	fullCallText      = `{"@odata.type":"#microsoft.graph.call","subject":null,"callRoutes":[],"activeModalities":[],"routingPolicies":[],` +
		`"incomingContext":null,"meetingCapability":null,"terminationReason":null,"callOptions":null,` +
		`"mediaState":null,"resultInfo":null,"answeredBy":null,"chatInfo":null,"meetingInfo":null,"transcription":null,"toneInfo":null,"ringingTimeoutInSeconds":null,` +
		`"source":null,"targets":[],"requestedModalities":[],"mediaConfig":null,"tenantId":null}`
)

// fresh makes a resource from one of this file's texts.
func fresh[T any](text string) *T {
	value, err := resources.Decode[T]([]byte(text))
	if err != nil {
		return new(T)
	}
	return value
}

// spelledOut is a resource with what the text spells out beside what it says
// itself.
func spelledOut[T any](text string, said *T) *T {
	whole, _ := resources.Merge(fresh[T](text), said, resources.FieldsOf(said), nil)
	return whole
}

func result(code, subcode int32, message string) *resources.ResultInfo {
	info := fresh[resources.ResultInfo](resultText)
	info.Code, info.Subcode, info.Message = code, subcode, message
	return info
}
