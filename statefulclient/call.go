package statefulclient

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"github.com/graphcalls/graphcalls-go/internal/mailbox"
	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/internal/schedule"
	"github.com/graphcalls/graphcalls-go/media"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/transport"
)

// Call is one call of the bot's, live: it follows what the platform says. A
// Call stays valid after the call has ended, as what it was last. All methods
// may be called from anywhere, handlers included; only Ask and CollectDigits must
// not be called from a handler of the same call.
//
// It mirrors the .NET SDK's ICall.
type Call struct {
	client   *Client
	id       string
	scenario string
	tenant   string
	chainID  string // at its beginning
	outgoing bool

	context context.Context //nolint:containedctx // the call's life
	cancel  context.CancelCauseFunc
	over    atomic.Bool

	wasAnswered atomic.Bool
	ringing     *ringing // how it came in; nil for calls placed

	inbox         mailbox.Mailbox[Call, letter]
	outbox        mailbox.Mailbox[Call, update]
	waitingEvents atomic.Int64 // in the outbox
	state         reduce.Cell
	stage         atomic.Value // JoinState, once one is reached; written under mu
	unverified    atomic.Pointer[time.Time]
	began         int64               // here, in nanoseconds since 1970, which take less than a time.Time
	confirmed     atomic.Int64        // when the platform last said anything of it, likewise; 0 for not here yet
	kept          *kept               // nil without a store and outside a fleet
	swept         resources.CallState // the state at the last sweep, which alone uses it
	traced        *traced             // nil until it is recorded

	mu          sync.Mutex // held to commit; never while user code runs
	subscribers []*Subscription
	waiters     []*waiter
	news        chan struct{} // made by who waits for it
	operations  map[string]*pendingOperation
	transfers   []*Transfer
	keepAlive   *schedule.Entry
	silence     *schedule.Entry // nil once the call was heard of
	entry       *schedule.Entry // the wait for the bot's own in the roster
	grace       *schedule.Entry // the wait for the end of a call that is gone
	sessions    []media.Session
}

func newCall(client *Client, b birth) *Call {
	c := &Call{client: client, id: strings.Clone(b.id), scenario: b.scenario, tenant: b.tenant, ringing: b.ringing, began: time.Now().UnixNano()}
	c.context, c.cancel = context.WithCancelCause(client.context)
	c.inbox.Open(&client.inboxes, c)
	c.outbox.Open(&client.outboxes, c)
	if client.keeper != nil || client.settles {
		c.kept = &kept{}
	}
	if client.settles {
		c.kept.ledger = newLedger(client, b)
	}
	return c
}

// ID is the platform's name for the call.
func (c *Call) ID() string { return c.id }

// ScenarioID ties together what the platform logs of the call; its support
// asks for it.
func (c *Call) ScenarioID() string { return c.scenario }

// TenantID is the tenant the call belongs to.
func (c *Call) TenantID() string {
	if tenant := c.state.Peek().Call.TenantID; tenant != "" {
		return tenant
	}
	return c.tenant
}

// Resource is all that is known of the call at this moment. It is a snapshot:
// it never changes, is shared with others, and must not be changed.
func (c *Call) Resource() *resources.Call { return c.state.Load().Call }

// State is the call's state at this moment.
func (c *Call) State() resources.CallState { return c.Resource().State }

// Caller is who placed an incoming call, in the shape CallTo and
// Participants.Find take; under a recording policy, who is to be recorded. It
// is empty where the platform does not say, and for most calls the bot placed
// itself.
func (c *Call) Caller() resources.IdentitySet {
	if source := c.Resource().Source; source != nil && source.Identity != nil {
		return *source.Identity
	}
	return resources.IdentitySet{}
}

// CallerName is the name to show for the Caller: the display name, else the id,
// else "unknown".
func (c *Call) CallerName() string {
	caller := c.Caller()
	return caller.DisplayName()
}

// Participants is who is in the call.
func (c *Call) Participants() *Participants { return &Participants{c} }

// Context lives as long as the call, and ends with it: its context.Cause is
// then an *EndedError, or ErrClosed if the client was closed first, or ErrReleased
// if the call goes on at another process of the fleet. Use it for work that is for
// the call's sake.
func (c *Call) Context() context.Context { return c.context }

// End says why the call ended; false while it has not.
func (c *Call) End() (EndReason, bool) {
	if end := c.state.Load().End; end != nil {
		return c.reasonOf(end), true
	}
	return EndReason{}, false
}

// UnverifiedSince is when the platform last failed to confirm the call, for
// want of network or by its own trouble, if that is how things stand. Such a
// call is not ended; keep-alives go on.
func (c *Call) UnverifiedSince() (time.Time, bool) {
	if since := c.unverified.Load(); since != nil {
		return *since, true
	}
	return time.Time{}, false
}

// OnUpdated subscribes to changes of the call's facts. What is known already
// comes first, with Initial set.
func (c *Call) OnUpdated(handler func(ctx context.Context, e ResourceEvent[resources.Call])) *Subscription {
	return subscribe(c, kindCall, "", handler)
}

// subscribe adds a subscription and, in the same step, queues what is known
// for it: it misses nothing that is committed later, and is told nothing twice.
func (c *Call) subscribe(s *Subscription) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.subscribers = with(c.subscribers, s)
	_ = c.outbox.Post(c.present(s)) // a closed client has nobody to tell
}

// present is what a new subscription is told first.
func (c *Call) present(s *Subscription) update {
	return update{after: c.state.Load(), to: []*Subscription{s}, initial: true, ringing: c.ringing, trail: c.client.trailOfPresent()}
}

func (c *Call) unsubscribe(s *Subscription) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.subscribers = without(c.subscribers, s)
}

// AnswerOptions say how to answer an incoming call. The zero value answers
// with audio that the platform handles.
type AnswerOptions struct {
	// CallbackURI is where this call's notifications go; the client's
	// notification URL unless set. https only.
	CallbackURI string
	// AcceptedModalities are audio, or the MediaSession's, unless set.
	AcceptedModalities []resources.Modality
	// MediaConfig is service-hosted unless set.
	MediaConfig resources.MediaConfig
	// MediaSession, in place of MediaConfig, is the call's share of the bot's own
	// media stack. It gives the configuration and, unless AcceptedModalities are
	// set, the modalities. From then on the client owns it: see Answer.
	MediaSession media.Session
	// ParticipantCapacity is how many people of one recording policy this call
	// will record, before the platform places another.
	ParticipantCapacity int32
	CallOptions         *resources.IncomingCallOptions
}

type answerRequest struct {
	resources.Wire
	CallbackURI         string                         `json:"callbackUri"`
	AcceptedModalities  []resources.Modality           `json:"acceptedModalities"`
	MediaConfig         resources.MediaConfig          `json:"mediaConfig"`
	ParticipantCapacity int32                          `json:"participantCapacity"`
	CallOptions         *resources.IncomingCallOptions `json:"callOptions"`
}

// Answer takes an incoming call. It returns when the platform has accepted the
// answer; the call is established when its state says so. If the caller or the
// platform has given up meanwhile, the error matches ErrCallEnded.
//
// When the error is a *transport.Error with EffectUnknown, the call may have been
// answered all the same. Go on as if it was: WaitFor established returns when it
// was, and an error matching ErrCallEnded once the platform has withdrawn it
// unanswered, in 15 s. Or hang it up.
//
// A MediaSession is closed when the call ends or the client is closed, and
// before Answer returns an error; so each attempt needs a session of its own. An
// error with EffectUnknown may then leave an answered call without media: hang
// that up.
//
// See https://learn.microsoft.com/graph/api/call-answer.
func (c *Call) Answer(ctx context.Context, options AnswerOptions) error {
	err := c.answer(ctx, options)
	c.client.ownSession(options.MediaSession, c, err)
	return err
}

func (c *Call) answer(ctx context.Context, options AnswerOptions) error {
	callback, err := c.callbackAddress("AnswerOptions", options.CallbackURI)
	if err != nil {
		return err
	}
	request := &answerRequest{
		CallbackURI: callback, AcceptedModalities: options.AcceptedModalities, MediaConfig: options.MediaConfig,
		ParticipantCapacity: options.ParticipantCapacity, CallOptions: options.CallOptions,
	}
	if err := completeMedia(ctx, options.MediaSession, &request.MediaConfig, &request.AcceptedModalities); err != nil {
		return err
	}
	c.listen(request.CallbackURI) // before the reply, which the first news may overtake
	if _, err := c.act(ctx, "answer", request); err != nil {
		c.stopListening()
		return err
	}
	c.wasAnswered.Store(true)
	c.client.keeper.save(c)
	return nil
}

type rejectRequest struct {
	resources.Wire
	Reason resources.RejectReason `json:"reason"`
}

// Reject refuses an incoming call. The call ends when the platform says so. An
// answered call cannot be rejected; use Hangup.
//
// See https://learn.microsoft.com/graph/api/call-reject.
func (c *Call) Reject(ctx context.Context, reason resources.RejectReason) error {
	if reason == "" {
		reason = resources.RejectReasonNone
	}
	_, err := c.act(ctx, "reject", &rejectRequest{Reason: reason})
	return err
}

// Hangup ends the bot's part in the call. It returns when the platform has
// accepted that; the call ends when its Context does. Hanging up a call that
// is over already is no error. When the end is not reported within
// Limits.EndWithin, the platform is asked, and the call ends as lost.
//
// See https://learn.microsoft.com/graph/api/call-delete.
func (c *Call) Hangup(ctx context.Context) error {
	if _, ended := c.End(); ended {
		return nil
	}
	_, err := c.do(ctx, transport.Request{Method: "DELETE"}, "")
	if err == nil {
		c.verifySoon()
	}
	if _, ended := c.End(); ended || errors.Is(err, transport.ErrCallNotFound) {
		return nil // the end may overtake the reply, and cancel the request where ctx is the call's own
	}
	return err
}

// hangUpOrReject is for a client that shuts down: what cannot be said is left
// to the platform.
func (c *Call) hangUpOrReject(ctx context.Context) {
	var err error
	if c.State() == resources.CallStateIncoming {
		err = c.Reject(ctx, resources.RejectReasonBusy)
	} else {
		err = c.Hangup(ctx)
	}
	if err != nil {
		c.client.logger.Warn("call not ended at shutdown", c.fields(zap.Error(err))...)
	}
}
