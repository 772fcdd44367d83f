package statefulclient

// kind is what a subscription is to.
type kind int

const (
	kindIncoming kind = iota
	kindCalls
	kindCall
	kindParticipants
	kindParticipant
	kindState
	kindTone
	kindMedia
	kindLobby
	kindTransfer
	kindOperation
	kindHold
	kindScreenSharing
	kindRecording
	kindSharing
	kindGroups
	kindManagedLeft
	kindJoining
	kindUnmatched
	kindPanic
	kindSilent
	kindRedirect
	kindStore
	kindQueued
	kindProcessed
	kindSession
	kindObserver
)

func (k kind) String() string {
	return [...]string{
		"OnIncoming", "Calls.OnUpdated", "Call.OnUpdated", "Participants.OnUpdated", "ParticipantUpdated",
		"StateChanged", "ToneReceived", "MediaStateChanged", "LobbyChanged", "TransferFailed", "OperationCompleted",
		"HoldChanged", "ScreenSharingChanged", "RecordingChanged",
		"ContentSharing.OnUpdated", "AudioRoutingGroups.OnUpdated",
		"ManagedParticipantLeft", "DecideJoining", "OnUnmatched", "OnHandlerPanic", "OnSilent", "RedirectHook", "OnStoreFailure",
		"OnNotificationQueued", "OnNotificationProcessed", "MediaSession.Close", "Observer",
	}[k]
}
