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
	Attempts        int
	ClientRequestID string
	ScenarioID      string
	// Err is why there was no answer; nil if there was one.
	Err error
}

func telemetry(observer func(context.Context, Exchange)) layer {
	return func(next http.RoundTripper) http.RoundTripper {
		if observer == nil {
			return next
		}
		return roundTripperFunc(func(request *http.Request) (*http.Response, error) {
			start := time.Now()
			response, err := next.RoundTrip(request)
			p := progressOf(request.Context())
			exchange := Exchange{
				Method:          request.Method,
				Route:           routeOf(p.request.Path),
				Duration:        time.Since(start),
				Attempts:        p.attempts,
				ClientRequestID: p.clientRequestID,
				ScenarioID:      p.request.ScenarioID,
				Err:             err,
			}
			if response != nil {
				exchange.StatusCode = response.StatusCode
			}
			observer(request.Context(), exchange)
			return response, err
		})
	}
}
