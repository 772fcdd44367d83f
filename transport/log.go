package transport

import (
	"net/http"
	"strings"
	"time"

	"go.uber.org/zap"
)

// loggedCall is the call that a request is about, but for what has a phone number in the place of an id.
func loggedCall(r *Request) string {
	id := plainID(r.CallID())
	if strings.HasPrefix(id, "+") {
		return ""
	}
	return id
}

// log writes one line per attempt. What it names is all that is ever written: of headers only the ids, of the URL
// only the route, whose ids may be people's addresses, and nothing of a body.
func log(logger *zap.Logger) layer {
	return func(next http.RoundTripper) http.RoundTripper {
		return roundTripperFunc(func(request *http.Request) (*http.Response, error) {
			if !logger.Core().Enabled(zap.DebugLevel) {
				return next.RoundTrip(request)
			}
			start := time.Now()
			response, err := next.RoundTrip(request)
			p := progressOf(request.Context())
			fields := []zap.Field{
				zap.String("call", loggedCall(&p.request)),
				zap.String("scenario", p.request.ScenarioID),
				zap.String("tenant", plainID(p.request.Tenant)),
				zap.String("clientRequestId", p.clientRequestID),
				zap.String("method", request.Method),
				zap.String("route", p.request.Route()),
				zap.Int("attempt", p.attempts),
				zap.Duration("duration", time.Since(start)),
			}
			if err != nil {
				logger.Debug("request failed", append(fields, zap.String("error", plainText(err.Error())))...)
				return nil, err
			}
			logger.Debug("request answered", append(fields,
				zap.Int("status", response.StatusCode),
				zap.String("requestId", plainID(response.Header.Get("Request-Id"))))...)
			return response, nil
		})
	}
}
