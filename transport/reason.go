package transport

import (
	"errors"

	"github.com/graphcalls/graphcalls-go/auth"
)

// Reason is why a request to the webhook was refused. The set is fixed, so that it can label a counter.
type Reason string

// The reasons, in the order in which a request is looked at, with the status each is answered with.
const (
	ReasonMethod          Reason = "method"          // 405: not a POST
	ReasonTooLarge        Reason = "tooLarge"        // 413: more than MaxBodyBytes
	ReasonUnauthorized    Reason = "unauthorized"    // 401: refused by a provider that does not say why; see Unauthorized
	ReasonKeysUnavailable Reason = "keysUnavailable" // 503: the token could not be checked
	ReasonUnreadable      Reason = "unreadable"      // 400: the body broke off
	ReasonMalformed       Reason = "malformed"       // 400: not JSON, or no notifications in it
	ReasonTooMany         Reason = "tooMany"         // 413: more than MaxNotifications
	ReasonLegacy          Reason = "legacy"          // 204: in the Skype format, to be sent again in Graph's
	ReasonBusy            Reason = "busy"            // 503: the receiver is full, or MaxBytesAtOnce reached
	ReasonClosed          Reason = "closed"          // 503: the receiver is closed
	ReasonMisrouted       Reason = "misrouted"       // 503: it belongs to another instance
	ReasonNoRoute         Reason = "noRoute"         // 404: the address was never given out
	ReasonFailed          Reason = "failed"          // 500: the receiver failed, or gave an answer that cannot be sent
	ReasonPanic           Reason = "panic"           // 500: the receiver or the provider panicked
)

// Unauthorized is the reason of requests without a good token (401), in the provider's words:
// Unauthorized(auth.ReasonExpired) is "unauthorized.expired".
func Unauthorized(reason auth.Reason) Reason {
	return ReasonUnauthorized + "." + Reason(reason)
}

// reasonOfToken returns why a provider refused a request.
func reasonOfToken(err error) Reason {
	if errors.Is(err, auth.ErrKeysUnavailable) {
		return ReasonKeysUnavailable
	}
	inbound, ok := errors.AsType[*auth.InboundError](err)
	if !ok {
		return ReasonUnauthorized
	}
	switch inbound.Reason {
	case auth.ReasonNoToken, auth.ReasonMalformed, auth.ReasonAlgorithm, auth.ReasonIssuer, auth.ReasonAudience,
		auth.ReasonTenant, auth.ReasonApplication, auth.ReasonExpired, auth.ReasonNotYetValid, auth.ReasonUnknownKey,
		auth.ReasonSignature:
		return Unauthorized(inbound.Reason)
	}
	return ReasonUnauthorized
}
