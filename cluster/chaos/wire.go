package main

import (
	"time"

	"github.com/graphcalls/graphcalls-go/cluster"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// settings are the first thing an instance's process is told.
type settings struct {
	Process string // the instance and which of its lives it is

	AppID, Secret, Tenant          string
	AuthorityURL, OpenIDURL, Graph string
	CA                             []byte // in PEM
	NotificationURL                string
	NATS                           string
	Partitions                     int
	Lease                          time.Duration
	Doubts                         bool   // ask the platform now and then how calls stand
	Witness                        string // where to report what handlers are told
}

// hello is the first thing it says.
type hello struct {
	Address string // where it serves its webhook, and takes commands
}

// goodbye is the last thing it says.
type goodbye struct {
	Leaks   string // goroutines that did not end
	Problem string // with draining
}

// line is what a handler was told.
type line struct {
	Kind    string
	Process string
	At      time.Time // when the handler began
	Call    string
	Place   string
	EventID string
	Cause   statefulclient.Cause
	Initial bool
	// Of edges.
	Old, New resources.CallState
	Skipped  []resources.CallState
	// Of keys.
	Key int64
	// Of partitions.
	Ownership cluster.Ownership
}

// The kinds of lines.
const (
	saysIncoming  = "incoming"
	saysState     = "state"
	saysKey       = "key"
	saysAdded     = "added"
	saysRemoved   = "removed"
	saysOwnership = "ownership"
	saysUnmatched = "unmatched"
)

// command is what an instance is asked to do.
type command struct {
	Do      string
	Call    string
	Tenant  string
	Target  string // the id of a person
	JoinURL string
}

// The commands.
const (
	doPlace  = "place"
	doJoin   = "join"
	doHangup = "hangup"
	doDump   = "dump"
	doClose  = "close"
)

// answer is what it says to a command.
type answer struct {
	Err  string
	Call string
	Dump *dump
}

// dump is what an instance holds.
type dump struct {
	Calls map[string]callDump
	Stats statefulclient.Stats
	Fleet cluster.Stats
}

type callDump struct {
	State  resources.CallState
	Me     string
	Roster map[string]bool // whether muted, by id
}
