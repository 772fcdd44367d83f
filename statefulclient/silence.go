package statefulclient

import (
	"context"
	"strings"

	"go.uber.org/zap"
)

// SilentCall is a call of which the platform should have told something by
// now, and has not.
type SilentCall struct {
	Call *Call
	// CallbackURI is where the platform was asked to send the call's
	// notifications. Look there first: whether that name resolves and is reached
	// from the internet, its certificate, the path, and what stands between.
	CallbackURI string
}

// OnSilent subscribes to calls that were placed or answered and then not heard
// of for Limits.SilentAfter, which mostly means that notifications do not
// arrive at all. Each is also logged and counted, and the platform is asked how
// the call stands. A call may be told of once for being placed or answered.
func (c *Client) OnSilent(handler func(ctx context.Context, s SilentCall)) *Subscription {
	return subscribe(c.notices, kindSilent, "", handler)
}

// listen begins to wait for news of a call that has just been placed, or is
// about to be answered.
func (c *Call) listen(callback string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.silence.Cancel()
	c.silence = c.client.schedule.After(c.client.limits.SilentAfter, func() { c.silent(callback) })
}

// stopListening ends that wait, and reports whether there was one.
func (c *Call) stopListening() (listened bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	waited := c.silence != nil
	c.silence.Cancel()
	c.silence = nil
	return waited
}

// withoutQuery is for logs: a query may hold anything.
func withoutQuery(address string) string {
	path, _, _ := strings.Cut(address, "?")
	return path
}

func (c *Call) silent(callback string) {
	if !c.stopListening() || c.context.Err() != nil {
		return
	}
	c.client.counters.silentCalls.Add(1)
	c.client.logger.Warn("nothing is heard of the call: check that the platform can reach its callback",
		c.fields(zap.String("callback", withoutQuery(callback)), zap.Duration("waited", c.client.limits.SilentAfter))...)
	c.client.notices.post(kindSilent, SilentCall{c, callback})
	c.client.resyncs.doubt(c, "silent")
}
