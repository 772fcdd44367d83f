package transport

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/graphcalls/graphcalls-go/auth"
)

var errForeignHost = errors.New("refused to send a token to a host other than the configured service")

// authorize gives each attempt its token. A token is asked for only after it is sure where it goes.
func authorize(service *url.URL, provider auth.Provider) layer {
	return func(next http.RoundTripper) http.RoundTripper {
		return roundTripperFunc(func(request *http.Request) (*http.Response, error) {
			if !leadsTo(service, request) {
				return unsent(request, errForeignHost)
			}
			ctx := request.Context()
			authorized := request.Clone(ctx)
			if err := provider.AuthenticateOutbound(ctx, authorized, progressOf(ctx).request.Tenant); err != nil {
				return unsent(request, err)
			}
			return next.RoundTrip(authorized)
		})
	}
}

func leadsTo(service *url.URL, request *http.Request) bool {
	return request.URL.Scheme == "https" && request.URL.Host == service.Host && request.Host == service.Host
}
