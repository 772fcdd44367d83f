package resources

import "time"

// Call is one leg of a conversation as the platform describes it: the call
// between the bot and one person, or the bot's own part in a meeting.
// Properties the platform left out of a reply or notification are zero; which
// those are, [FieldsOf] tells.
//
// See https://learn.microsoft.com/graph/api/resources/call.
type Call struct {
	Wire
	ID              string           `json:"id"`
	ETag            string           `json:"@odata.etag"` // absent from real traffic; see Version
	State           CallState        `json:"state"`
	Direction       CallDirection    `json:"direction"`
	CallbackURI     string           `json:"callbackUri"` // where the platform sends this call's notifications; https
	CallChainID     string           `json:"callChainId"` // shared by all calls of one conversation
	CallOptions     *CallOptions     `json:"callOptions"`
	CallRoutes      []CallRoute      `json:"callRoutes"`
	ChatInfo        *ChatInfo        `json:"chatInfo"`
	IncomingContext *IncomingContext `json:"incomingContext"`
	MediaConfig     MediaConfig      `json:"mediaConfig"`
	MediaState      *CallMediaState  `json:"mediaState"`
	MeetingInfo     MeetingInfo      `json:"meetingInfo"`
	// MyParticipantID is the bot's own entry in the roster.
	MyParticipantID     string                      `json:"myParticipantId"`
	RequestedModalities []Modality                  `json:"requestedModalities"`
	ResultInfo          *ResultInfo                 `json:"resultInfo"`
	Source              *ParticipantInfo            `json:"source"`
	Subject             string                      `json:"subject"`
	Targets             []InvitationParticipantInfo `json:"targets"`
	TenantID            string                      `json:"tenantId"`
	ToneInfo            *ToneInfo                   `json:"toneInfo"`
	Transcription       *CallTranscriptionInfo      `json:"transcription"`

	AudioRoutingGroups     []AudioRoutingGroup     `json:"audioRoutingGroups"`
	ContentSharingSessions []ContentSharingSession `json:"contentSharingSessions"`
	Operations             []Operation             `json:"operations"`
	Participants           []Participant           `json:"participants"`

	// The rest is documented for beta; v1.0 sends some of it.

	ActiveModalities        []Modality         `json:"activeModalities"`
	AnsweredBy              *ParticipantInfo   `json:"answeredBy"`
	MeetingCapability       *MeetingCapability `json:"meetingCapability"`
	RingingTimeoutInSeconds int32              `json:"ringingTimeoutInSeconds"` // 115 at most
	RoutingPolicies         []RoutingPolicy    `json:"routingPolicies"`
	TerminationReason       string             `json:"terminationReason"`
}

func (*Call) graphType() string { return graphPrefix + "call" }

// CallState says how far a call has come. Package fsm has the rules for which
// may follow which.
type CallState string

// The states of a call. CallStateRinging is documented for beta.
const (
	CallStateIncoming         CallState = "incoming"
	CallStateEstablishing     CallState = "establishing"
	CallStateRinging          CallState = "ringing"
	CallStateEstablished      CallState = "established"
	CallStateHold             CallState = "hold"
	CallStateTransferring     CallState = "transferring"
	CallStateTransferAccepted CallState = "transferAccepted"
	CallStateRedirecting      CallState = "redirecting"
	CallStateTerminating      CallState = "terminating"
	CallStateTerminated       CallState = "terminated"
)

func (CallState) words() []string {
	return []string{
		string(CallStateIncoming), string(CallStateEstablishing), string(CallStateRinging),
		string(CallStateEstablished), string(CallStateHold), string(CallStateTransferring),
		string(CallStateTransferAccepted), string(CallStateRedirecting),
		string(CallStateTerminating), string(CallStateTerminated),
	}
}

// CallDirection says who started a call, seen from the bot.
type CallDirection string

// The directions of a call.
const (
	CallDirectionIncoming CallDirection = "incoming"
	CallDirectionOutgoing CallDirection = "outgoing"
)

func (CallDirection) words() []string {
	return []string{string(CallDirectionIncoming), string(CallDirectionOutgoing)}
}

// CallOptions are the features a bot asks for when it places a call. For a
// call it answers they go into [IncomingCallOptions].
type CallOptions struct {
	Wire
	// AllowGuestToBypassLobby asks that a bot that joins as a guest need not
	// wait in the lobby. It is for bots certified for Cloud Video Interop, and
	// documented on older pages of Graph's beta alone.
	AllowGuestToBypassLobby             bool `json:"allowGuestToBypassLobby"`
	HideBotAfterEscalation              bool `json:"hideBotAfterEscalation"`
	IsContentSharingNotificationEnabled bool `json:"isContentSharingNotificationEnabled"`
	// IsDeltaRosterEnabled makes the platform send only what changed in the
	// roster; large meetings want it.
	IsDeltaRosterEnabled       bool `json:"isDeltaRosterEnabled"`
	IsInteractiveRosterEnabled bool `json:"isInteractiveRosterEnabled"`
}

func (*CallOptions) graphType() string { return graphPrefix + "outgoingCallOptions" }

// IncomingCallOptions are the features a bot asks for when it answers a call.
type IncomingCallOptions struct {
	Wire
	HideBotAfterEscalation              bool `json:"hideBotAfterEscalation"`
	IsContentSharingNotificationEnabled bool `json:"isContentSharingNotificationEnabled"`
	IsDeltaRosterEnabled                bool `json:"isDeltaRosterEnabled"`
	IsInteractiveRosterEnabled          bool `json:"isInteractiveRosterEnabled"`
}

func (*IncomingCallOptions) graphType() string { return graphPrefix + "incomingCallOptions" }

// CallRoute says how a call was retargeted on its way to the bot.
type CallRoute struct {
	Wire
	Final       *IdentitySet `json:"final"`
	Original    *IdentitySet `json:"original"`
	RoutingType RoutingType  `json:"routingType"`
}

func (*CallRoute) graphType() string { return graphPrefix + "callRoute" }

// RoutingType says why a call was retargeted.
type RoutingType string

// The ways a call is retargeted.
const (
	RoutingTypeForwarded RoutingType = "forwarded"
	RoutingTypeLookup    RoutingType = "lookup"
	RoutingTypeSelfFork  RoutingType = "selfFork"
)

func (RoutingType) words() []string {
	return []string{string(RoutingTypeForwarded), string(RoutingTypeLookup), string(RoutingTypeSelfFork)}
}

// RoutingPolicy restrains how a peer to peer call may be forwarded (beta).
type RoutingPolicy string

// The routing policies.
const (
	RoutingPolicyNone                         RoutingPolicy = "none"
	RoutingPolicyNoMissedCall                 RoutingPolicy = "noMissedCall"
	RoutingPolicyDisableForwardingExceptPhone RoutingPolicy = "disableForwardingExceptPhone"
	RoutingPolicyDisableForwarding            RoutingPolicy = "disableForwarding"
	RoutingPolicyPreferSkypeForBusiness       RoutingPolicy = "preferSkypeForBusiness"
)

func (RoutingPolicy) words() []string {
	return []string{
		string(RoutingPolicyNone), string(RoutingPolicyNoMissedCall),
		string(RoutingPolicyDisableForwardingExceptPhone), string(RoutingPolicyDisableForwarding),
		string(RoutingPolicyPreferSkypeForBusiness),
	}
}

// RejectReason is what a rejected caller is told.
type RejectReason string

// The reasons for a rejection.
const (
	RejectReasonNone      RejectReason = "none"
	RejectReasonBusy      RejectReason = "busy"
	RejectReasonForbidden RejectReason = "forbidden"
)

func (RejectReason) words() []string {
	return []string{string(RejectReasonNone), string(RejectReasonBusy), string(RejectReasonForbidden)}
}

// IncomingContext says on whose behalf an incoming call reaches the bot. A
// policy-based recording call has ObservedParticipantID set.
type IncomingContext struct {
	Wire
	ObservedParticipantID string       `json:"observedParticipantId"`
	OnBehalfOf            *IdentitySet `json:"onBehalfOf"`
	SourceParticipantID   string       `json:"sourceParticipantId"`
	Transferor            *IdentitySet `json:"transferor"`
}

func (*IncomingContext) graphType() string { return graphPrefix + "incomingContext" }

// CallTranscriptionInfo says whether a call is being transcribed.
type CallTranscriptionInfo struct {
	Wire
	LastModifiedDateTime time.Time              `json:"lastModifiedDateTime"`
	State                CallTranscriptionState `json:"state"`
}

func (*CallTranscriptionInfo) graphType() string { return graphPrefix + "callTranscriptionInfo" }

// CallTranscriptionState says whether a transcription runs.
type CallTranscriptionState string

// The states of a transcription.
const (
	CallTranscriptionStateNotStarted CallTranscriptionState = "notStarted"
	CallTranscriptionStateActive     CallTranscriptionState = "active"
	CallTranscriptionStateInactive   CallTranscriptionState = "inactive"
)

func (CallTranscriptionState) words() []string {
	return []string{
		string(CallTranscriptionStateNotStarted), string(CallTranscriptionStateActive),
		string(CallTranscriptionStateInactive),
	}
}

// ResultInfo says how a call or an operation ended. Code is like an HTTP
// status: 2xx fine, 4xx the asker's doing, 5xx the platform's. Subcode has the
// detail.
type ResultInfo struct {
	Wire
	Code    int32  `json:"code"`
	Subcode int32  `json:"subcode"`
	Message string `json:"message"`
}

func (*ResultInfo) graphType() string { return graphPrefix + "resultInfo" }

// Failed reports whether the result is an error.
func (r *ResultInfo) Failed() bool { return r != nil && r.Code >= 400 }
