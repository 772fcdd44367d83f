package statefulclient

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/store"
)

// callRecord is a call as the store has it. Position is how far in the fleet's
// queue the state has come.
type callRecord struct {
	Scenario string          `json:"scenario,omitempty"`
	Tenant   string          `json:"tenant,omitempty"`
	Chain    string          `json:"chain,omitempty"`
	Outgoing bool            `json:"outgoing,omitempty"`
	Answered bool            `json:"answered,omitempty"`
	Ringing  *ringingRecord  `json:"ringing,omitempty"`
	Place    string          `json:"place,omitempty"`
	Position uint64          `json:"position,omitempty"`
	State    json.RawMessage `json:"state,omitempty"`
}

type ringingRecord struct {
	Deadline  time.Time `json:"deadline"`
	Recording bool      `json:"recording,omitempty"`
	Replaces  string    `json:"replaces,omitempty"`
}

// record is the call's record with a state of the call's, which may be an older one.
func (c *Call) record(as *reduce.State, position uint64) ([]byte, error) {
	state, err := as.Snapshot()
	if err != nil {
		return nil, err
	}
	record := callRecord{
		Scenario: c.scenario, Tenant: c.tenant, Chain: c.chainID, Outgoing: c.outgoing,
		Answered: c.wasAnswered.Load(), Position: position,
	}
	if ledger := c.ledger(); ledger != nil {
		record.Place = ledger.place
	}
	if c.ringing != nil {
		record.Ringing = &ringingRecord{c.ringing.deadline, c.ringing.recording, c.ringing.replaces}
	}
	return record.with(state)
}

// with returns the record's text. The state, which is most of it, is JSON already:
// it is not read once more.
func (r *callRecord) with(state []byte) ([]byte, error) {
	text, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	text = text[:len(text)-1]
	if len(text) > 1 {
		text = append(text, ',')
	}
	return slices.Concat(text, []byte(`"state":`), state, []byte("}")), nil
}

// ringing is nil for a call that nobody waits for an answer to any more.
func (r *callRecord) ringing() *ringing {
	if r.Ringing == nil || r.Answered || time.Now().After(r.Ringing.Deadline) {
		return nil
	}
	return &ringing{r.Ringing.Deadline, r.Ringing.Recording, r.Ringing.Replaces}
}

func decodeRecord(saved store.Record) (callRecord, *reduce.State, error) {
	var record callRecord
	if err := json.Unmarshal(saved.Data, &record); err != nil {
		return record, nil, fmt.Errorf("call %s: the record is not one of this library's: %w", saved.CallID, err)
	}
	state, err := reduce.Restore(record.State)
	if err != nil {
		return record, nil, fmt.Errorf("call %s: %w", saved.CallID, err)
	}
	return record, state, nil
}
