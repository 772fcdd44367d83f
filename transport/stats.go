package transport

import (
	"maps"
	"sync"
)

// Stats counts requests to a webhook, trusted deliveries included. Each request is in exactly one of the counts below
// Requests, once it is answered.
type Stats struct {
	Requests   uint64
	Accepted   uint64
	Redirected uint64
	// Refused counts by reason; a reason that has not occurred is absent.
	Refused map[Reason]uint64
}

type counters struct {
	mu    sync.Mutex
	stats Stats
}

func (c *counters) begin() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stats.Requests++
}

func (c *counters) end(o outcome) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case o.reason != "":
		if c.stats.Refused == nil {
			c.stats.Refused = map[Reason]uint64{}
		}
		c.stats.Refused[o.reason]++
	case o.answer.RedirectTo != "":
		c.stats.Redirected++
	default:
		c.stats.Accepted++
	}
}

func (c *counters) snapshot() Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	stats := c.stats
	stats.Refused = maps.Clone(stats.Refused)
	return stats
}
