package statefulclient

import (
	"context"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/transport"
)

// The platform's limits for one redirect.
const (
	maxRedirectTargets = 25
	minRedirectTimeout = 15 * time.Second
	maxRedirectTimeout = 90 * time.Second
)

// RedirectOptions say how to redirect a call.
type RedirectOptions struct {
	// Timeout is how long the targets ring, 15 to 90 s; the platform's default,
	// 55 s for one target and 60 s for several, unless set.
	Timeout time.Duration
	// CallbackURI is where this call's last notifications go; the client's
	// notification URL unless set.
	CallbackURI string
	// MaskCallee and MaskCaller hide one side's identity from the other.
	//
	// Beta: only Graph's beta endpoint has them, to which a redirect that sets
	// one goes. They may change or go.
	MaskCallee, MaskCaller bool
}

type redirectRequest struct {
	resources.Wire
	Targets     []resources.InvitationParticipantInfo `json:"targets"`
	Timeout     int32                                 `json:"timeout"` // seconds
	CallbackURI string                                `json:"callbackUri"`
	MaskCallee  bool                                  `json:"maskCallee"`
	MaskCaller  bool                                  `json:"maskCaller"`
}

// Redirect sends an incoming call on to others, 25 at most; several ring at
// once. It must come before an answer. The call ends for the bot when the
// platform says so.
//
// See https://learn.microsoft.com/graph/api/call-redirect.
func (c *Call) Redirect(ctx context.Context, options RedirectOptions, targets ...resources.IdentitySet) error {
	if len(targets) == 0 || len(targets) > maxRedirectTargets {
		return invalid("Redirect takes 1 to %d targets, not %d", maxRedirectTargets, len(targets))
	}
	if options.Timeout != 0 && (options.Timeout < minRedirectTimeout || options.Timeout > maxRedirectTimeout) {
		return invalid("RedirectOptions.Timeout must be from %v to %v, not %v", minRedirectTimeout, maxRedirectTimeout, options.Timeout)
	}
	callback, err := c.callbackAddress("RedirectOptions", options.CallbackURI)
	if err != nil {
		return err
	}
	request := &redirectRequest{
		Timeout: int32(options.Timeout / time.Second), CallbackURI: callback,
		MaskCallee: options.MaskCallee, MaskCaller: options.MaskCaller,
	}
	for i := range targets {
		if err := checkTarget(&targets[i], i); err != nil {
			return err
		}
		request.Targets = append(request.Targets, resources.InvitationParticipantInfo{Identity: &targets[i]})
	}
	masked := options.MaskCallee || options.MaskCaller
	_, err = c.do(ctx, transport.Request{Method: "POST", Body: request, Beta: masked}, "redirect")
	return err
}
