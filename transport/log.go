package transport

import (
	"net/http"
	"time"

	"go.uber.org/zap"
)

// log writes one line per attempt. What it names is all that is ever written: of headers only the ids, of the URL
// only the path, and nothing of a body.
func log(logger *zap.Logger) layer {
	return func(next http.RoundTripper) http.RoundTripper {
		return roundTripperFunc(func(request *http.Request) (*http.Response, error) {
			start := time.Now()
			response, err := next.RoundTrip(request)
			p := progressOf(request.Context())
			fields := []zap.Field{
				zap.String("method", request.Method),
				zap.String("path", request.URL.Path),
				zap.Int("attempt", p.attempts),
				zap.Duration("duration", time.Since(start)),
				zap.String("clientRequestId", p.clientRequestID),
				zap.String("scenarioId", p.request.ScenarioID),
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
