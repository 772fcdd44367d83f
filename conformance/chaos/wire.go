package main

import (
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// settings are the first thing the bot's process is told.
type settings struct {
	Generation int // of the process, from 1
	Seed       uint64
	Calm       bool // handlers behave
	// ServeFirst has notifications taken before calls are restored.
	ServeFirst bool
	InstanceID string

	AppID, Secret, Tenant           string
	AuthorityURL, OpenIDURL, Graph  string
	Address, NotificationURL        string
	Certificate, CertificateKey, CA []byte // in PEM
	Folder                          string // of the store
	Log                             string // a file; none when empty
	Record                          string // a file for the client's trace; none when empty
}

// command is what the bot is asked to do.
type command struct {
	ID      int
	Do      string
	Call    string
	Tenant  string
	Targets []string // ids of people
	JoinURL string
	Delta   bool
	Mark    string // of an operation
}

// line is what the bot says: of what its handlers were told, each before they
// do anything else, and in answer to a command.
type line struct {
	Kind  string
	Call  string
	Cause statefulclient.Cause
	// Of edges.
	Old, New resources.CallState
	Initial  bool
	// Of rosters: ids of participants.
	Added, Updated, Removed []string
	// Of calls removed: how the client had it.
	Held *callDump
	// Of operations.
	Operation, Mark string
	Failed          bool

	Answers int // the command
	Err     string
	Dump    *dump
	Leaks   string
	Damaged bool // a record of the store
}

// The kinds of lines.
const (
	saysStarted   = "started"
	saysIncoming  = "incoming"
	saysState     = "state"
	saysAdded     = "added"
	saysRemoved   = "removed"
	saysRoster    = "roster"
	saysOperation = "operation"
	saysResumed   = "resumed"
	saysUnmatched = "unmatched"
	saysDone      = "done"
)

// told is a line as it was heard.
type told struct {
	line

	generation int
	at         time.Time
}

// dump is what a client holds.
type dump struct {
	Calls       map[string]callDump
	Stats       statefulclient.Stats
	SlowestSave time.Duration
}

type callDump struct {
	State   resources.CallState
	Me      string
	Roster  map[string]bool // whether muted, by id
	Trust   statefulclient.RosterTrust
	Pending []statefulclient.PendingOperation
}
