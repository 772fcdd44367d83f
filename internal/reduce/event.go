package reduce

import "github.com/graphcalls/graphcalls-go/resources"

// Event is something bot code may want to hear of that comparing two states
// would not show. Events are never folded away.
type Event interface{ event() }

// StateChanged is an edge: the call went on to another state.
type StateChanged struct {
	Old, New resources.CallState
	Skipped  []resources.CallState
	Result   *resources.ResultInfo
}

// TransferFailed says that the call stays with the bot.
type TransferFailed struct{ Result *resources.ResultInfo }

// Pressed is a key pressed.
type Pressed struct {
	Tone *resources.ToneInfo
	// Late says that keys pressed after it were reported before it.
	Late bool
}

// MediaChanged says that audio began or ceased to flow.
type MediaChanged struct{ Old, New resources.MediaState }

// LobbyChanged says that the bot was put into the lobby, or let in.
type LobbyChanged struct{ Waiting bool }

// OperationEnded carries an operation's result. ClientContext is the mark it
// was asked under; empty for one this client did not ask for, or not yet knows
// to be its own: when it learns, the end is Repeated with the mark.
type OperationEnded struct {
	ClientContext string
	Operation     resources.Operation
	Repeated      bool
}

// ManagedLeft says that a person of a recording policy has left.
type ManagedLeft struct {
	ParticipantID string
	Result        *resources.ResultInfo
}

func (ManagedLeft) event()    {}
func (StateChanged) event()   {}
func (TransferFailed) event() {}
func (Pressed) event()        {}
func (MediaChanged) event()   {}
func (LobbyChanged) event()   {}
func (OperationEnded) event() {}

// Effect is something the client should do; its outcome comes back as an
// Input.
type Effect interface{ effect() }

// Wait asks for a Waited after a short while.
type Wait struct{ For Gap }

// Fetch asks for a Fetched, because of a Doubt.
type Fetch struct{ Because Doubt }

func (Wait) effect()  {}
func (Fetch) effect() {}

// Doubt is a reason not to believe what is known of a call.
type Doubt string

// The reasons for doubt.
const (
	// DoubtGap: a change of the roster is missing.
	DoubtGap Doubt = "rosterGap"
	// DoubtTruncated: the platform cut the roster short.
	DoubtTruncated Doubt = "rosterTruncated"
	// DoubtOrder: a whole roster may be older than what was known before it.
	DoubtOrder Doubt = "rosterOrder"
	// DoubtVersion: two versions of the call cannot be told apart in time.
	DoubtVersion Doubt = "version"
)

// Gap is something missing that may still come.
type Gap string

// The things that may be missing.
const (
	GapRoster Gap = "roster"
	GapTones  Gap = "tones"
)

// Verdict says what became of an input.
type Verdict string

// The verdicts.
const (
	// Applied: it changed what is known, or was told.
	Applied Verdict = "applied"
	// Unchanged: it said what was known already.
	Unchanged Verdict = "unchanged"
	// Stale: something later was heard before it. It may have filled a fact
	// that nothing later had set.
	Stale Verdict = "stale"
	// Late: the call is over.
	Late Verdict = "late"
	// Waiting: something before it is missing.
	Waiting Verdict = "waiting"
	// Unplaced: it is about something this client does not keep.
	Unplaced Verdict = "unplaced"
)

// Outcome is what one input led to.
type Outcome struct {
	State   *State
	Events  []Event
	Effects []Effect
	Verdict Verdict
}
