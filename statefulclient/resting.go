package statefulclient

import "time"

// newResting has calls put to rest of which nothing was heard or asked for a
// while: most of many calls are idle, and need little memory then. Whatever is
// heard or asked wakes a call, and nobody sees a difference.
func newResting(c *Client) *patrol {
	return &patrol{
		client: c,
		wait:   func() time.Duration { return c.limits.RestAfter },
		visit:  func(call *Call) { call.state.Rest() },
	}
}
