package resources

// Operation is something the platform does for a bot and tells it the end of:
// a pointer to one of this file's structs, or *CommsOperation for a kind this
// package does not know.
//
// An action whose reply says completed or failed is over, and no notification
// follows; one that is running ends with a notification.
//
// See https://learn.microsoft.com/graph/api/resources/commsoperation.
type Operation interface {
	// Common returns what all operations have.
	Common() *CommsOperation
}

// CommsOperation is what all operations have.
type CommsOperation struct {
	Wire
	ID            string          `json:"id"`
	ETag          string          `json:"@odata.etag"`
	ClientContext string          `json:"clientContext"` // the asker's own mark, 256 characters at most
	ResultInfo    *ResultInfo     `json:"resultInfo"`
	Status        OperationStatus `json:"status"`
}

func (*CommsOperation) graphType() string { return graphPrefix + "commsOperation" }

// Common returns the operation itself.
func (o *CommsOperation) Common() *CommsOperation { return o }

// OperationStatus says how far an operation has come.
type OperationStatus string

// The states of an operation. The platform writes them in either case.
const (
	OperationStatusNotStarted OperationStatus = "notStarted"
	OperationStatusRunning    OperationStatus = "running"
	OperationStatusCompleted  OperationStatus = "completed"
	OperationStatusFailed     OperationStatus = "failed"
)

func (OperationStatus) words() []string {
	return []string{
		string(OperationStatusNotStarted), string(OperationStatusRunning),
		string(OperationStatusCompleted), string(OperationStatusFailed),
	}
}

// Ended reports whether the operation is over, well or not.
func (s OperationStatus) Ended() bool {
	return s == OperationStatusCompleted || s == OperationStatusFailed
}

// CompletionReason says why an operation ended. Which values occur depends on
// the operation.
type CompletionReason string

// The reasons an operation ends.
const (
	CompletionReasonUnknown                  CompletionReason = "unknown"
	CompletionReasonCompletedSuccessfully    CompletionReason = "completedSuccessfully"
	CompletionReasonMediaOperationCanceled   CompletionReason = "mediaOperationCanceled"
	CompletionReasonOperationCanceled        CompletionReason = "operationCanceled"
	CompletionReasonStopToneDetected         CompletionReason = "stopToneDetected"
	CompletionReasonMaxRecordDurationReached CompletionReason = "maxRecordDurationReached"
	CompletionReasonInitialSilenceTimeout    CompletionReason = "initialSilenceTimeout"
	CompletionReasonMaxSilenceTimeout        CompletionReason = "maxSilenceTimeout"
	CompletionReasonPlayPromptFailed         CompletionReason = "playPromptFailed"
	CompletionReasonPlayBeepFailed           CompletionReason = "playBeepFailed"
	CompletionReasonMediaReceiveTimeout      CompletionReason = "mediaReceiveTimeout"
	CompletionReasonUnspecifiedError         CompletionReason = "unspecifiedError"
	CompletionReasonNone                     CompletionReason = "none"
)

func (CompletionReason) words() []string {
	return []string{
		string(CompletionReasonUnknown), string(CompletionReasonCompletedSuccessfully),
		string(CompletionReasonMediaOperationCanceled), string(CompletionReasonOperationCanceled),
		string(CompletionReasonStopToneDetected), string(CompletionReasonMaxRecordDurationReached),
		string(CompletionReasonInitialSilenceTimeout), string(CompletionReasonMaxSilenceTimeout),
		string(CompletionReasonPlayPromptFailed), string(CompletionReasonPlayBeepFailed),
		string(CompletionReasonMediaReceiveTimeout), string(CompletionReasonUnspecifiedError),
		string(CompletionReasonNone),
	}
}

// PlayPromptOperation plays sound files into a call.
type PlayPromptOperation struct {
	CommsOperation
	CompletionReason CompletionReason `json:"completionReason"` // beta
}

// RecordOperation records a caller's answer to a prompt.
type RecordOperation struct {
	CommsOperation
	RecordingLocation    string           `json:"recordingLocation"`
	RecordingAccessToken string           `json:"recordingAccessToken"` // a secret
	CompletionReason     CompletionReason `json:"completionReason"`     // beta
}

// InviteParticipantsOperation brings people into a call.
type InviteParticipantsOperation struct {
	CommsOperation
	Participants []InvitationParticipantInfo `json:"participants"`
}

// SendDtmfTonesOperation presses keys towards the other side.
type SendDtmfTonesOperation struct {
	CommsOperation
	CompletionReason CompletionReason `json:"completionReason"`
}

// MuteParticipantsOperation mutes several participants (beta).
type MuteParticipantsOperation struct {
	CommsOperation
	Participants []string `json:"participants"`
}

// The operations that have nothing but what all have.
//
//nolint:revive // one comment serves them all
type (
	AddLargeGalleryViewOperation   struct{ CommsOperation }
	CancelMediaProcessingOperation struct{ CommsOperation }
	MuteParticipantOperation       struct{ CommsOperation }
	UnmuteParticipantOperation     struct{ CommsOperation }
	StartHoldMusicOperation        struct{ CommsOperation }
	StopHoldMusicOperation         struct{ CommsOperation }
	SubscribeToToneOperation       struct{ CommsOperation }
	UpdateRecordingStatusOperation struct{ CommsOperation }
	AdmitAllFromLobbyOperation     struct{ CommsOperation } // beta
	AdmitFromLobbyOperation        struct{ CommsOperation } // beta
	RemoveFromLobbyOperation       struct{ CommsOperation } // beta
	StartRecordingOperation        struct{ CommsOperation } // beta
	StopRecordingOperation         struct{ CommsOperation } // beta
	StartTranscriptionOperation    struct{ CommsOperation } // beta
	StopTranscriptionOperation     struct{ CommsOperation } // beta
)

func (*PlayPromptOperation) graphType() string { return graphPrefix + "playPromptOperation" }
func (*RecordOperation) graphType() string     { return graphPrefix + "recordOperation" }
func (*InviteParticipantsOperation) graphType() string {
	return graphPrefix + "inviteParticipantsOperation"
}
func (*SendDtmfTonesOperation) graphType() string { return graphPrefix + "sendDtmfTonesOperation" }
func (*MuteParticipantsOperation) graphType() string {
	return graphPrefix + "muteParticipantsOperation"
}
func (*AddLargeGalleryViewOperation) graphType() string {
	return graphPrefix + "addLargeGalleryViewOperation"
}
func (*CancelMediaProcessingOperation) graphType() string {
	return graphPrefix + "cancelMediaProcessingOperation"
}
func (*MuteParticipantOperation) graphType() string { return graphPrefix + "muteParticipantOperation" }
func (*UnmuteParticipantOperation) graphType() string {
	return graphPrefix + "unmuteParticipantOperation"
}
func (*StartHoldMusicOperation) graphType() string  { return graphPrefix + "startHoldMusicOperation" }
func (*StopHoldMusicOperation) graphType() string   { return graphPrefix + "stopHoldMusicOperation" }
func (*SubscribeToToneOperation) graphType() string { return graphPrefix + "subscribeToToneOperation" }
func (*UpdateRecordingStatusOperation) graphType() string {
	return graphPrefix + "updateRecordingStatusOperation"
}
func (*AdmitAllFromLobbyOperation) graphType() string {
	return graphPrefix + "admitAllFromLobbyOperation"
}
func (*AdmitFromLobbyOperation) graphType() string  { return graphPrefix + "admitFromLobbyOperation" }
func (*RemoveFromLobbyOperation) graphType() string { return graphPrefix + "removeFromLobbyOperation" }
func (*StartRecordingOperation) graphType() string  { return graphPrefix + "startRecordingOperation" }
func (*StopRecordingOperation) graphType() string   { return graphPrefix + "stopRecordingOperation" }
func (*StartTranscriptionOperation) graphType() string {
	return graphPrefix + "startTranscriptionOperation"
}
func (*StopTranscriptionOperation) graphType() string {
	return graphPrefix + "stopTranscriptionOperation"
}

// DecodeOperation reads an operation of whatever kind it says it is.
func DecodeOperation(data []byte) (Operation, error) {
	r := newReader(data)
	defer r.release()
	if r.kind() != '{' {
		r.fail("want an object")
	}
	operation := familyShape{operationFamily()}.decodeMember(r).Interface().(Operation)
	if err := r.end(); err != nil {
		return nil, err
	}
	return operation, nil
}

func operationFamily() family {
	common := memberOf[CommsOperation]("")
	return family{[]member{
		memberOf[PlayPromptOperation](""), memberOf[RecordOperation]("recordingLocation"),
		memberOf[InviteParticipantsOperation](""), memberOf[SendDtmfTonesOperation](""),
		memberOf[MuteParticipantsOperation](""), memberOf[AddLargeGalleryViewOperation](""),
		memberOf[CancelMediaProcessingOperation](""), memberOf[MuteParticipantOperation](""),
		memberOf[UnmuteParticipantOperation](""), memberOf[StartHoldMusicOperation](""),
		memberOf[StopHoldMusicOperation](""), memberOf[SubscribeToToneOperation](""),
		memberOf[UpdateRecordingStatusOperation](""), memberOf[AdmitAllFromLobbyOperation](""),
		memberOf[AdmitFromLobbyOperation](""), memberOf[RemoveFromLobbyOperation](""),
		memberOf[StartRecordingOperation](""), memberOf[StopRecordingOperation](""),
		memberOf[StartTranscriptionOperation](""), memberOf[StopTranscriptionOperation](""),
		common,
	}, common.of}
}
