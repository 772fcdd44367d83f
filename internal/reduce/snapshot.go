package reduce

import (
	"errors"
	"fmt"

	"github.com/graphcalls/graphcalls-go/fsm"
	"github.com/graphcalls/graphcalls-go/internal/order"
	"github.com/graphcalls/graphcalls-go/internal/roster"
	"github.com/graphcalls/graphcalls-go/resources"
)

// ErrNewerSnapshot is returned for a snapshot in a format that came after this
// version of the library.
var ErrNewerSnapshot = errors.New("snapshot of a newer version of this library")

// snapshotVersion is the format's number. Properties that are unknown are
// passed over, so one more needs no new number; one with another meaning does.
const snapshotVersion = 1

// snapshot is a State in the form in which it is kept.
type snapshot struct {
	resources.Wire
	Version       int64                              `json:"version"`
	Call          *resources.Call                    `json:"call"`
	ETag          string                             `json:"etag"`
	Stamps        []order.Record                     `json:"stamps"`
	Roster        *roster.Record                     `json:"roster"`
	Tones         *tonesRecord                       `json:"tones"`
	Operations    []operationRecord                  `json:"operations"`
	Sessions      []*resources.ContentSharingSession `json:"sessions"`
	EndedSessions []string                           `json:"endedSessions"`
	Groups        []*resources.AudioRoutingGroup     `json:"groups"`
	End           *endRecord                         `json:"end"`
}

type tonesRecord struct {
	resources.Wire
	First   int64                 `json:"first"`
	Last    int64                 `json:"last"`
	Missing []int64               `json:"missing"`
	Earlier []int64               `json:"earlier"`
	Waiting []*resources.ToneInfo `json:"waiting"`
}

type operationRecord struct {
	resources.Wire
	ClientContext string              `json:"clientContext"`
	ID            string              `json:"id"`
	Asked         bool                `json:"asked"`
	Ended         resources.Operation `json:"ended"`
}

type endRecord struct {
	resources.Wire
	Cause  Cause                 `json:"cause"`
	Result *resources.ResultInfo `json:"result"`
	Reason string                `json:"reason"`
}

// Snapshot returns all that is known of the call, as JSON from which [Restore]
// makes a State that goes on just as this one. Equal states have equal
// snapshots. They hold what the platform sent, people's names and the access
// tokens of recordings included, and want to be kept accordingly.
func (s *State) Snapshot() ([]byte, error) {
	kept := &snapshot{
		Version:       snapshotVersion,
		Call:          s.Call,
		ETag:          s.etag,
		Stamps:        order.Records[resources.Call](s.stamps, stateOf),
		Roster:        s.Roster.Record(),
		Tones:         s.tones.record(),
		EndedSessions: s.endedSessions,
	}
	for _, o := range s.operations {
		kept.Operations = append(kept.Operations, operationRecord{ClientContext: o.clientContext, ID: o.id, Asked: o.asked, Ended: o.ended})
	}
	for _, session := range s.Sessions.Sorted() {
		kept.Sessions = append(kept.Sessions, session)
	}
	for _, group := range s.Groups.Sorted() {
		kept.Groups = append(kept.Groups, group)
	}
	if s.End != nil {
		kept.End = &endRecord{Cause: s.End.Cause, Result: s.End.Result, Reason: s.End.Reason}
	}
	data, err := resources.Encode(kept)
	if err != nil {
		return nil, fmt.Errorf("snapshot of a call: %w", err)
	}
	return data, nil
}

// Restore makes a State from a snapshot, by this or an earlier version of the
// library. What is waited for, [State.Gaps], must be waited for anew.
//
// It returns ErrNewerSnapshot for one by a later version that means something
// else by it, and resources.ErrMalformed for what is no snapshot.
func Restore(data []byte) (*State, error) {
	state, err := restore(data)
	if err != nil {
		return nil, fmt.Errorf("restore a call: %w", err)
	}
	return state, nil
}

func restore(data []byte) (*State, error) {
	kept, err := resources.Decode[snapshot](data)
	switch {
	case err != nil:
		return nil, err
	case kept.Version > snapshotVersion:
		return nil, fmt.Errorf("%w: its format is %d, this one reads up to %d", ErrNewerSnapshot, kept.Version, snapshotVersion)
	case kept.Version < 1 || kept.Call == nil:
		return nil, fmt.Errorf("%w: no snapshot of a call", resources.ErrMalformed)
	}
	if err := resources.CheckFit(kept); err != nil {
		return nil, err
	}
	people, err := kept.Roster.Roster()
	if err != nil {
		return nil, err
	}
	kept.Roster = nil // of which nothing need be detached
	state, err := resources.Detach(kept).state()
	if err != nil {
		return nil, err
	}
	state.Roster = people
	return state, nil
}

func (k *snapshot) state() (*State, error) {
	s := &State{Call: k.Call, etag: k.ETag, endedSessions: k.EndedSessions}
	for _, session := range k.Sessions {
		s.Sessions = s.Sessions.With(resources.Key(session.ID), session)
	}
	for _, group := range k.Groups {
		s.Groups = s.Groups.With(group.ID, group)
	}
	var err error
	if s.stamps, err = order.StampsOf[resources.Call](k.Stamps, fsm.Band); err != nil {
		return nil, err
	}
	if s.tones, err = k.Tones.tones(); err != nil {
		return nil, err
	}
	if s.operations, err = operationsOf(k.Operations); err != nil {
		return nil, err
	}
	s.End, err = k.End.end()
	return s, err
}

func (t *tones) record() *tonesRecord {
	if !t.some {
		return nil
	}
	return &tonesRecord{First: t.first, Last: t.last, Missing: unlessEmpty(t.missing), Earlier: unlessEmpty(t.earlier), Waiting: unlessEmpty(t.waiting)}
}

// unlessEmpty makes a list that has become empty like one that always was.
func unlessEmpty[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}

func (k *tonesRecord) tones() (tones, error) {
	if k == nil {
		return tones{}, nil
	}
	return tones{true, k.First, k.Last, k.Missing, k.Earlier, k.Waiting}, resources.CheckFit(k)
}

func operationsOf(records []operationRecord) ([]operation, error) {
	var operations []operation
	for i := range records {
		k := &records[i]
		if err := resources.CheckFit(k); err != nil {
			return nil, err
		}
		operations = append(operations, operation{k.ClientContext, k.ID, k.Asked, k.Ended})
	}
	return operations, nil
}

func (k *endRecord) end() (*End, error) {
	if k == nil {
		return nil, nil //nolint:nilnil // the call is not over
	}
	return &End{Cause: k.Cause, Result: k.Result, Reason: k.Reason}, resources.CheckFit(k)
}

// stateOf names a state of a band.
func stateOf(band int) resources.CallState {
	for _, state := range resources.Values[resources.CallState]() {
		if fsm.Band(state) == band {
			return state
		}
	}
	return ""
}
