package transport

import (
	"net/http"
	"net/url"
	"slices"
)

// layer is a RoundTripper that does one thing and leaves the rest to the next.
type layer func(next http.RoundTripper) http.RoundTripper

type roundTripperFunc func(*http.Request) (*http.Response, error)

func (f roundTripperFunc) RoundTrip(request *http.Request) (*http.Response, error) { return f(request) }

// newChain puts the layers in their order:
//
//	telemetry   outermost: sees a request once, whatever the number of attempts
//	retry       so that what follows happens anew for each attempt:
//	rate        an attempt waits for its turn
//	authorize   then gets its token, which thus is fresh
//	log         then is written down, with how it ended
//	buffer      and its answer read to the end, within one attempt's time
func newChain(base *url.URL, o ClientOptions) http.RoundTripper {
	return chain(o.HTTPClient.Transport,
		telemetry(o.Observe),
		retry(o.MaxRetries, o.RetryDelay, o.RetryBudget),
		rateLimit(o.RequestsPerSecond, o.RequestBurst),
		authorize(base, o.Provider),
		log(o.Logger),
		buffer(o.HTTPClient.Timeout, maxReplyBytes),
	)
}

func chain(last http.RoundTripper, layers ...layer) http.RoundTripper {
	for _, l := range slices.Backward(layers) {
		last = l(last)
	}
	return last
}
