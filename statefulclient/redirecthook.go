package statefulclient

import (
	"context"
	"time"

	"go.uber.org/zap"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/transport"
)

// redirectionTimeout bounds a RedirectHook; the platform waits.
const redirectionTimeout = 2 * time.Second

// ArrivingCall is a call that comes in and has not been taken yet.
type ArrivingCall struct {
	// Call is the call as the platform describes it. It must not be changed.
	Call *resources.Call
	// TenantID is the one the platform's token names.
	TenantID   string
	ScenarioID string
	// CallerRegion is where the caller is, in the platform's word, such as apac;
	// often empty.
	CallerRegion string
	// Draining says that this client takes no new calls: one that is not sent
	// elsewhere is answered with 503.
	Draining bool
}

// Redirection says where the platform is to send an arriving call. The zero
// value keeps it here.
type Redirection struct {
	// To is the absolute address of another deployment's webhook.
	To string
	// Status is 307 or, for anything else, 302, as the platform's documentation
	// has it.
	Status int
}

// RedirectHook decides where arriving calls are taken, for deployments in
// several regions. It runs while the platform waits, before anything else is
// done about the call: ctx ends after two seconds. It may be called by several
// goroutines at once. If it panics, the call is taken here, and OnHandlerPanic
// is told.
type RedirectHook func(ctx context.Context, arriving ArrivingCall) Redirection

// redirection asks the hook about a delivery that begins a call.
func (c *Calls) redirection(ctx context.Context, d transport.Delivery) transport.Answer {
	if c.client.redirect == nil || c.seen.Has(d.MessageID) {
		return transport.Answer{}
	}
	for i := range d.Notifications.Value {
		n := &d.Notifications.Value[i]
		path, ok := n.Path()
		if !ok || !rings(n, path) {
			continue
		}
		if _, known := c.Get(path.CallID); known || c.hasEnded(path.CallID) {
			continue
		}
		to := c.client.askRedirectHook(ctx, ArrivingCall{
			Call: n.Data.(*resources.Call), TenantID: d.TenantID, ScenarioID: d.ScenarioID,
			CallerRegion: d.Header("X-Microsoft-Skype-Caller-Region"), Draining: c.refuses(),
		})
		if to.To != "" {
			c.client.counters.redirected.Add(1)
			return transport.Answer{RedirectTo: to.To, RedirectStatus: to.Status}
		}
	}
	return transport.Answer{}
}

func (c *Client) askRedirectHook(ctx context.Context, arriving ArrivingCall) (to Redirection) {
	ctx, cancel := context.WithTimeout(ctx, redirectionTimeout)
	defer cancel()
	c.runHandler(ctx, nil, kindRedirect, func(ctx context.Context) (panicked bool) {
		to, panicked = c.runRedirectHook(ctx, arriving)
		return panicked
	})
	if to.To == "" {
		return Redirection{}
	}
	if err := checkHTTPS(to.To); err != nil {
		c.logger.Error("call is taken here, because the RedirectHook's answer leads nowhere", zap.Error(err))
		return Redirection{}
	}
	return to
}

func (c *Client) runRedirectHook(ctx context.Context, arriving ArrivingCall) (to Redirection, panicked bool) {
	defer func() {
		if problem := recover(); problem != nil {
			c.handlerPanicked(nil, kindRedirect, problem)
			to, panicked = Redirection{}, true
		}
	}()
	return c.redirect(ctx, arriving), false
}
