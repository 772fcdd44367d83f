package resources

import "time"

// Participant is one entry of a call's roster. One person who joins twice is
// two participants, so they are told apart by ID and not by identity.
//
// See https://learn.microsoft.com/graph/api/resources/participant.
type Participant struct {
	Wire
	ID                   string                   `json:"id"`
	ETag                 string                   `json:"@odata.etag"`
	Info                 *ParticipantInfo         `json:"info"`
	IsInLobby            bool                     `json:"isInLobby"`
	IsMuted              bool                     `json:"isMuted"`              // by themselves or by the server
	IsIdentityAnonymized bool                     `json:"isIdentityAnonymized"` // beta
	MediaStreams         []MediaStream            `json:"mediaStreams"`
	Metadata             string                   `json:"metadata"`
	RecordingInfo        *RecordingInfo           `json:"recordingInfo"`
	RemovedState         *RemovedState            `json:"removedState"` // set in a delta roster for who has left
	RestrictedExperience *OnlineMeetingRestricted `json:"restrictedExperience"`
	// RosterSequenceNumber is the roster change this participant was last
	// touched by.
	RosterSequenceNumber int64 `json:"rosterSequenceNumber"`

	// The rest is documented for beta, or not at all.

	PreferredDisplayName    string                       `json:"preferredDisplayName"`
	SyntheticMediaDetection *SyntheticMediaDetectionInfo `json:"syntheticMediaDetection"`
	MeetingRole             string                       `json:"meetingRole"` // presenter, organizer, …
}

func (*Participant) graphType() string { return graphPrefix + "participant" }

// DisplayName is the name to show for a participant.
func (p *Participant) DisplayName() string {
	switch {
	case p.PreferredDisplayName != "":
		return p.PreferredDisplayName
	case p.Info != nil:
		return p.Info.Identity.DisplayName()
	default:
		return p.ID
	}
}

// ParticipantInfo says who a participant is and where they call from.
type ParticipantInfo struct {
	Wire
	Identity              *IdentitySet `json:"identity"`
	ParticipantID         string       `json:"participantId"`
	CountryCode           string       `json:"countryCode"` // ISO 3166-1 alpha-2
	EndpointType          EndpointType `json:"endpointType"`
	LanguageID            string       `json:"languageId"`
	Region                string       `json:"region"`
	NonAnonymizedIdentity *IdentitySet `json:"nonAnonymizedIdentity"` // beta
	PlatformID            string       `json:"platformId"`            // beta
}

func (*ParticipantInfo) graphType() string { return graphPrefix + "participantInfo" }

// InvitationParticipantInfo is whom to call, invite or transfer to.
type InvitationParticipantInfo struct {
	Wire
	Identity                           *IdentitySet `json:"identity"`
	ParticipantID                      string       `json:"participantId"`
	Hidden                             bool         `json:"hidden"`
	RemoveFromDefaultAudioRoutingGroup bool         `json:"removeFromDefaultAudioRoutingGroup"`
	// ReplacesCallID is the call the target is in already; that call ends when
	// they have joined this one.
	ReplacesCallID string       `json:"replacesCallId"`
	EndpointType   EndpointType `json:"endpointType"`
	LanguageID     string       `json:"languageId"`
	Region         string       `json:"region"`
}

func (*InvitationParticipantInfo) graphType() string {
	return graphPrefix + "invitationParticipantInfo"
}

// MediaStream is one stream between a participant and the conversation.
type MediaStream struct {
	Wire
	Direction   MediaDirection `json:"direction"`
	Label       string         `json:"label"`
	MediaType   Modality       `json:"mediaType"`
	ServerMuted bool           `json:"serverMuted"`
	SourceID    string         `json:"sourceId"`
}

func (*MediaStream) graphType() string { return graphPrefix + "mediaStream" }

// MediaDirection is a stream's direction, seen from the participant. An audio
// stream that turns inactive is how a participant on hold looks.
type MediaDirection string

// The directions of a stream.
const (
	MediaDirectionInactive    MediaDirection = "inactive"
	MediaDirectionSendOnly    MediaDirection = "sendOnly"
	MediaDirectionReceiveOnly MediaDirection = "receiveOnly"
	MediaDirectionSendReceive MediaDirection = "sendReceive"
)

func (MediaDirection) words() []string {
	return []string{
		string(MediaDirectionInactive), string(MediaDirectionSendOnly),
		string(MediaDirectionReceiveOnly), string(MediaDirectionSendReceive),
	}
}

// RecordingInfo says whether a participant records, and who started it.
type RecordingInfo struct {
	Wire
	Initiator       *IdentitySet     `json:"initiator"`
	InitiatedBy     *ParticipantInfo `json:"initiatedBy"` // beta
	RecordingStatus RecordingStatus  `json:"recordingStatus"`
}

func (*RecordingInfo) graphType() string { return graphPrefix + "recordingInfo" }

// RecordingStatus says whether a recording runs.
type RecordingStatus string

// The states of a recording.
const (
	RecordingStatusUnknown      RecordingStatus = "unknown"
	RecordingStatusNotRecording RecordingStatus = "notRecording"
	RecordingStatusRecording    RecordingStatus = "recording"
	RecordingStatusFailed       RecordingStatus = "failed"
)

func (RecordingStatus) words() []string {
	return []string{
		string(RecordingStatusUnknown), string(RecordingStatusNotRecording),
		string(RecordingStatusRecording), string(RecordingStatusFailed),
	}
}

// RemovedState says why a participant is no longer in the roster.
type RemovedState struct {
	Wire
	Reason string `json:"reason"`
}

func (*RemovedState) graphType() string { return graphPrefix + "removedState" }

// OnlineMeetingRestricted says why content from a participant is withheld.
type OnlineMeetingRestricted struct {
	Wire
	ContentSharingDisabled string `json:"contentSharingDisabled"` // watermarkProtection
	VideoDisabled          string `json:"videoDisabled"`          // watermarkProtection
}

func (*OnlineMeetingRestricted) graphType() string { return graphPrefix + "onlineMeetingRestricted" }

// DeltaParticipants is what changed in the roster since the last such message.
// SequenceNumber is their order.
type DeltaParticipants struct {
	Wire
	ID             string        `json:"id"`
	SequenceNumber int64         `json:"sequenceNumber"`
	Participants   []Participant `json:"participants"`
}

func (*DeltaParticipants) graphType() string { return graphPrefix + "deltaParticipants" }

// ParticipantsReply is the body of a reply that lists participants.
type ParticipantsReply struct {
	Wire
	Value []Participant `json:"value"`
}

// SyntheticMediaDetectionInfo says whether a participant's media was found to
// be generated (beta).
type SyntheticMediaDetectionInfo struct {
	Wire
	DetectionID          string  `json:"detectionId"`
	DetectorBot          string  `json:"detectorBot"`
	IsParticipantTrusted bool    `json:"isParticipantTrusted"`
	SyntheticConfidence  float64 `json:"syntheticConfidence"`
}

func (*SyntheticMediaDetectionInfo) graphType() string {
	return graphPrefix + "syntheticMediaDetectionInfo"
}

// CallEvent is a meeting's start, end or roster change as Graph's change
// notification subscriptions report it. Calls do not send it to their
// callback; it is here so that a webhook shared with subscriptions can tell.
type CallEvent struct {
	Wire
	ID                  string        `json:"id"`
	CallEventType       string        `json:"callEventType"` // callStarted, callEnded, rosterUpdated, …
	EventDateTime       time.Time     `json:"eventDateTime"`
	Participants        []Participant `json:"participants"`
	CallConversationID  string        `json:"callConversationId"`    // beta
	EmergencyNumber     string        `json:"emergencyNumberDialed"` // emergency calls
	EmergencyPolicy     string        `json:"policyName"`            // emergency calls
	EmergencyCallerInfo Raw           `json:"callerInfo"`            // emergency calls
	RecordingState      string        `json:"recordingState"`        // beta
	TranscriptionState  string        `json:"transcriptionState"`    // beta
}

func (*CallEvent) graphType() string { return graphPrefix + "callEvent" }
