package reduce

import (
	"github.com/graphcalls/graphcalls-go/internal/order"
	"github.com/graphcalls/graphcalls-go/internal/persistent"
	"github.com/graphcalls/graphcalls-go/internal/roster"
	"github.com/graphcalls/graphcalls-go/resources"
)

// State is all that is known of one call. A State is never changed; whoever
// holds one holds a snapshot.
type State struct {
	Call   *resources.Call // never nil
	Roster roster.Roster
	// Sessions are the content sharing sessions there are, by key; Groups the
	// audio routing groups, by id.
	Sessions persistent.Map[*resources.ContentSharingSession]
	Groups   persistent.Map[*resources.AudioRoutingGroup]
	// End is set once, when the call is over.
	End *End

	etag       string
	stamps     order.Stamps
	tones      tones
	operations []operation

	endedSessions []string

	revision uint64 // how many things changed it since it began or was restored

	resting *resting // of a State that a Cell has put to rest; nobody else ever has one
}

// End is how a call ended.
type End struct {
	Cause  Cause
	Result *resources.ResultInfo // nil where the platform gave none
	Reason string                // the platform's word for it, such as CallTerminated
}

// Cause says how the end became known.
type Cause string

// The causes of an end.
const (
	// CauseReported: the platform said so.
	CauseReported Cause = "reported"
	// CauseLost: the platform no longer knows the call, and never said that it
	// ended.
	CauseLost Cause = "lost"
	// CauseRemoved: the bot's own code gave the call up.
	CauseRemoved Cause = "removed"
)

// Group reports whether the call is one of several people, of whom the
// platform sends a roster.
func (s *State) Group() bool {
	return s.Call.ChatInfo != nil || s.Call.MeetingInfo != nil || len(s.Call.Targets) > 1
}

// InLobby reports whether the bot waits in a meeting's lobby.
func (s *State) InLobby() bool {
	if s.Call.MyParticipantID == "" {
		return false
	}
	me, listed := s.Roster.Get(s.Call.MyParticipantID)
	return listed && me.InLobby()
}

func (s *State) audio() resources.MediaState {
	if s.Call.MediaState == nil {
		return ""
	}
	return s.Call.MediaState.Audio
}

// Revision numbers the states of a call within one life of the process: it counts
// the things that changed it. A snapshot does not have it.
func (s *State) Revision() uint64 { return s.revision }

// AtRevision returns the state under another number, for who follows what another
// process numbered.
func (s *State) AtRevision(number uint64) *State {
	at := *s
	at.revision = number
	return &at
}

// Gaps returns what is missing and still waited for. Whoever restores a state
// waits for it anew.
func (s *State) Gaps() []Gap {
	var gaps []Gap
	if s.Roster.Gap() {
		gaps = append(gaps, GapRoster)
	}
	if len(s.tones.waiting) > 0 {
		gaps = append(gaps, GapTones)
	}
	return gaps
}

// New is the state of a call of which nothing is known but its id.
func New(id string) *State { return &State{Call: &resources.Call{ID: id}} }
