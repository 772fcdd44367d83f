package statefulclient

import "context"

// StoreFailure is a call that could not be saved or deleted in the store. The
// call lives on, and is saved again when it changes and after a while; only
// after store.ErrConflict it is not, for another client has taken it over.
type StoreFailure struct {
	Call *Call
	Err  error
}

// OnStoreFailure subscribes to what the store refuses: the first failure of a
// call after it was last saved. Each is also logged and counted.
func (c *Client) OnStoreFailure(handler func(ctx context.Context, f StoreFailure)) *Subscription {
	return subscribe(c.notices, kindStore, "", handler)
}
