package simulator

import "sync/atomic"

// Stats counts what a platform has seen and done since it started.
type Stats struct {
	OpenIDFetches int64 // of the OpenID configuration
	KeyFetches    int64 // of the keys callback tokens are signed with
	Tokens        int64 // granted by the token endpoint
	TokensRefused int64
	Requests      int64 // to the calls API, of any kind
	Unauthorized  int64 // of those, answered 401
	Delivered     int64 // notifications a bot took, with any 2xx
	Undelivered   int64 // notifications given up
	Retries       int64 // tries after a notification's first
	Dropped       int64 // notifications lost on purpose
	LiveCalls     int   // calls that have not ended
	EndedCalls    int64
	// ForgeriesTaken counts what Faults.Forge sent and the bot took, with any
	// 2xx: a bot that checks tokens takes none.
	ForgeriesTaken int64
	// Injected counts the notifications, requests and replies that faults
	// spoiled, by the names of AllFaults; what SignWith and FailNext asked for
	// counts as sign-with and fail. Faults that spoiled none are not in it.
	Injected map[string]int64
}

type counters struct {
	configurations, keySets, tokens, tokensRefused    atomic.Int64
	requests, unauthorized                            atomic.Int64
	delivered, undelivered, retries, dropped, endings atomic.Int64
	forgeriesTaken                                    atomic.Int64
}

// Stats returns the counts as they stand.
func (p *Platform) Stats() Stats {
	p.mu.Lock()
	live := 0
	for _, call := range p.world.order {
		if !call.over() {
			live++
		}
	}
	p.mu.Unlock()
	c := &p.counters
	return Stats{
		OpenIDFetches: c.configurations.Load(), KeyFetches: c.keySets.Load(),
		Tokens: c.tokens.Load(), TokensRefused: c.tokensRefused.Load(),
		Requests: c.requests.Load(), Unauthorized: c.unauthorized.Load(),
		Delivered: c.delivered.Load(), Undelivered: c.undelivered.Load(),
		Retries: c.retries.Load(), Dropped: c.dropped.Load(),
		LiveCalls: live, EndedCalls: c.endings.Load(),
		ForgeriesTaken: c.forgeriesTaken.Load(), Injected: p.tally.snapshot(),
	}
}
