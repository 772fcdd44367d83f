package statefulclient

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"

	"go.uber.org/zap"

	"github.com/graphcalls/graphcalls-go/internal/mailbox"
	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/internal/schedule"
	"github.com/graphcalls/graphcalls-go/internal/workers"
	"github.com/graphcalls/graphcalls-go/transport"
)

// Client keeps the calls of one bot: every call and participant in memory,
// every notification in its place. Make one with a StatefulClientBuilder, serve
// its Handler, and subscribe to what it tells before the first call comes. All
// its methods may be called from anywhere, handlers included, but Shutdown and Drain.
//
// It mirrors the .NET SDK's ICommunicationsClient.
type Client struct {
	appID, callback string

	rest    *transport.Client
	webhook *transport.Webhook
	logger  *zap.Logger
	limits  Limits
	reducer *reduce.Reducer

	context        context.Context //nolint:containedctx // the client's life, not a request's
	cancel         context.CancelCauseFunc
	handlerContext context.Context //nolint:containedctx // what handlers are given

	group     workers.Group
	schedule  *schedule.Schedule
	inboxes   mailbox.Rules[Call, letter]
	outboxes  mailbox.Rules[Call, update]
	notices   *notices
	diagnosis *notices // of OnNotificationQueued and OnNotificationProcessed, which hold up no other
	slowness  *slowness
	resyncs   *resyncs
	resting   *patrol
	keeper    *keeper // nil without a store
	observers *observers
	routes    *routes

	fleet    Fleet         // nil for a process alone
	home     string        // the place of all calls here, with SetInstance; else empty
	settles  bool          // the fleet is one of SetFleet's, whose queue is told what is settled
	epoch    string        // of this client alone; see EventID
	serials  atomic.Uint64 // of the events without a name elsewhere
	redirect RedirectHook  // nil for none
	counters counters
	calls    *Calls

	traceRecording atomic.Pointer[TraceRecording] // nil while there is none
}

// handlerKey marks the contexts given to handlers.
type handlerKey struct{}

// AppID is the bot's app id.
func (c *Client) AppID() string { return c.appID }

// Calls is the collection of the bot's calls.
func (c *Client) Calls() *Calls { return c.calls }

// Handler takes the platform's notifications. Serve it at the path of the
// notification URL. It reads the body itself, so no middleware may.
func (c *Client) Handler() http.Handler { return c.webhook }

// Webhook is the Handler by its own type, for hosts that have read and
// authenticated the platform's POSTs themselves, and for its Stats.
func (c *Client) Webhook() *transport.Webhook { return c.webhook }

// Close lets go of everything at once and does not wait; it may be called from
// a handler, and twice. The calls go on at the platform, but nothing more is
// heard or told of them: their contexts end with ErrClosed, what handlers are
// running is left to finish, and the Handler answers 503. To hang up first, use
// Shutdown.
func (c *Client) Close() {
	c.cancel(ErrClosed)
	for call := range c.calls.All() {
		call.releaseSessions()
	}
	c.schedule.Close()
	c.slowness.close()
	c.group.Close()
	c.rest.CloseIdleConnections()
}

func (c *Client) closed() bool { return c.context.Err() != nil }

// Shutdown hangs up all calls, waits until they have ended and all handlers
// have returned, and closes the client. From the moment it is called no calls
// are taken or placed; those being placed are waited for, and hung up. When ctx
// ends first it closes the client all the same, and returns an error that wraps
// the context's and counts the calls left.
//
// It must not be called from a handler, for which it would wait: with a
// handler's context it returns ErrFromHandler and does nothing.
func (c *Client) Shutdown(ctx context.Context) error {
	if ctx.Value(handlerKey{}) == c {
		return ErrFromHandler
	}
	defer c.Close()
	c.calls.refuse()
	c.calls.hangUpAll(ctx)
	var problems []error
	if err := c.calls.waitUntilEmpty(ctx); err != nil {
		problems = append(problems, err)
	}
	c.schedule.Close()
	err := c.group.Wait(ctx) // before it takes no more: what was told is saved, too
	c.group.Close()
	if err == nil {
		err = c.group.Wait(ctx)
	}
	return errors.Join(append(problems, err)...)
}

func (c *Calls) hangUpAll(ctx context.Context) {
	var hangups sync.WaitGroup
	defer hangups.Wait()
	turns := make(chan struct{}, 32)
	for call := range c.All() {
		turns <- struct{}{}
		hangups.Go(func() {
			defer func() { <-turns }()
			call.hangUpOrReject(ctx)
		})
	}
}
