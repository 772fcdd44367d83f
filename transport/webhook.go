package transport

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"go.uber.org/zap"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/resources"
)

const (
	defaultMaxBodyBytes     = 1 << 20
	defaultMaxBytesAtOnce   = 32 << 20
	defaultMaxNotifications = 1000
	defaultRetryAfter       = 2 * time.Second
)

var errNoProvider = errors.New("the webhook has no Provider, and takes trusted deliveries only")

// Authenticator proves that a request comes from the platform. An auth.Provider and an *auth.Validator are one.
type Authenticator interface {
	ValidateInbound(ctx context.Context, request *http.Request) (auth.Identity, error)
}

// WebhookOptions configures a [Webhook].
type WebhookOptions struct {
	// Provider checks who sent a request. Without one every request is refused as unauthorized; only trusted
	// deliveries are taken.
	Provider Authenticator
	// Receiver takes what was accepted. Without one every delivery is refused as if it were closed.
	Receiver Receiver
	// Logger gets a debug line for each accepted delivery, and a warning for refusals, at most one in ten seconds for
	// each reason. Nil means none.
	Logger *zap.Logger
	// MaxBodyBytes bounds a request's body. 0 means 1 MiB, which is the roster of more than a thousand people.
	MaxBodyBytes int64
	// MaxBytesAtOnce bounds the bodies that are being read and worked on, together; past it requests are answered 503.
	// 0 means 32 MiB, or MaxBodyBytes if that is more.
	MaxBytesAtOnce int64
	// MaxNotifications bounds the notifications in one request. 0 means 1,000; the platform has been seen to send a few.
	MaxNotifications int
	// RetryAfter is what the platform is told to wait when it may try again, in whole seconds. 0 means 2 seconds.
	RetryAfter time.Duration
}

// Webhook is the http.Handler for the platform's notifications. It is safe for concurrent use.
//
// A request is looked at in this order, and refused at the first thing that is wrong; [Reason] lists the answers:
//
//	method and size → token → body → Receiver → answer
//
// Nothing is read or parsed before the token is proven good, and what a body costs is bounded by its length. Accepted
// deliveries are answered with 202, before anything is done about them; with 302 or 307 if the Receiver redirects; with
// 200 and a decision on a joining participant. The body is else always empty.
//
// Against senders that dawdle, serve it by a [NewServer].
type Webhook struct {
	options  WebhookOptions
	counters counters
	refusals *refusalLog
	bodies   bodies
	tests    selfTests
}

// NewWebhook makes a webhook.
func NewWebhook(options WebhookOptions) *Webhook {
	options.Logger = cmp.Or(options.Logger, zap.NewNop())
	if options.MaxBodyBytes <= 0 {
		options.MaxBodyBytes = defaultMaxBodyBytes
	}
	if options.MaxBytesAtOnce <= 0 {
		options.MaxBytesAtOnce = defaultMaxBytesAtOnce
	}
	if options.MaxNotifications <= 0 {
		options.MaxNotifications = defaultMaxNotifications
	}
	if options.RetryAfter <= 0 {
		options.RetryAfter = defaultRetryAfter
	}
	return &Webhook{
		options: options, refusals: newRefusalLog(options.Logger),
		bodies: bodies{most: max(options.MaxBytesAtOnce, options.MaxBodyBytes)},
	}
}

// Stats returns the counts so far.
func (w *Webhook) Stats() Stats { return w.counters.snapshot() }

// ServeHTTP takes one POST from the platform. It reads the body itself: no middleware may have done so before.
func (w *Webhook) ServeHTTP(writer http.ResponseWriter, request *http.Request) {
	if w.tests.answer(writer, request) {
		return
	}
	o := w.conclude(request.Header, func(d Delivery) outcome { return w.serve(writer, request, d) })
	o.write(writer, w.options.RetryAfter)
}

// DeliverTrusted takes a POST that the host has already read and authenticated: from a queue, or in a function whose
// platform did both. It proves nothing: whoever can make this call can end calls.
//
// The errors are those of the Receiver, and resources.ErrMalformed, resources.ErrLegacyFormat, [ErrTooLarge] and
// [ErrTooMany], after which nothing was taken; [ErrPanic]; and one for a Receiver's Answer that cannot be sent. [Reason]
// lists the status to answer the platform with.
func (w *Webhook) DeliverTrusted(ctx context.Context, trusted TrustedDelivery) (Answer, error) {
	o := w.conclude(canonical(trusted.Header), func(d Delivery) outcome {
		d.TenantID, d.RequestURL = trusted.TenantID, trusted.RequestURL
		if int64(len(trusted.Body)) > w.options.MaxBodyBytes {
			return refuseBody(ErrTooLarge).of(d)
		}
		return w.place(ctx, d, trusted.Body).of(d)
	})
	if o.reason != "" {
		return Answer{}, o.err
	}
	return o.answer, nil
}

// conclude has a request decided on, and counts and logs how that went. Whatever happens there is one outcome.
func (w *Webhook) conclude(header http.Header, decide func(Delivery) outcome) outcome {
	w.counters.begin()
	delivery := newDelivery(header)
	o := guarded(func() outcome { return decide(delivery) })
	if o.stack != nil { // it panicked
		o = o.of(delivery)
	}
	w.counters.end(o)
	if o.reason != "" {
		w.refusals.write(o)
	} else if entry := w.options.Logger.Check(zap.DebugLevel, "notification taken"); entry != nil {
		entry.Write(append(idFields(o.delivery), zap.Int("status", o.status))...)
	}
	return o
}

// serve decides on a request. It writes nothing, so that there is one place that answers.
func (w *Webhook) serve(writer http.ResponseWriter, request *http.Request, d Delivery) outcome {
	if request.Method != http.MethodPost {
		return refuse(http.StatusMethodNotAllowed, ReasonMethod, nil).of(d)
	}
	if request.ContentLength > w.options.MaxBodyBytes {
		return refuseBody(ErrTooLarge).of(d)
	}
	identity, err := w.authenticate(request)
	if err != nil {
		return refuseToken(err).of(d)
	}
	d.TenantID, d.RequestURL = identity.TenantID, calledURL(request)
	body, release, err := w.bodies.read(writer, request, w.options.MaxBodyBytes)
	defer release()
	if err != nil {
		return refuseBody(err).of(d)
	}
	o := w.place(request.Context(), d, body).of(d)
	o.echoIDs = true
	return o
}

func (w *Webhook) authenticate(request *http.Request) (auth.Identity, error) {
	if w.options.Provider == nil {
		return auth.Identity{}, errNoProvider
	}
	return w.options.Provider.ValidateInbound(request.Context(), request)
}

// place decodes a body and hands it to the receiver.
func (w *Webhook) place(ctx context.Context, d Delivery, body []byte) outcome {
	notifications, err := resources.DecodeNotifications(body)
	if err != nil {
		return refuseText(err)
	}
	if len(notifications.Value) > w.options.MaxNotifications {
		return refuseText(ErrTooMany)
	}
	if w.options.Receiver == nil {
		return refuseReceived(ErrClosed)
	}
	d.Notifications, d.body = notifications, body
	answer, err := w.options.Receiver.Receive(ctx, d)
	if err != nil {
		return refuseReceived(err)
	}
	return answered(answer)
}

// guarded turns a panic into an outcome. What it panicked with may hold anything, so only what the runtime itself
// says is kept, and where it was.
func guarded(decide func() outcome) (o outcome) {
	defer func() {
		recovered := recover()
		if recovered == nil {
			return
		}
		what := fmt.Sprintf("%T", recovered)
		if fault, ok := recovered.(runtime.Error); ok {
			what = fault.Error()
		}
		o = refuse(http.StatusInternalServerError, ReasonPanic, fmt.Errorf("%w: %s", ErrPanic, what))
		o.stack = debug.Stack()
	}()
	return decide()
}

// calledURL is path and query as they came over the wire, whatever a router has made of request.URL since.
func calledURL(request *http.Request) string {
	if strings.HasPrefix(request.RequestURI, "/") {
		return request.RequestURI
	}
	return request.URL.RequestURI()
}
