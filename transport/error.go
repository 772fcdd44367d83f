package transport

import (
	"cmp"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// What an [*Error] can be matched with, by errors.Is.
var (
	// ErrCallNotFound: the call has ended, whatever else was heard of it. Drop it; do not try again.
	ErrCallNotFound = errors.New("call not found")
	// ErrTenantPermission: the application lacks a permission in the call's tenant.
	ErrTenantPermission = errors.New("no permission in the tenant")
	// ErrTenantMismatch: the token is for another tenant than the call.
	ErrTenantMismatch = errors.New("token and call are of different tenants")
	// ErrSourceIdentity: the call's source is not one that may place such a call.
	ErrSourceIdentity = errors.New("source identity not valid")
	// ErrThrottled: the service had too many requests (429).
	ErrThrottled = errors.New("throttled")
	// ErrUnauthorized: the service did not accept the token (401).
	ErrUnauthorized = errors.New("token not accepted")
	// ErrForbidden: the token does not allow the request (403).
	ErrForbidden = errors.New("forbidden")
	// ErrService: the service had trouble of its own (5xx).
	ErrService = errors.New("trouble of the service's own")
)

// The service's own codes that are matched or have a remedy.
const (
	codeTenantPermission = 7504
	codeTenantMismatch   = 7505
	codeSourceIdentity   = 7507
	codeNoRecording      = 8506
	codeCallNotFound     = 8522
	codeGeneral          = 9999
)

// Error is a request that failed: refused by the service, or never answered. Its ids and time are what the service's
// support asks for.
type Error struct {
	Method string
	// Path is the request's, without the query.
	Path string
	// StatusCode is 0 when the service did not answer; one of 2xx when it carried the request out but the answer
	// broke off.
	StatusCode int
	// Location is where to find what the request created; only with a StatusCode of 2xx.
	Location string
	// Code is the service's, a number or a word; "" when it names none. Subcode is the number after the # in a text
	// such as "DiagCode: 500#7117", else 0.
	Code    string
	Subcode int
	// Message is the service's text, cut to a line.
	Message string
	// RequestID is the service's name for the request, ClientRequestID the client's, ScenarioID the call's.
	RequestID       string
	ClientRequestID string
	ScenarioID      string
	// DataCenter is where the request was handled; "" if the service did not say.
	DataCenter string
	// Time is when the service answered, or when the client gave up.
	Time time.Time
	// RetryAfter is how long the service asks to wait; 0 if it does not.
	RetryAfter time.Duration
	// Attempts is how many times the request was sent, or was to be sent.
	Attempts int
	// EffectUnknown is true when the service may have carried the request out although it failed: an answer of 5xx, a
	// connection lost after the request was sent, a timeout. After a POST that places a call, a call may then exist;
	// it shows itself by its notifications, so wait for those before placing it anew. When false, nothing happened.
	EffectUnknown bool

	cause error
	beta  bool
}

// Error is one line: what failed, why, the ids, and what to do.
func (e *Error) Error() string {
	line := plainText(e.Method+" "+e.Path) + ": " + e.verdict()
	if e.Message != "" {
		line += ": " + plainText(e.Message)
	}
	if e.cause != nil {
		line += ": " + plainText(e.cause.Error())
	}
	remedy := e.Remedy()
	if remedy == "" || strings.Contains(line, remedy) {
		return line + e.ids()
	}
	return line + ": " + remedy + e.ids()
}

// verdict is the outcome in the service's numbers.
func (e *Error) verdict() string {
	if _, local := errors.AsType[*unsentError](e.cause); local {
		return "not sent"
	}
	if e.StatusCode == 0 {
		return "no answer"
	}
	text := strconv.Itoa(e.StatusCode)
	if e.Code != "" {
		text += " " + e.Code
	}
	if e.Subcode != 0 {
		text += " #" + strconv.Itoa(e.Subcode)
	}
	return text
}

func (e *Error) ids() string {
	var ids []string
	for _, id := range [][2]string{
		{"request-id", e.RequestID}, {"client-request-id", e.ClientRequestID}, {"scenario-id", e.ScenarioID},
		{"data-center", e.DataCenter},
	} {
		if id[1] != "" {
			ids = append(ids, id[0]+" "+id[1])
		}
	}
	return " (" + strings.Join(append(ids, e.Time.UTC().Format(time.RFC3339)), ", ") + ")"
}

// Unwrap returns what kept the request from being answered; nil when it was answered.
func (e *Error) Unwrap() error { return e.cause }

// Is matches the sentinels of this package.
func (e *Error) Is(target error) bool {
	switch target {
	case ErrCallNotFound:
		return e.has(codeCallNotFound) || e.StatusCode == http.StatusNotFound && aboutCall(e.Path) && !e.beta
	case ErrTenantPermission:
		return e.has(codeTenantPermission)
	case ErrTenantMismatch:
		return e.has(codeTenantMismatch)
	case ErrSourceIdentity:
		return e.has(codeSourceIdentity)
	case ErrThrottled:
		return e.StatusCode == http.StatusTooManyRequests
	case ErrUnauthorized:
		return e.StatusCode == http.StatusUnauthorized
	case ErrForbidden:
		return e.StatusCode == http.StatusForbidden
	case ErrService:
		return e.StatusCode >= 500
	}
	return false
}

func (e *Error) has(code int) bool {
	return e.Subcode == code || e.Code == strconv.Itoa(code)
}

// failedError is for a request without an answer, or with one that broke off.
func failedError(p *progress, cause error) *Error {
	e := newError(p)
	e.cause = cause
	if broken, ok := errors.AsType[*brokenReplyError](cause); ok {
		e.StatusCode = broken.response.StatusCode
		e.describe(broken.response)
	}
	return e
}

// refusedError is for a request that was answered, and not with success.
func refusedError(p *progress, response *http.Response, reply *Reply) *Error {
	e := newError(p)
	e.StatusCode = reply.StatusCode
	e.describe(response)
	details := parseErrorBody(reply.Body)
	e.Code, e.Subcode, e.Message = details.code, details.subcode, details.message
	e.RequestID = cmp.Or(e.RequestID, details.requestID)
	return e
}

func newError(p *progress) *Error {
	path, _, _ := strings.Cut(p.request.Path, "?")
	return &Error{
		Method:          p.request.Method,
		Path:            strings.TrimPrefix(path, "/"),
		ClientRequestID: p.clientRequestID,
		ScenarioID:      p.request.ScenarioID,
		Time:            time.Now(),
		Attempts:        p.attempts,
		EffectUnknown:   p.effectUnknown,
		beta:            p.request.Beta,
	}
}

// describe fills in what the answer's headers say.
func (e *Error) describe(response *http.Response) {
	e.RequestID = plainID(response.Header.Get("Request-Id"))
	e.DataCenter = dataCenterOf(response.Header.Get("X-Ms-Ags-Diagnostic"))
	e.RetryAfter, _ = retryAfter(response)
	if answered, err := http.ParseTime(response.Header.Get("Date")); err == nil {
		e.Time = answered
	}
	if e.StatusCode >= 200 && e.StatusCode <= 299 {
		e.Location = response.Header.Get("Location")
	}
}
