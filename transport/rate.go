package transport

import (
	"context"
	"fmt"
	"net/http"

	"golang.org/x/time/rate"
)

// rateLimit holds each attempt until its turn comes. It fails at once when that would be after the context's end.
func rateLimit(perSecond float64, burst int) layer {
	return func(next http.RoundTripper) http.RoundTripper {
		if perSecond < 0 {
			return next
		}
		limiter := rate.NewLimiter(rate.Limit(perSecond), burst)
		return roundTripperFunc(func(request *http.Request) (*http.Response, error) {
			ctx := request.Context()
			if err := limiter.Wait(ctx); err != nil {
				if ctx.Err() != nil {
					return unsent(request, context.Cause(ctx))
				}
				return unsent(request, fmt.Errorf(
					"the client's own rate limit leaves no time before the deadline: %w", context.DeadlineExceeded))
			}
			return next.RoundTrip(request)
		})
	}
}
