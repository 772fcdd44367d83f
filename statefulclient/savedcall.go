package statefulclient

import (
	"cmp"
	"fmt"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/store"
)

// SavedCall is a call as a store has it, for reading by who does not own it. It
// may be older than what is known: in a fleet it is what the call's handlers were
// last told.
type SavedCall struct {
	ID         string
	ScenarioID string
	TenantID   string
	Place      string // in the fleet; empty outside one
	// Position is where in the fleet's queue the last news stands that is in it.
	Position     uint64
	Answered     bool
	Resource     *resources.Call
	Participants []*resources.Participant // in no order that means anything
	Trust        RosterTrust
	Operations   []PendingOperation // asked for and not ended
}

// ReadRecord reads a record that a client has saved. It needs no client, and
// changes nothing. A record of a later version of this library, or of something
// else, is an error.
func ReadRecord(record store.Record) (*SavedCall, error) {
	saved, state, err := decodeRecord(record)
	if err != nil {
		return nil, fmt.Errorf("statefulclient: read record: %w", err)
	}
	call := &SavedCall{
		ID: record.CallID, ScenarioID: saved.Scenario, TenantID: cmp.Or(state.Call.TenantID, saved.Tenant),
		Place: saved.Place, Position: saved.Position, Answered: saved.Answered,
		Resource: state.Call, Trust: RosterTrust(state.Roster.Trust), Operations: pendingOperations(state),
	}
	for person := range state.Roster.All() {
		call.Participants = append(call.Participants, person.Resource())
	}
	return call, nil
}
