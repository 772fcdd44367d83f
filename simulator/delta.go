package simulator

import (
	"hash/maphash"
	"maps"
	"slices"

	"github.com/graphcalls/graphcalls-go/resources"
)

// deltaRoster is what a bot that asked for delta rosters has been told, so that
// it can be told the difference. It is guarded by the platform's mutex.
type deltaRoster struct {
	sequence int64
	seed     maphash.Seed
	sent     map[string]uint64 // what entries were like, by participant id; nil for nothing yet
	unsure   bool              // what the bot gets to see has changed
}

func newDeltaRoster() *deltaRoster { return &deltaRoster{seed: maphash.MakeSeed()} }

// mostInDelta is how many participants go into one change of a roster; more
// come in several, one after the other.
const mostInDelta = 500

// next is what is new of those who may have changed, of everybody when there is
// no telling who.
func (d *deltaRoster) next(leg *Call, changed []*member, everybody bool) []*resources.DeltaParticipants {
	room := leg.conversation
	if everybody || d.unsure || d.sent == nil {
		changed = append(slices.Collect(room.members.all()), d.missing(room)...)
		d.unsure = false
	}
	if d.sent == nil {
		d.sent = map[string]uint64{}
	}
	var news []resources.Participant
	for _, m := range changed {
		if entry := d.newsOf(leg, m); entry != nil {
			news = append(news, *entry)
		}
	}
	var deltas []*resources.DeltaParticipants
	for part := range slices.Chunk(news, mostInDelta) {
		d.sequence++
		for i := range part {
			part[i].RosterSequenceNumber = d.sequence
		}
		deltas = append(deltas, &resources.DeltaParticipants{SequenceNumber: d.sequence, Participants: part})
	}
	return deltas
}

// missing are those the bot knows of who are not there any more.
func (d *deltaRoster) missing(room *conversation) []*member {
	var all []*member
	for _, id := range slices.Sorted(maps.Keys(d.sent)) {
		if room.members.named(id) == nil {
			all = append(all, &member{id: id})
		}
	}
	return all
}

// newsOf is what to say of somebody, or nil.
func (d *deltaRoster) newsOf(leg *Call, m *member) *resources.Participant {
	known, told := d.sent[m.id]
	if !leg.conversation.members.has(m) || !leg.sees(m) {
		if !told {
			return nil
		}
		delete(d.sent, m.id)
		return gone(m.id)
	}
	entry := m.participant()
	text, err := resources.Encode(entry)
	if err != nil {
		return nil
	}
	is := maphash.Bytes(d.seed, text)
	if told && is == known {
		return nil
	}
	d.sent[m.id] = is
	return entry
}

func gone(id string) *resources.Participant {
	entry := fresh[resources.Participant](participantText)
	entry.ID = id
	entry.RemovedState = &resources.RemovedState{Reason: "Participant has left the meeting call."}
	return entry
}

// tellRoster queues the whole roster, or for a bot that asked for it what is
// new of those who may have changed; callers hold platform.mu.
func (c *Call) tellRoster(changed []*member, everybody bool) {
	path := resources.Path{CallID: c.id, Collection: resources.CollectionParticipants}
	if c.delta == nil {
		c.announce(resources.ChangeTypeUpdated, path, c.roster(c.platform.options.RosterLimit))
		return
	}
	for _, delta := range c.delta.next(c, changed, everybody) {
		// The wire has it in an array of its own.
		if text, err := resources.Encode(delta); err == nil {
			c.announce(resources.ChangeTypeUpdated, path, resources.RawData("["+string(text)+"]"))
		}
	}
}
