package statefulclient

import "context"

// Warm gets ready what the first call would else wait for: a token for the
// provider's default tenant, the keys of the platform's own tokens, and a
// connection to Graph. Call it at the start, before the first call may come:
// a bot has 15 seconds to answer a call, and 5 for policy recording. The first
// answer finds its token only if the provider's Tenant is given by id, and is
// that of the call.
//
// A provider of your own takes part if it has a method Warm(context.Context)
// error. Warm may be called more than once, and from a handler. Its error
// reports all that failed; the client works all the same, and tries again when
// it must.
func (c *Client) Warm(ctx context.Context) error {
	if c.closed() {
		return ErrClosed
	}
	return c.rest.Warm(ctx)
}
