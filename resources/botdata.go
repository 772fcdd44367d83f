package resources

// BotData is what the platform tells a policy-recording bot about the call it
// is invited to. It is not documented beyond an example, so take nothing of it
// for granted.
type BotData struct {
	Wire
	MediaHostedRegion string `json:"mediaHostedRegion"` // such as EUWE
	// User is the person of the recording policy, OtherSideUser whom they talk
	// to; nil where the platform does not say.
	User             *BotDataUser   `json:"user"`
	OtherSideUser    *BotDataUser   `json:"otherSideUser"`
	InviteReasons    []InviteReason `json:"inviteReasons"`
	PolicyIdentifier string         `json:"policyIdentifier"`
	// PairedRecorders record the same person as this bot, OtherRecorders
	// somebody else in the call.
	PairedRecorders []BotDataRecorder `json:"pairedRecorders"`
	OtherRecorders  []BotDataRecorder `json:"otherRecorders"`
}

// BotDataUser is one side of a recorded call.
type BotDataUser struct {
	Wire
	ID                  string              `json:"id"`
	ParticipantID       string              `json:"participantId"`
	TenantID            string              `json:"tenantId"`
	OnBehalfOf          *Identity           `json:"onBehalfOf"`
	ParticipationMethod ParticipationMethod `json:"participationMethod"`
	ClientLocation      string              `json:"clientLocation"` // a country or a region
}

// BotDataRecorder is another bot that records the call.
type BotDataRecorder struct {
	Wire
	ID            string `json:"id"`
	ParticipantID string `json:"participantId"`
}

// InviteReason says why a bot was invited to a call.
type InviteReason string

// InviteReasonPolicyBasedRecording is that of a bot a recording policy asks for.
const InviteReasonPolicyBasedRecording InviteReason = "PolicyBasedRecording"

func (InviteReason) words() []string { return []string{string(InviteReasonPolicyBasedRecording)} }

// ParticipationMethod says which end of a call somebody is.
type ParticipationMethod string

// The ends of a call.
const (
	ParticipationMethodCaller ParticipationMethod = "caller"
	ParticipationMethodCallee ParticipationMethod = "callee"
)

func (ParticipationMethod) words() []string {
	return []string{string(ParticipationMethodCaller), string(ParticipationMethodCallee)}
}

// applicationMetadata is the undeclared property of a call that bot data is in.
type applicationMetadata struct {
	Wire
	BotData *BotData `json:"botData"`
}

// BotData reads the call's applicationMetadata.botData; false when the call has
// none, or none that is an object. Whatever shape it has, its text is in
// Property("applicationMetadata"). Every use reads the text anew, and the
// result is the caller's own.
func (c *Call) BotData() (*BotData, bool) {
	text, present := c.Property("applicationMetadata")
	if !present {
		return nil, false
	}
	metadata, err := Decode[applicationMetadata](text)
	if err != nil || metadata.BotData == nil {
		return nil, false
	}
	return metadata.BotData, true
}
