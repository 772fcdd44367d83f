package transport

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/graphcalls/graphcalls-go/auth"
)

// Client sends requests to the Graph calls API. It is safe for concurrent use.
//
// A request that could place a call, or do anything else twice, is sent again only when the first surely had no
// effect; see [Request.Idempotent] for the exact rule.
type Client struct {
	base      *url.URL
	header    http.Header
	transport http.RoundTripper
	http      *http.Client
	provider  auth.Provider

	plain         *http.Client // sends without tokens: downloads, warming up, self-tests
	downloadHosts []string
}

// NewClient makes a client. It does no I/O. The error reports all mistakes in the options together.
func NewClient(options ClientOptions) (*Client, error) {
	if err := options.mistakes(); err != nil {
		return nil, err
	}
	options = options.completed()
	base, err := parseBaseURL(options.BaseURL)
	if err != nil {
		return nil, err
	}
	header := options.Headers.Clone()
	if header == nil {
		header = http.Header{}
	}
	header.Set("User-Agent", options.UserAgent)
	return &Client{
		base:      base,
		header:    header,
		transport: options.HTTPClient.Transport,
		http:      &http.Client{Transport: newChain(base, options), CheckRedirect: stayHere},
		provider:  options.Provider,

		plain:         &http.Client{Transport: options.HTTPClient.Transport, Timeout: options.HTTPClient.Timeout, CheckRedirect: stayHere},
		downloadHosts: options.DownloadHosts,
	}, nil
}

// stayHere takes a redirect as the answer: whoever it leads to was not meant to get the token.
func stayHere(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// Do sends a request and returns the service's answer, which is always one of success (2xx).
//
// Every failure after the request was found well-formed is an [*Error], also one of the network or of the
// authentication provider. [Error.EffectUnknown] says whether the request may have been carried out all the same.
// The context bounds all attempts and the waits between them.
func (c *Client) Do(ctx context.Context, r Request) (*Reply, error) {
	r.Method = cmp.Or(r.Method, http.MethodGet)
	p := &progress{request: r, clientRequestID: newUUID()}
	request, err := c.newRequest(withProgress(ctx, p))
	if err != nil {
		return nil, err
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, failedError(p, withoutURL(err))
	}
	defer response.Body.Close()
	reply, err := readReply(p, response)
	if err != nil {
		return nil, failedError(p, err)
	}
	if reply.StatusCode < 200 || reply.StatusCode > 299 {
		return nil, refusedError(p, response, reply)
	}
	return reply, nil
}

// HTTPClient sends as the client does, but without tokens; it does not follow redirects.
func (c *Client) HTTPClient() *http.Client {
	plain := *c.plain
	return &plain
}

// CloseIdleConnections closes connections kept for later requests. It disturbs no request under way, and the client
// stays usable.
func (c *Client) CloseIdleConnections() {
	if t, ok := c.transport.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

// withoutURL strips what http.Client puts around an error: method and full URL, which Error has in its own way.
func withoutURL(err error) error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		return wrapped.Err
	}
	return err
}
