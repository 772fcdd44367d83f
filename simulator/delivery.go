package simulator

import (
	"context"
	"fmt"
	"slices"

	"github.com/graphcalls/graphcalls-go/resources"
)

// Delivery is how one notification fared.
type Delivery struct {
	CallID    string
	MessageID string // X-Microsoft-Skype-Message-ID
	URL       string // where it was sent first; redirects are in the exchanges
	Body      []byte
	Copy      bool // a duplicate made by a fault
	Dropped   bool // lost by a fault; never sent
	Tries     int
	Status    int   // what the bot answered to the last try; 0 for no answer
	Err       error // why there was no answer
	// Reply is the body of the bot's answer.
	Reply []byte
}

// Accepted reports whether the bot took the notification.
func (d Delivery) Accepted() bool { return d.Status >= 200 && d.Status < 300 }

// Notification is what was sent, read. It is nil for a body that cannot be
// read; of several notifications in one body it is the first.
func (d Delivery) Notification() *resources.Notification {
	batch, err := resources.DecodeNotifications(d.Body)
	if err != nil || len(batch.Value) == 0 {
		return nil
	}
	return &batch.Value[0]
}

// Notifications are all of what was sent, read; there are several where Batch
// put them together.
func (d Delivery) Notifications() []resources.Notification {
	batch, err := resources.DecodeNotifications(d.Body)
	if err != nil {
		return nil
	}
	return batch.Value
}

func (c *Call) record(delivery Delivery) {
	c.platform.mu.Lock()
	defer c.platform.mu.Unlock()
	c.deliveries = appendBounded(c.deliveries, delivery, c.platform.options.Remember)
	c.delivered++
}

// Deliveries returns the call's notifications that were sent, given up or
// dropped, in that order.
func (c *Call) Deliveries() []Delivery {
	c.platform.mu.Lock()
	defer c.platform.mu.Unlock()
	return append([]Delivery(nil), c.deliveries...)
}

// deliveriesSince returns those after the first so many, as far as they are
// kept, and how many there have been.
func (c *Call) deliveriesSince(seen int) ([]Delivery, int) {
	c.platform.mu.Lock()
	defer c.platform.mu.Unlock()
	known := max(0, len(c.deliveries)-(c.delivered-seen))
	return slices.Clone(c.deliveries[known:]), c.delivered
}

// WaitForDeliveries waits until that many of the call's notifications have been
// sent, given up or dropped, copies included, since the call began.
func (c *Call) WaitForDeliveries(ctx context.Context, count int) error {
	return c.waitUntil(ctx, fmt.Sprintf("%d notifications", count), func() bool {
		c.platform.mu.Lock()
		defer c.platform.mu.Unlock()
		return c.delivered >= count
	})
}

// WaitForDelivery waits until a notification that matches has been accepted by
// the bot, and returns the first such.
func (c *Call) WaitForDelivery(ctx context.Context, match Match) (Delivery, error) {
	var found Delivery
	seen := 0
	err := c.waitUntil(ctx, "a notification that matches", func() bool {
		var news []Delivery
		news, seen = c.deliveriesSince(seen)
		for _, delivery := range news {
			if delivery.Accepted() && slices.ContainsFunc(delivery.Notifications(), func(n resources.Notification) bool { return match(&n) }) {
				found = delivery
				return true
			}
		}
		return false
	})
	return found, err
}
