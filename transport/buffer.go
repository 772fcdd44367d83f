package transport

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

var errReplyTooLarge = errors.New("the reply is too large")

// brokenReplyError is an answer that began, so that the request has been carried out, but could not be read.
type brokenReplyError struct {
	response *http.Response
	cause    error
}

func (e *brokenReplyError) Error() string { return "reply broke off: " + e.cause.Error() }
func (e *brokenReplyError) Unwrap() error { return e.cause }

// buffer reads each answer into memory, so that an attempt is over, and its connection free, when it returns.
func buffer(timeout time.Duration, maxBytes int64) layer {
	return func(next http.RoundTripper) http.RoundTripper {
		return roundTripperFunc(func(request *http.Request) (*http.Response, error) {
			ctx, cancel := context.WithTimeout(request.Context(), timeout)
			defer cancel()
			response, err := roundTripBuffered(next, request.WithContext(ctx), maxBytes)
			if err != nil && ctx.Err() != nil && request.Context().Err() == nil {
				return nil, fmt.Errorf("no answer within %s: %w", timeout, err)
			}
			return response, err
		})
	}
}

func roundTripBuffered(next http.RoundTripper, request *http.Request, maxBytes int64) (*http.Response, error) {
	response, err := next.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBytes+1))
	if err == nil && int64(len(body)) > maxBytes {
		err = errReplyTooLarge
	}
	if err != nil {
		return nil, &brokenReplyError{response, err}
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	return response, nil
}
