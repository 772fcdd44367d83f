package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http"
	"time"
)

// retrying sends a request again where that can do no harm; [Request.Idempotent] has the rule.
type retrying struct {
	next       http.RoundTripper
	maxRetries int
	delay      time.Duration
	budget     time.Duration
}

func retry(maxRetries int, delay, budget time.Duration) layer {
	return func(next http.RoundTripper) http.RoundTripper {
		return &retrying{next, maxRetries, delay, budget}
	}
}

func (t *retrying) RoundTrip(request *http.Request) (*http.Response, error) {
	ctx := request.Context()
	p := progressOf(ctx)
	waits := newWaits(t.delay, t.budget)
	if request.Body != nil {
		defer request.Body.Close() // each attempt sends a copy
	}
	for {
		response, again, err := t.attempt(request, p)
		if !again || p.attempts > t.maxRetries {
			return response, err
		}
		wait, ok := waits.next(ctx, response)
		if !ok {
			return response, err
		}
		if response != nil {
			response.Body.Close()
		}
		if err := sleep(ctx, wait); err != nil {
			return nil, err
		}
	}
}

// attempt sends the request once, and says whether another attempt makes sense and does no harm.
func (t *retrying) attempt(request *http.Request, p *progress) (response *http.Response, again bool, err error) {
	p.attempts++
	ctx, watch := watchConnection(request.Context())
	fresh := request.Clone(ctx)
	if request.GetBody != nil {
		body, err := request.GetBody()
		if err != nil {
			return nil, false, &unsentError{err}
		}
		fresh.Body = body
	}
	response, err = t.next.RoundTrip(fresh)
	if err != nil {
		harmless := watch.nothingSent(err)
		p.effectUnknown = p.effectUnknown || !harmless
		return nil, (harmless || repeatable(p)) && mayPass(request.Context(), err), err
	}
	p.effectUnknown = p.effectUnknown || response.StatusCode >= 500 && !turnedAway(response)
	return response, askAgain(p, response), nil
}

// askAgain reports whether an answer allows for another attempt.
func askAgain(p *progress, response *http.Response) bool {
	switch response.StatusCode {
	case http.StatusTooManyRequests:
		return true
	case http.StatusUnauthorized:
		again := p.freshToken
		p.freshToken = false
		return again
	case http.StatusServiceUnavailable:
		return repeatable(p) || turnedAway(response)
	case http.StatusBadGateway, http.StatusGatewayTimeout:
		return repeatable(p)
	case http.StatusInternalServerError:
		return p.request.Idempotent || p.request.Method == http.MethodGet || p.request.Method == http.MethodDelete
	}
	return false
}

// turnedAway reports whether the service says, by naming a time to come back, that it did not take the request on.
func turnedAway(response *http.Response) bool {
	_, told := retryAfter(response)
	return told && response.StatusCode == http.StatusServiceUnavailable
}

func repeatable(p *progress) bool {
	switch p.request.Method {
	case http.MethodGet, http.MethodHead, http.MethodPut, http.MethodDelete:
		return true
	}
	return p.request.Idempotent
}

// mayPass reports whether a failure may be gone at the next attempt.
func mayPass(ctx context.Context, err error) bool {
	_, local := errors.AsType[*unsentError](err)
	_, untrusted := errors.AsType[*tls.CertificateVerificationError](err)
	return ctx.Err() == nil && !local && !untrusted && !errors.Is(err, errReplyTooLarge)
}

// sleep waits, or returns why the context ended first.
func sleep(ctx context.Context, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
