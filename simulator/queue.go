package simulator

import (
	"fmt"

	"github.com/graphcalls/graphcalls-go/resources"
)

// Queued returns the call's notifications that have not been sent, in the
// order they would be: what Hold keeps back. They must not be changed.
func (c *Call) Queued() []*resources.Notification {
	c.outbox.mu.Lock()
	defer c.outbox.mu.Unlock()
	notices := make([]*resources.Notification, len(c.outbox.queue))
	for i, l := range c.outbox.queue {
		notices[i] = l.notice
	}
	return notices
}

// ReleaseInOrder replaces the queue by the entries of Queued with these
// indexes, in this order, and releases it. An index named twice is sent twice,
// under one message id; one that is not named is lost. Nothing changes when an
// index is not in the queue.
func (c *Call) ReleaseInOrder(indexes ...int) error {
	if err := c.outbox.rearrange(indexes); err != nil {
		return err
	}
	c.Release()
	return nil
}

func (o *outbox) rearrange(indexes []int) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	queue := make([]*letter, len(indexes))
	for i, index := range indexes {
		if index < 0 || index >= len(o.queue) {
			return fmt.Errorf("simulator: no notification %d in a queue of %d", index, len(o.queue))
		}
		queue[i] = o.queue[index]
	}
	o.queue = queue
	return nil
}
