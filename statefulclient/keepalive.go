package statefulclient

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"go.uber.org/zap"

	"github.com/graphcalls/graphcalls-go/fsm"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/transport"
)

const (
	// keepAliveTimeout bounds one keep-alive with its retries.
	keepAliveTimeout = 2 * time.Minute
	// keepAliveAgain is the wait after one that failed.
	keepAliveAgain = time.Minute
)

// keepAliveOnceIn starts keeping the call alive once the bot is in it. A call
// that only rings is not the bot's to keep.
func (c *Call) keepAliveOnceIn() {
	c.mu.Lock()
	defer c.mu.Unlock()
	state := c.state.Load()
	in := fsm.Band(state.Call.State) >= fsm.Band(resources.CallStateEstablishing)
	if c.keepAlive == nil && in && state.End == nil && !c.over.Load() {
		c.keepAlive = c.client.schedule.After(jitter(c.client.limits.KeepAlive), c.stayAlive)
	}
}

// jitter spreads the keep-alives of calls that began together.
func jitter(interval time.Duration) time.Duration {
	return interval - time.Duration(rand.Int64N(int64(interval)/5+1)) //nolint:gosec // spreads load, guards nothing
}

// stopTimers is for a call that has ended, or goes on elsewhere.
func (c *Call) stopTimers() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.keepAlive.Cancel()
	c.entry.Cancel()
	c.grace.Cancel()
}

func (c *Call) keepAliveIn(wait time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.keepAlive.Cancel()
	if !c.state.Ended() && !c.over.Load() {
		c.keepAlive = c.client.schedule.After(wait, c.stayAlive)
	}
}

// verifySoon asks whether the call is still there, unless its end is heard of
// before.
func (c *Call) verifySoon() { c.keepAliveIn(c.client.limits.EndWithin) }

// KeepAlive tells the platform that the bot is still there. The client does so
// on its own; this is for a bot that wants to know at once whether a call is
// still live. A call that is not matches ErrCallEnded, and ends at once.
//
// See https://learn.microsoft.com/graph/api/call-keepalive.
func (c *Call) KeepAlive(ctx context.Context) error {
	_, err := c.send(ctx, transport.Request{Method: "POST", Idempotent: true}, "keepAlive")
	if errors.Is(err, transport.ErrCallNotFound) {
		c.lost(CauseClient)
	}
	return err
}

// unconfirmed notes that the platform could not be asked whether the call is
// live.
func (c *Call) unconfirmed() {
	now := time.Now()
	c.unverified.CompareAndSwap(nil, &now)
}

// stayAlive tells the platform that the bot is still there. The answer that
// the call is not known ends it; trouble of the network or the platform does
// not, for such a call may well be live.
func (c *Call) stayAlive() {
	ctx, cancel := context.WithTimeout(c.context, keepAliveTimeout)
	defer cancel()
	err := c.KeepAlive(ctx)
	switch {
	case err == nil:
		c.client.counters.keepAlives.Add(1)
		c.keepAliveIn(jitter(c.client.limits.KeepAlive))
	case errors.Is(err, transport.ErrCallNotFound), c.context.Err() != nil: // over
	default:
		c.unconfirmed()
		c.client.logger.Warn("call could not be kept alive; it is tried again", c.fields(zap.Error(err))...)
		c.keepAliveIn(min(keepAliveAgain, c.client.limits.KeepAlive))
	}
}
