package trace

import (
	"bytes"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"
)

// kind says what may be in a property. All that is of no other kind is personal.
type kind int

const (
	personal   kind = iota
	structural      // an object, a list or a flag; a text in it would be personal
	vocabulary      // one of the platform's words
	ordering        // a number, a version or a time
	path            // of a resource
	key             // of a person without an id
	tone
	propertyNames
	typeName
)

// kinds says of each property that this library knows, in lower case, what may be
// in it.
func kinds() map[string]kind { return knownKinds }

var knownKinds = kindsOf(map[kind]string{ //nolint:gochecknoglobals // a table that never changes
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

func kindsOf(names map[kind]string) map[string]kind {
	known := map[string]kind{}
	for of, list := range names {
		for name := range strings.FieldsSeq(list) {
			known[strings.ToLower(name)] = of
		}
	}
	return known
}

// isOrdering reports whether a text is the number of a version, or a time.
func isOrdering(text string) bool {
	_, err := time.Parse(time.RFC3339, text)
	return err == nil || strings.Trim(strings.TrimPrefix(text, "W/"), ` -"0123456789`) == ""
}

// sequenceOf is the number of the key that an object begins a text with.
func sequenceOf(object []byte) int64 {
	var pressed struct {
		SequenceID json.RawMessage `json:"sequenceId"`
	}
	_ = json.NewDecoder(bytes.NewReader(object)).Decode(&pressed) // whose number cannot be read has none
	var number int64
	_ = json.Unmarshal(bytes.Trim(pressed.SequenceID, `"`), &number)
	return number
}

// typeName leaves a type's last name, by which it is known.
func (c *content) typeName(text string) string {
	at := strings.LastIndexByte(text, '.')
	if isWord([]byte(text)) || at < 0 {
		return c.sanitizer.word(text)
	}
	return c.pseudonyms.word("#x", text[:at]) + "." + c.sanitizer.word(text[at+1:])
}

// path replaces the ids in the path of a resource, and the host before it.
func (c *content) path(text string) string {
	text, _, _ = strings.Cut(text, "?")
	prefix := ""
	if scheme, rest, isURL := strings.Cut(text, "://"); isURL {
		host, below, _ := strings.Cut(rest, "/")
		prefix, text = c.url(scheme+"://"+host)+"/", below
	}
	segments := strings.Split(text, "/")
	for i, segment := range segments {
		switch strings.ToLower(segment) {
		case "", "app", "communications", "v1.0", "beta":
		case "calls":
			return prefix + strings.Join(append(segments[:i+1], c.belowCalls(segments[i+1:])...), "/")
		default:
			segments[i] = c.segment(segment)
		}
	}
	return prefix + strings.Join(segments, "/")
}

// belowCalls is a call's id, a collection of the call's, and an item's id, which is
// all that follows.
func (c *content) belowCalls(segments []string) []string {
	segments = slices.DeleteFunc(slices.Clone(segments), func(s string) bool { return s == "" })
	if len(segments) > 0 {
		segments[0] = c.segment(segments[0])
	}
	if len(segments) > 1 {
		segments[1] = c.sanitizer.word(segments[1])
	}
	if len(segments) > 2 && !strings.EqualFold(segments[2], "participants") {
		segments = append(segments[:2], c.segment(strings.Join(segments[2:], "/")))
	}
	return segments
}

func (c *content) segment(escaped string) string {
	text, err := url.PathUnescape(escaped)
	if err != nil {
		text = escaped
	}
	return url.PathEscape(c.of(text))
}

// key replaces what somebody without an id goes by: an identity of a kind, or their
// place.
func (c *content) key(text string) string {
	if strings.HasPrefix(text, "#") {
		return text
	}
	if kind, id, found := strings.Cut(text, ":"); found && isWord([]byte(kind)) {
		return kind + ":" + c.of(id)
	}
	return c.of(text)
}
