package statefulclient

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/transport"
)

// Observer is told what a client does while it does it: what comes in, what
// becomes of it, which handlers are run and how long they take, what is asked of
// the platform. It is for telemetry and for looking inside, such as packages
// observe and inspector do; a bot acts on what Calls and Call tell.
//
// Its methods run on the goroutines that do the work, several at once, so they
// must return quickly, and must not wait for the client. No lock is held while
// they run. What panics in one is recovered, counted, logged and told to
// OnHandlerPanic as a handler's. Where there are several observers, each is given
// the context that the one before it returned, and the last one's goes on.
//
// What they are given may hold personal data, is shared with others, and must not
// be changed. Embed NoObserver in an observer that wants to know only some of it.
type Observer interface {
	// DeliveryStarted is told of a POST that was authenticated and read, before it is
	// placed. The context it returns, which must come from ctx, goes with what the
	// POST leads to: InputWorkedOn and HandlerStarted are given its values, without
	// its cancellation.
	DeliveryStarted(ctx context.Context, d ObservedDelivery) context.Context
	// DeliveryEnded is told when that POST may be answered; ctx is what
	// DeliveryStarted returned. After an error nothing of it was taken.
	DeliveryEnded(ctx context.Context, d ObservedDelivery, err error)
	// InputWorkedOn is told what became of one thing that was heard of a call, once
	// that has entered the call's state; handlers may be running already. It is told
	// of each in the order of the call's state, and of all but what came again: a
	// POST whose message id was seen before.
	InputWorkedOn(ctx context.Context, input ObservedInput)
	// HandlerStarted is told before each handler is run. The context it returns, which
	// must come from ctx, is the handler's.
	HandlerStarted(ctx context.Context, run HandlerRun) context.Context
	// HandlerEnded is told when that handler has returned, panicked or ended its
	// goroutine; ctx is what HandlerStarted returned.
	HandlerEnded(ctx context.Context, run HandlerRun, end HandlerEnd)
	// RequestStarted is told before a request is made of the platform, on the
	// goroutine that asks for it. The context it returns, which must come from ctx, is
	// the request's.
	RequestStarted(ctx context.Context, r ObservedRequest) context.Context
	// RequestEnded is told what came of that request, all its attempts together; ctx is
	// what RequestStarted returned.
	RequestEnded(ctx context.Context, r ObservedRequest, x transport.Exchange)
}

// ObservedDelivery is a POST from the platform. It is shared, and must not be
// changed.
type ObservedDelivery struct {
	*transport.Delivery

	// FromQueue says that it is taken from a fleet's queue, which is told beside its
	// coming in, and most often by another process.
	FromQueue bool
}

// ObservedInput is one thing that was heard of a call, and what became of it.
type ObservedInput struct {
	CallID string
	// Call is nil where there is none: the notification came too late or found no place.
	Call *Call
	// About is what it tells of: for a notification call, participants, operation,
	// contentSharingSession, audioRoutingGroup, participantJoining, participantLeft,
	// or other; for what the client itself put in reply, fetched, timer, asked,
	// granted, refused or gone.
	About string
	Cause Cause
	// MessageID is the platform's id of the POST, Item the place in it, and Received
	// when that came. Notification is what came. All are zero for what was no
	// notification.
	MessageID    string
	Item         int
	Received     time.Time
	Notification *resources.Notification
	// Verdict says what became of it, for inputs that are no notifications too.
	Verdict NotificationVerdict
	// Old and New are the call before and after; the same pointer where nothing of the
	// call itself changed. Old is nil at a call's beginning.
	Old, New *resources.Call
	// Edge is the state the call went on to; nil for none.
	Edge *StateChanged
	// Participants is how many people came, left or changed.
	Participants int
}

// HandlerRun is a handler about to be run. Where updates were folded, the context it
// comes with is that of the last.
type HandlerRun struct {
	Call *Call // nil for those of the Client's own On…
	// Event is what the handler is subscribed to, as in HandlerPanic: OnIncoming,
	// StateChanged, Participants.OnUpdated and so on; also DecideJoining and
	// RedirectHook.
	Event string
	// ID is the EventID; "" where there is none.
	ID      string
	Cause   Cause
	Missed  int // how many updates were folded into it
	Initial bool
	Started time.Time
	// Waited is how long the event waited for its turn after it had entered the call's state.
	Waited time.Duration
}

// HandlerEnd is how a handler ended, and how long it took.
type HandlerEnd struct {
	Duration time.Duration
	Panicked bool
}

// ObservedRequest is a request about to be made of the platform.
type ObservedRequest struct {
	CallID string // "" where it is about none that exists
	// Action is what it does: answer, playPrompt, keepAlive and so on as the path says,
	// and createCall, getCall, deleteCall, listParticipants and so on where the method
	// does.
	Action     string
	Method     string
	Route      string // the path with {id} in the place of ids
	ScenarioID string
	Started    time.Time
}

// NoObserver does nothing at each of an Observer's methods. It is there to be
// embedded.
type NoObserver struct{}

// DeliveryStarted does nothing.
func (NoObserver) DeliveryStarted(ctx context.Context, _ ObservedDelivery) context.Context {
	return ctx
}

// DeliveryEnded does nothing.
func (NoObserver) DeliveryEnded(context.Context, ObservedDelivery, error) {}

// InputWorkedOn does nothing.
func (NoObserver) InputWorkedOn(context.Context, ObservedInput) {}

// HandlerStarted does nothing.
func (NoObserver) HandlerStarted(ctx context.Context, _ HandlerRun) context.Context { return ctx }

// HandlerEnded does nothing.
func (NoObserver) HandlerEnded(context.Context, HandlerRun, HandlerEnd) {}

// RequestStarted does nothing.
func (NoObserver) RequestStarted(ctx context.Context, _ ObservedRequest) context.Context { return ctx }

// RequestEnded does nothing.
func (NoObserver) RequestEnded(context.Context, ObservedRequest, transport.Exchange) {}

// Observe has an observer told of all this client does from now on, until the
// returned handle is cancelled. It may be called from anywhere, more than once,
// for several observers. Without one, nothing of it costs more than a look at a
// pointer. A nil observer is told nothing.
func (c *Client) Observe(o Observer) *Observation {
	observation := &Observation{client: c, observer: o}
	if o == nil {
		observation.cancelled.Store(true)
		return observation
	}
	c.observers.add(observation)
	return observation
}

// Observation is an observer at work.
type Observation struct {
	client    *Client
	observer  Observer
	cancelled atomic.Bool
}

// Cancel ends the observation. It does not wait: what has been told to have
// started by then is told to have ended, and nothing else is told any more. It may
// be called from anywhere, the observer included, and more than once.
func (o *Observation) Cancel() {
	if o.cancelled.CompareAndSwap(false, true) {
		o.client.observers.remove(o)
	}
}
