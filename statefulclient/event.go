package statefulclient

import (
	"time"

	"github.com/graphcalls/graphcalls-go/internal/roster"
	"github.com/graphcalls/graphcalls-go/resources"
)

// CollectionEvent tells of members of a collection that came, changed or went.
type CollectionEvent[T any] struct {
	Added   []T
	Updated []T
	Removed []T
	// Cause says where the news came from.
	Cause Cause
	// Initial marks the first event of a subscription: what was there already.
	Initial bool
	// Missed counts the updates folded into this one because the handlers were
	// slow. What came and went in between is not told.
	Missed int
}

// ResourceEvent tells that a resource changed. Old is what the handler last
// saw; the two differ in at least one property. Neither is ever changed again,
// and neither may be changed by who receives it.
type ResourceEvent[T any] struct {
	Old *T // nil in the first event of a subscription
	New *T
	// Cause says where the news came from.
	Cause Cause
	// Initial marks the first event of a subscription: what was there already.
	Initial bool
	// Missed counts the updates folded into this one because the handlers were
	// slow.
	Missed int
}

// Cause says where news of a call came from.
type Cause string

// The causes of news.
const (
	CauseNotification Cause = "notification"
	CauseReply        Cause = "reply"   // to a request of the bot's
	CauseResync       Cause = "resync"  // fetched because of doubt
	CauseRestore      Cause = "restore" // found changed when the client came back, by Rehydrate
	CauseClient       Cause = "client"  // the client's own conclusion, such as a lost call
	// CauseReleased is that of a call's leaving Calls: it has not ended, but goes on
	// at another process of the fleet.
	CauseReleased Cause = "released"
)

// Inferred reports whether the platform never told of it: the client found out,
// and what happened in between is not known.
func (c Cause) Inferred() bool { return c == CauseResync || c == CauseRestore || c == CauseClient }

// IncomingCall tells that somebody calls the bot. Answer, Reject or Redirect it
// before the deadline of the handler's context, which is the platform's.
type IncomingCall struct {
	Call     *Call
	Deadline time.Time
	// Recording says that policy wants the call recorded; the deadline is
	// shorter then.
	Recording bool
	// Replaces is the id of a call of the same conversation that ended before
	// the bot had answered it, as happens when a policy recording is answered too
	// late; empty for none.
	Replaces string
	// Initial marks calls that were ringing when the handler was subscribed.
	Initial bool
}

// Event is one of the fine-grained events that On subscribes to: StateChanged,
// ToneReceived, MediaStateChanged, LobbyChanged, TransferFailed,
// OperationCompleted, ManagedParticipantLeft, and of participants
// ParticipantUpdated, HoldChanged, ScreenSharingChanged and RecordingChanged.
// All but those of participants are never folded away, however slow the
// handlers.
type Event interface{ kind() kind }

// StateChanged tells of an edge: the call went on to another state. Each state
// is reached once, except those of a live call (established, hold,
// transferring, …), which may alternate.
type StateChanged struct {
	Call     *Call
	Old, New resources.CallState
	// Skipped are states of the ordinary course that the platform never
	// reported. They are not told later.
	Skipped []resources.CallState
	// Result is what the platform gave with the edge: why a call ended, or a
	// transfer failed. Often nil.
	Result *resources.ResultInfo
	// Cause says where the news came from.
	Cause   Cause
	Initial bool
}

// ToneReceived tells of a key pressed. The platform does not say by whom.
type ToneReceived struct {
	Call       *Call
	Tone       resources.Tone
	SequenceID int64
	// Late says that keys pressed after this one were told before it.
	Late bool
}

// MediaStateChanged tells that audio began or ceased to flow between the
// platform and the bot.
type MediaStateChanged struct {
	Call     *Call
	Old, New resources.MediaState
	Initial  bool
}

// LobbyChanged tells that the bot waits in a meeting's lobby, or was let in.
type LobbyChanged struct {
	Call    *Call
	Waiting bool
	Initial bool
}

// TransferFailed tells that a transfer failed, and the call is still the
// bot's.
type TransferFailed struct {
	Call   *Call
	Result *resources.ResultInfo
}

// OperationCompleted tells that an operation ended, well or not, whether this
// client asked for it or not.
type OperationCompleted struct {
	Call      *Call
	Operation resources.Operation
	Failed    bool
}

// ParticipantUpdated tells what changed about one participant who stays in the
// call.
type ParticipantUpdated struct {
	Participant *Participant
	Old, New    *resources.Participant
	Cause       Cause
	Missed      int
}

// HoldChanged tells that a participant was put on hold or came back. The
// platform shows it by the direction of their audio alone.
type HoldChanged struct {
	Participant *Participant
	Held        bool
}

// ScreenSharingChanged tells that a participant began or ceased to share their
// screen.
type ScreenSharingChanged struct {
	Participant *Participant
	Sharing     bool
}

// RecordingChanged tells that a participant began or ceased to record.
type RecordingChanged struct {
	Participant *Participant
	Old, New    resources.RecordingStatus
}

// RosterTrust says how far a call's roster can be believed.
type RosterTrust int

// The degrees of trust in a roster.
const (
	// RosterUnknown: nothing was heard of it. For a call of two it stays so.
	RosterUnknown RosterTrust = RosterTrust(roster.Unknown)
	// RosterSnapshot: the last news was a whole roster.
	RosterSnapshot RosterTrust = RosterTrust(roster.Snapshot)
	// RosterDelta: kept up to date by changes, none of which is missing.
	RosterDelta RosterTrust = RosterTrust(roster.Delta)
	// RosterTruncated: the platform lists a hundred people at most, and did.
	RosterTruncated RosterTrust = RosterTrust(roster.Truncated)
	// RosterStale: a change is missing.
	RosterStale RosterTrust = RosterTrust(roster.Stale)
)

// String is the trust in a word: unknown, snapshot, delta, truncated or stale.
func (t RosterTrust) String() string {
	switch t {
	case RosterSnapshot:
		return "snapshot"
	case RosterDelta:
		return "delta"
	case RosterTruncated:
		return "truncated"
	case RosterStale:
		return "stale"
	default:
		return "unknown"
	}
}

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

func (StateChanged) kind() kind         { return kindState }
func (ToneReceived) kind() kind         { return kindTone }
func (MediaStateChanged) kind() kind    { return kindMedia }
func (LobbyChanged) kind() kind         { return kindLobby }
func (TransferFailed) kind() kind       { return kindTransfer }
func (OperationCompleted) kind() kind   { return kindOperation }
func (ParticipantUpdated) kind() kind   { return kindParticipant }
func (HoldChanged) kind() kind          { return kindHold }
func (ScreenSharingChanged) kind() kind { return kindScreenSharing }
func (RecordingChanged) kind() kind     { return kindRecording }
