package statefulclient

import (
	"github.com/graphcalls/graphcalls-go/transport"
)

// Deliver hands a decoded delivery to the client, as its webhook does.
func (c *Client) Deliver(d transport.Delivery) error {
	_, err := receiver{c.calls}.Receive(c.context, d)
	return err
}

// Waiters counts the waits for a state that are under way.
func (c *Call) Waiters() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.waiters)
}

// Subscribers counts the call's subscriptions, the client's among them.
func (c *Call) Subscribers() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.subscribers)
}

// Snapshot returns all that is known of the call.
func (c *Call) Snapshot() ([]byte, error) { return c.state.Load().Snapshot() }
