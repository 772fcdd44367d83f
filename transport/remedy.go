package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http"

	"github.com/graphcalls/graphcalls-go/auth"
)

// Remedy says in a line what to do about the error; "" if there is nothing to say.
func (e *Error) Remedy() string {
	if remedy := e.remedyForCode(); remedy != "" {
		return remedy
	}
	if e.StatusCode == 0 {
		return e.remedyForSilence()
	}
	return e.remedyForStatus()
}

func (e *Error) remedyForCode() string {
	switch {
	case e.has(codeTenantPermission):
		return "grant the application its calling permissions in the call's tenant and have an administrator consent; " +
			"everybody called must be of that tenant"
	case e.has(codeTenantMismatch):
		return "ask for the token of the call's own tenant, and name that tenant in the call"
	case e.has(codeSourceIdentity):
		return "a call to a telephone number needs an applicationInstance as its source: give the id of the bot's " +
			"resource account"
	case e.has(codeNoRecording):
		return "set the recording status only in calls to which a recording policy invited the bot"
	case errors.Is(e, ErrCallNotFound):
		return "the call has ended, or was not answered in time: drop it and do not try again"
	case e.has(codeGeneral):
		return "check that each identity in the request is an object of the right type; in a call under a recording " +
			"policy tones cannot be subscribed to"
	}
	return ""
}

func (e *Error) remedyForStatus() string {
	switch status := e.StatusCode; {
	case status < 300:
		return "the request was carried out: read the resource to learn the outcome"
	case status < 400:
		return "the service answered with a redirect: check the base URL"
	case e.beta && (status == http.StatusBadRequest || status == http.StatusNotFound || status == http.StatusNotImplemented):
		return "check the request and its ids; if nothing is wrong with them, Graph's beta endpoint may no longer have it"
	case status == http.StatusBadRequest:
		return "correct the request; sent again as it is, it will fail again"
	case status == http.StatusUnauthorized:
		return "check the application's id and secret, and that the cloud and the tenant are those of the call"
	case status == http.StatusForbidden:
		return "grant the application the permission for this request and have an administrator consent"
	case status == http.StatusNotFound:
		return "what the path names is gone or never was: check its ids"
	case status == http.StatusTooManyRequests:
		return "send fewer requests, and none before the time the service asks to wait is over"
	case status >= 500 && e.EffectUnknown && e.Method == http.MethodPost:
		return "it may have been carried out all the same: wait for notifications before sending it again"
	case status >= 500:
		return "try again later; if it lasts, give the ids to the service's support"
	}
	return ""
}

func (e *Error) remedyForSilence() string {
	if token, ok := errors.AsType[*auth.TokenError](e.cause); ok {
		return token.Hint
	}
	_, distrusted := errors.AsType[*tls.CertificateVerificationError](e.cause)
	switch {
	case distrusted:
		return "nothing was sent: check any proxy, and the HTTP client's root certificates"
	case errors.Is(e.cause, auth.ErrPlainHTTP), errors.Is(e.cause, errForeignHost):
		return "check the base URL"
	case e.EffectUnknown && e.Method == http.MethodPost:
		return "it may have been carried out all the same: wait for notifications before sending it again"
	case errors.Is(e.cause, context.Canceled):
		return ""
	case errors.Is(e.cause, context.DeadlineExceeded):
		return "give it more time, or check what makes the service or the network slow"
	case e.EffectUnknown:
		return "check the network between here and the service"
	}
	return "nothing was sent: check the base URL, name resolution, proxy and firewall, and the credentials if they are to blame"
}
