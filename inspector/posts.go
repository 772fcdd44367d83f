package inspector

import "github.com/graphcalls/graphcalls-go/transport"

// posts are what became of the requests to the webhook. Those that were refused
// there, for want of a good token for one, are in no timeline: they were not read.
type posts struct {
	Came    uint64                      `json:"came"`
	Refused map[transport.Reason]uint64 `json:"refused,omitempty"`
}

func (i *Inspector) posts() *posts {
	stats := i.client.Webhook().Stats()
	return &posts{stats.Requests, stats.Refused}
}

func (p *posts) refused() (total int64) {
	for _, count := range p.Refused {
		total += int64(count)
	}
	return total
}
