package statefulclient

import "context"

// SelfTest finds out whether the platform's notifications would reach this
// client: whether the host of the notification URL is found, its certificate is
// good in the eyes of the client's own HTTP transport, and this very process
// answers there. Serve the Handler first. A wrong address else shows only in
// calls of which nothing is ever heard.
//
// The error is a *transport.SelfTestError, which names the step that failed and
// says what to do. Where several instances share the address, another one may
// answer, which is reported as transport.SelfTestStranger and no mistake. It
// ends with ctx, or after ten seconds, and may be called at any time; what it
// sends is no credential, and shows in no Stats.
func (c *Client) SelfTest(ctx context.Context) error {
	if c.closed() {
		return ErrClosed
	}
	return c.webhook.SelfTest(ctx, c.callback, c.rest.HTTPClient())
}
