package simulator

import (
	"maps"
	"slices"

	"github.com/graphcalls/graphcalls-go/resources"
)

// deltaRoster is what a bot that asked for delta rosters has been told, so that
// it can be told the difference. It is guarded by the platform's mutex.
type deltaRoster struct {
	sequence int64
	sent     map[string]string // entries as written, by participant id
}

// next is what changed since the last time, or false when nothing did.
func (d *deltaRoster) next(roster resources.Participants) (*resources.DeltaParticipants, bool) {
	present := map[string]string{}
	var changed []resources.Participant
	for _, entry := range roster {
		text, err := resources.Encode(&entry)
		if err != nil {
			continue
		}
		present[entry.ID] = string(text)
		if d.sent[entry.ID] != string(text) {
			changed = append(changed, entry)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(d.sent)) {
		if _, stayed := present[id]; !stayed {
			changed = append(changed, gone(id))
		}
	}
	d.sent = present
	if len(changed) == 0 {
		return nil, false
	}
	d.sequence++
	for i := range changed {
		changed[i].RosterSequenceNumber = d.sequence
	}
	return &resources.DeltaParticipants{SequenceNumber: d.sequence, Participants: changed}, true
}

func gone(id string) resources.Participant {
	entry := fresh[resources.Participant](participantText)
	entry.ID = id
	entry.RemovedState = &resources.RemovedState{Reason: "Participant has left the meeting call."}
	return *entry
}

// tellRoster queues the whole roster, or for a bot that asked for it what is
// new in it; callers hold platform.mu.
func (c *Call) tellRoster() {
	path := resources.Path{CallID: c.id, Collection: resources.CollectionParticipants}
	roster := c.conversation.rosterFor(c)
	if c.delta == nil {
		c.announce(resources.ChangeTypeUpdated, path, roster[:min(len(roster), c.platform.options.RosterLimit)])
		return
	}
	delta, news := c.delta.next(roster)
	if !news {
		return
	}
	// The wire has it in an array of its own.
	text, err := resources.Encode(delta)
	if err == nil {
		c.announce(resources.ChangeTypeUpdated, path, resources.RawData("["+string(text)+"]"))
	}
}
