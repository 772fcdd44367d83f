package cluster

import (
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// Stats is what an instance has done for the fleet so far, and how it stands.
type Stats struct {
	Member   string        // the name of its present life
	Lease    time.Duration // how long it may go on without another heartbeat; 0 when it holds still
	Owned    int           // partitions that are served
	Draining bool

	Queued      uint64 // parts of POSTs that NATS took
	Duplicates  uint64 // of these, known already by their message id
	Refused     uint64 // POSTs answered 503 because NATS did not take them
	Delivered   uint64 // taken from the queue by calls
	Settled     uint64 // of these, told and saved
	Redelivered uint64 // came from the queue again while they were under way
	Busy        uint64 // put back because a call had no room
	Taken       uint64 // partitions
	HandedOver  uint64 // partitions
	Lost        uint64 // partitions, to others who had not heard of this instance
	PutOut      uint64 // times this instance was put out of the fleet
	Asked       uint64 // requests to other instances
	Commands    uint64 // run here for other instances
}

type counters struct {
	queued, duplicates, refused, delivered, settled, redelivered, busy atomic.Uint64

	taken, handedOver, lost, putOut, asked, commands atomic.Uint64
}

// FleetStats returns the figures of this instance's part in the fleet. Stats are
// those of its calls.
func (c *Client) FleetStats() Stats {
	f := c.fleet
	l := f.life.Load()
	stats := Stats{
		Member: l.name, Lease: max(0, l.lease.left()), Draining: f.draining.Load(),
		Queued: f.counters.queued.Load(), Duplicates: f.counters.duplicates.Load(), Refused: f.counters.refused.Load(),
		Delivered: f.counters.delivered.Load(), Settled: f.counters.settled.Load(), Redelivered: f.counters.redelivered.Load(),
		Busy: f.counters.busy.Load(), Taken: f.counters.taken.Load(), HandedOver: f.counters.handedOver.Load(),
		Lost: f.counters.lost.Load(), PutOut: f.counters.putOut.Load(), Asked: f.counters.asked.Load(), Commands: f.counters.commands.Load(),
	}
	for i := range f.tenures {
		if t := f.tenures[i].Load(); t != nil && t.serving() {
			stats.Owned++
		}
	}
	return stats
}

// Member is an instance of the fleet.
type Member struct {
	Name       string // of its present life, used once
	Instance   string // its InstanceID
	Draining   bool
	Partitions int
	Self       bool
}

// Members lists the instances of the fleet, as this one last saw them.
func (c *Client) Members() []Member {
	t, self := c.fleet.seen.Load().table, c.fleet.life.Load().name
	owned := map[string]int{}
	for _, o := range t.Owners {
		owned[o.Member]++
	}
	var members []Member
	for name, m := range t.Members {
		members = append(members, Member{name, m.Instance, m.Draining, owned[name], name == self})
	}
	slices.SortFunc(members, func(a, b Member) int { return strings.Compare(a.Name, b.Name) })
	return members
}

// Partition is a part of the fleet's calls.
type Partition struct {
	Number int
	Owner  string // the InstanceID; empty while nobody owns it
	Epoch  uint64 // grows with each change of the owner
	// Serving says that this instance owns it and works off its queue.
	Serving bool
}

// Partitions lists who owns what, as this instance last saw it.
func (c *Client) Partitions() []Partition {
	f := c.fleet
	t := f.seen.Load().table
	partitions := make([]Partition, len(t.Owners))
	for i, o := range t.Owners {
		held := f.tenures[i].Load()
		partitions[i] = Partition{i, t.Members[o.Member].Instance, o.Epoch, held != nil && held.serving()}
	}
	return partitions
}

// Owns reports whether this instance owns a call.
func (c *Client) Owns(callID string) bool {
	call, _ := c.fleet.ownCall(callID)
	return call != nil
}
