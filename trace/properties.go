package trace

import "strings"

// propertyKind says what may be in a property. All that is of no other kind is
// personal.
type propertyKind int

const (
	personal   propertyKind = iota
	structural              // an object, a list or a flag; a text in it would be personal
	vocabulary              // one of the platform's words
	ordering                // a number, a version or a time
	path                    // of a resource
	key                     // of a person without an id
	tone
	propertyNames
	typeName
)

// properties says of each property that this library knows, by its name in lower
// case, what may be in it.
func properties() map[string]propertyKind { return knownProperties }

var knownProperties = propertiesOf(map[propertyKind]string{ //nolint:gochecknoglobals // a table that never changes
	personal: `id callbackUri callChainId myParticipantId subject tenantId observedParticipantId sourceParticipantId
		message clientContext recordingLocation recordingAccessToken displayName identityProvider email applicationType
		azureCommunicationServicesResourceId participantId countryCode languageId region platformId replacesCallId label
		sourceId metadata preferredDisplayName detectionId detectorBot blob streamUrl uri resourceId receivers
		presenterParticipantId threadId messageId replyChainMessageId token joinMeetingId passcode endedSessions
		contentSharingDisabled videoDisabled text speaker spokenLanguage callConversationId emergencyNumberDialed policyName
		callerInfo`,
	structural: `resourceData callOptions callRoutes chatInfo incomingContext mediaConfig mediaState meetingInfo
		resultInfo source targets toneInfo transcription audioRoutingGroups contentSharingSessions operations participants
		answeredBy meetingCapability final original onBehalfOf transferor user application applicationInstance phone guest
		azureCommunicationServicesUser onPremises encrypted assertedIdentity device identity info mediaStreams recordingInfo
		removedState restrictedExperience syntheticMediaDetection nonAnonymizedIdentity initiator initiatedBy organizer
		preFetchMedia liveCaptionOptions mediaInfo call value operation groups payloads
		stamps roster tones sessions end people others participant waiting ended asked result sources
		allowGuestToBypassLobby hideBotAfterEscalation isContentSharingNotificationEnabled isDeltaRosterEnabled
		isInteractiveRosterEnabled isInLobby isMuted isIdentityAnonymized hidden removeFromDefaultAudioGroup
		removeFromDefaultAudioRoutingGroup serverMuted isParticipantTrusted allowConversationWithoutHost
		allowAnonymousUsersToDialOut allowAnonymousUsersToStartMeeting syntheticConfidence`,
	typeName: `@odata.type`,
	vocabulary: `changeType state direction routingType requestedModalities activeModalities routingPolicies
		terminationReason status completionReason endpointType mediaType recordingStatus reason meetingRole audio
		autoAdmittedUsers routingMode trust cause callEventType recordingState transcriptionState`,
	ordering: `@odata.etag etag code subcode sequenceNumber rosterSequenceNumber sequenceId sequence version first last
		missing earlier loop ringingTimeoutInSeconds lastModifiedDateTime eventDateTime audioCaptureDateTime`,
	path:          `resource resourceUrl`,
	key:           `key`,
	tone:          `tone`,
	propertyNames: `fields undeclared`,
})

func propertiesOf(names map[propertyKind]string) map[string]propertyKind {
	known := map[string]propertyKind{}
	for of, list := range names {
		for name := range strings.FieldsSeq(list) {
			known[strings.ToLower(name)] = of
		}
	}
	return known
}
