package trace

import (
	"encoding/json"
	"time"
)

// FormatVersion is the number of the format of lines. A property or a kind that
// is new needs no new number; one with another meaning does.
const FormatVersion = 1

// Kind says what a line is.
type Kind string

// The kinds of lines. Those up to KindGroupsListed are worked on by a call, in
// this order in the file; KindPresent and KindRestored give a call's state; the
// others tell of what reached no call, and change nothing.
const (
	// KindTrace begins a recording.
	KindTrace Kind = "trace"

	// KindNotification is one item of a POST: Data.
	KindNotification Kind = "notification"
	// KindReply is the call as a reply to a request described it: Data.
	KindReply Kind = "reply"
	// KindFetched is the call (Data) and its roster (People, Listed) as the platform
	// described them when asked, when the state was the one numbered Since.
	KindFetched Kind = "fetched"
	// KindAsked says that the bot is about to ask for an operation, under Mark.
	KindAsked Kind = "asked"
	// KindGranted is the reply to that: Data has the operation.
	KindGranted Kind = "granted"
	// KindRefused says that it failed.
	KindRefused Kind = "refused"
	// KindWaited is a timer: the time to wait for what is missing (About: roster or
	// tones) is over.
	KindWaited Kind = "waited"
	// KindGone says that the call is over though no notification said so; About is
	// lost or removed.
	KindGone Kind = "gone"
	// KindGrouped is an audio routing group in reply (Data), KindUngrouped one that
	// is no more (About), KindGroupsListed all there are (Data).
	KindGrouped      Kind = "grouped"
	KindUngrouped    Kind = "ungrouped"
	KindGroupsListed Kind = "groupsListed"

	// KindPresent is a call (State) that was there before its first line, or before
	// what is missing.
	KindPresent Kind = "present"
	// KindRestored is a call (State) that came back from a store.
	KindRestored Kind = "restored"

	// KindParked is a notification (Data) whose call is not known yet. If its call
	// appears, it comes again as KindNotification.
	KindParked Kind = "parked"
	// KindLate is one of a call that had ended.
	KindLate Kind = "late"
	// KindUnmatched is one that found no place; About says why.
	KindUnmatched Kind = "unmatched"
	// KindRedelivered is a POST, or an item of one (Data), that had come before.
	KindRedelivered Kind = "redelivered"
	// KindBusy is a POST that was refused for want of room.
	KindBusy Kind = "busy"
	// KindMissing says that so many lines (Missing) are not there, for they came
	// faster than they could be written.
	KindMissing Kind = "missing"
)

// Entry is one line. docs/traces.md describes the properties; each kind has some
// of them.
type Entry struct {
	Kind      Kind      `json:"kind"`
	Time      time.Time `json:"time,omitzero"`
	Version   int       `json:"version,omitempty"`
	Sanitized bool      `json:"sanitized,omitempty"`

	Call     string `json:"call,omitempty"`
	Life     uint64 `json:"life,omitempty"`
	Begins   bool   `json:"begins,omitempty"`
	Scenario string `json:"scenario,omitempty"`
	Tenant   string `json:"tenant,omitempty"`
	Cause    string `json:"cause,omitempty"`
	Message  string `json:"message,omitempty"`
	Item     int    `json:"item,omitempty"`
	Position uint64 `json:"position,omitempty"`

	Mark       string          `json:"mark,omitempty"`
	About      string          `json:"about,omitempty"`
	Data       json.RawMessage `json:"data,omitempty"`
	Listed     bool            `json:"listed,omitempty"`
	People     json.RawMessage `json:"people,omitempty"`
	Since      uint64          `json:"since,omitempty"`
	SinceState json.RawMessage `json:"sinceState,omitempty"`
	SameCall   bool            `json:"sameCall,omitempty"`
	State      json.RawMessage `json:"state,omitempty"`
	Missing    uint64          `json:"missing,omitempty"`

	Verdict      string  `json:"verdict,omitempty"`
	Events       []Event `json:"events,omitempty"`
	Revision     uint64  `json:"revision,omitempty"`
	Participants int     `json:"participants,omitempty"`
	Digest       string  `json:"digest,omitempty"`
}

// worksOnCall reports whether a line is something that a call worked on.
func (e *Entry) worksOnCall() bool {
	switch e.Kind {
	case KindNotification, KindReply, KindFetched, KindAsked, KindGranted, KindRefused, KindWaited, KindGone,
		KindGrouped, KindUngrouped, KindGroupsListed:
		return true
	default:
		return false
	}
}

// givesState reports whether a line gives a call's state.
func (e *Entry) givesState() bool { return e.Kind == KindPresent || e.Kind == KindRestored }

// reachedNoCall reports whether a line is only told.
func (e *Entry) reachedNoCall() bool {
	switch e.Kind {
	case KindParked, KindLate, KindUnmatched, KindRedelivered, KindBusy:
		return true
	default:
		return false
	}
}
