package statefulclient

import (
	"context"
	"errors"
	"time"

	"go.uber.org/zap"
	"golang.org/x/time/rate"

	"github.com/graphcalls/graphcalls-go/fsm"
	"github.com/graphcalls/graphcalls-go/internal/roster"
	"github.com/graphcalls/graphcalls-go/internal/workers"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/transport"
)

const (
	// resyncWidth is how many calls are fetched at once.
	resyncWidth = 8
	// resyncTimeout bounds one fetch with its retries.
	resyncTimeout = time.Minute
)

// resyncs fetches calls again of which there is doubt, and all of them now and
// then: no more than so many a second, however much is in doubt.
type resyncs struct {
	client  *Client
	limiter *rate.Limiter
	queue   *workers.Queue[*Call]
	sweeps  *patrol
}

func newResyncs(c *Client) *resyncs {
	r := &resyncs{client: c, limiter: rate.NewLimiter(rate.Limit(c.limits.ResyncsPerSecond), c.limits.ResyncsPerSecond)}
	r.queue = workers.NewQueue(&c.group, resyncWidth, r.resync)
	r.sweeps = &patrol{client: c, wait: func() time.Duration { return jitter(c.limits.Sweep) }, visit: r.sweep}
	return r
}

// doubt has a call fetched again.
func (r *resyncs) doubt(call *Call, why string) {
	r.client.logger.Debug("call is fetched again", call.fields(zap.String("why", why))...)
	r.queue.Add(call)
}

func (r *resyncs) resync(call *Call) {
	ctx, cancel := context.WithTimeout(call.context, resyncTimeout)
	defer cancel()
	if r.limiter.Wait(ctx) != nil {
		return // the call is over, or so much is in doubt that the next sweep is soon enough
	}
	err := call.refresh(ctx, CauseResync, wholeCall)
	if err == nil {
		err = call.catchUp(ctx, CauseResync)
	}
	if err == nil {
		r.client.counters.resyncs.Add(1)
	}
	if err == nil || call.context.Err() != nil || errors.Is(err, transport.ErrCallNotFound) {
		return
	}
	call.unconfirmed()
	r.client.logger.Warn("call could not be fetched", call.fields(zap.Error(err))...)
	if known := call.state.Load().Roster; known.Gap() || known.Trust == roster.Stale {
		r.client.schedule.After(10*r.client.limits.RosterGap, func() { r.queue.Add(call) })
	}
}

func (r *resyncs) sweep(call *Call) {
	// A call takes seconds to come about, in which the platform may not know of it
	// everywhere yet.
	state := call.state.Peek().Call.State
	if fsm.Band(state) == fsm.Band(resources.CallStateEstablished) || state == call.swept {
		r.doubt(call, "sweep")
	}
	call.swept = state
}
