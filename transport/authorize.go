package transport

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/graphcalls/graphcalls-go/auth"
)

var errForeignHost = errors.New("refused to send a token to a host other than the configured service")

// forgetful is a provider that drops a token which the service has refused, and says whether another attempt would
// carry another.
type forgetful interface {
	Refused(request *http.Request, tenant string) bool
}

// authorize gives each attempt its token. A token is asked for only after it is sure where it goes.
func authorize(service *url.URL, provider auth.Provider) layer {
	return func(next http.RoundTripper) http.RoundTripper {
		return roundTripperFunc(func(request *http.Request) (*http.Response, error) {
			if !leadsTo(service, request) {
				return unsent(request, errForeignHost)
			}
			ctx, p := request.Context(), progressOf(request.Context())
			authorized := request.Clone(ctx)
			if err := provider.AuthenticateOutbound(ctx, authorized, p.request.Tenant); err != nil {
				return unsent(request, err)
			}
			response, err := next.RoundTrip(authorized)
			if err == nil && response.StatusCode == http.StatusUnauthorized && p.refusals == 0 {
				if provider, ok := provider.(forgetful); ok && provider.Refused(authorized, p.request.Tenant) {
					p.refusals++
					p.freshToken = true
				}
			}
			return response, err
		})
	}
}

func leadsTo(service *url.URL, request *http.Request) bool {
	return request.URL.Scheme == "https" && request.URL.Host == service.Host && request.Host == service.Host
}
