package transport

import (
	"context"
	"net/http"
	"time"
)

// Exchange is what an observer learns of a finished request: nothing of its content, and no ids but those that tie
// logs together.
type Exchange struct {
	Method string
	// Route is the path with {id} in the place of ids, fit to label a metric.
	Route string
	// StatusCode is the one of the last answer, 0 if there was none.
	StatusCode int
	// Duration is that of all attempts and the waits between them.
	Duration time.Duration
	// Attempts is how many times the request was sent, or was to be sent.
	Attempts int
	// RequestID is the service's name for the request, "" where it gave none; ClientRequestID is the client's.
	RequestID       string
	ClientRequestID string
	ScenarioID      string
	// Err is why there was no answer; nil if there was one.
	Err error
}

// Observe is told of each request before it is sent, on the goroutine that asks for it. It returns the context to send
// it with, which must come from ctx, and what is to be told of the exchange when it is over; nil for nothing. Requests
// that are not well-formed it is not told of. The Request may hold personal data, and must not be changed.
type Observe func(ctx context.Context, r Request) (context.Context, func(Exchange))

func telemetry(observe Observe) layer {
	return func(next http.RoundTripper) http.RoundTripper {
		if observe == nil {
			return next
		}
		return roundTripperFunc(func(request *http.Request) (*http.Response, error) {
			p := progressOf(request.Context())
			ctx, ended := observe(request.Context(), p.request)
			if ctx != request.Context() {
				request = request.WithContext(ctx)
			}
			start := time.Now()
			response, err := next.RoundTrip(request)
			if ended == nil {
				return response, err
			}
			exchange := Exchange{
				Method:          request.Method,
				Route:           p.request.Route(),
				Duration:        time.Since(start),
				Attempts:        p.attempts,
				ClientRequestID: p.clientRequestID,
				ScenarioID:      p.request.ScenarioID,
				Err:             err,
			}
			if response != nil {
				exchange.StatusCode, exchange.RequestID = response.StatusCode, plainID(response.Header.Get("Request-Id"))
			}
			ended(exchange)
			return response, err
		})
	}
}
