package transport

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"go.uber.org/zap"

	"github.com/graphcalls/graphcalls-go/auth"
)

const (
	defaultUserAgent         = "graphcalls-go"
	defaultTimeout           = 30 * time.Second
	defaultMaxRetries        = 3
	defaultRetryDelay        = 500 * time.Millisecond
	defaultRetryBudget       = 30 * time.Second
	defaultRequestsPerSecond = 200 // the service allows an application 5,000 in 10 seconds, all instances together
	maxReplyBytes            = 16 << 20
)

// ClientOptions configures a [Client].
type ClientOptions struct {
	// BaseURL is the service and its version, such as https://graph.microsoft.com/v1.0. Required; https only. Tokens
	// are sent to its host and to no other.
	BaseURL string
	// Provider gives each request its token. Required.
	Provider auth.Provider
	// HTTPClient lends its Transport, and its Timeout as the bound of one attempt; the rest of it is not used. Nil
	// means a transport that honours the proxy environment variables, and 30 seconds. The Transport must not repeat
	// requests on its own, beyond what http.Transport does.
	HTTPClient *http.Client
	// Headers are added to each request. Those that the client sets itself are refused, and Idempotency-Key, which
	// would make net/http repeat a POST.
	Headers http.Header
	// DownloadHosts are the domains, beside the service's own host, that Download may send a file's token to, such as
	// contoso.com for all hosts in it. None unless set.
	DownloadHosts []string
	// UserAgent names the bot to the service. "" means graphcalls-go.
	UserAgent string
	// Logger gets one debug line per attempt: method, path, status, duration and ids. Nil means none.
	Logger *zap.Logger
	// Observe is told of each request as it begins and ends. Nil means none.
	Observe Observe
	// RequestsPerSecond is the rate to which the client holds itself, with bursts of RequestBurst. 0 means 200, and a
	// burst of one second's worth; a negative rate means no limit.
	RequestsPerSecond float64
	RequestBurst      int
	// MaxRetries is how many times a request is sent again at most. 0 means 3; negative means never.
	MaxRetries int
	// RetryDelay is about how long to wait before the first retry when the service does not say; later waits grow.
	// 0 means 500 ms.
	RetryDelay time.Duration
	// RetryBudget bounds the waits of one request together. When the service asks for a longer wait its answer is
	// returned at once. 0 means 30 seconds.
	RetryBudget time.Duration
}

func (o ClientOptions) completed() ClientOptions {
	lent := http.Client{}
	if o.HTTPClient != nil {
		lent.Transport, lent.Timeout = o.HTTPClient.Transport, o.HTTPClient.Timeout
	}
	if lent.Transport == nil {
		lent.Transport = defaultTransport()
	}
	lent.Timeout = cmp.Or(lent.Timeout, defaultTimeout)
	o.HTTPClient = &lent
	o.UserAgent = cmp.Or(o.UserAgent, defaultUserAgent)
	o.Logger = cmp.Or(o.Logger, zap.NewNop())
	o.RequestsPerSecond = cmp.Or(o.RequestsPerSecond, defaultRequestsPerSecond)
	o.RequestBurst = cmp.Or(o.RequestBurst, max(1, int(o.RequestsPerSecond)))
	o.MaxRetries = cmp.Or(o.MaxRetries, defaultMaxRetries)
	o.RetryDelay = cmp.Or(o.RetryDelay, defaultRetryDelay)
	o.RetryBudget = cmp.Or(o.RetryBudget, defaultRetryBudget)
	return o
}

func (o ClientOptions) mistakes() error {
	_, err := parseBaseURL(o.BaseURL)
	mistakes := []error{err}
	if o.Provider == nil {
		mistakes = append(mistakes, errors.New(
			"transport: Provider is missing: give one, such as auth.NewClientCredentials makes"))
	}
	for name := range o.Headers {
		if reservedHeader(name) {
			mistakes = append(mistakes, fmt.Errorf(
				"transport: Headers holds %s, which is not for it to set: remove it", http.CanonicalHeaderKey(name)))
		}
	}
	if slices.ContainsFunc(o.DownloadHosts, func(host string) bool { return strings.Trim(host, ".") == "" }) {
		mistakes = append(mistakes, errors.New("transport: DownloadHosts holds an empty name, which would trust many: remove it"))
	}
	if o.RetryDelay < 0 || o.RetryBudget < 0 || o.RequestBurst < 0 {
		mistakes = append(mistakes, errors.New(
			"transport: RetryDelay, RetryBudget or RequestBurst is negative: leave it 0 for the default"))
	}
	return errors.Join(mistakes...)
}

// reservedHeader reports whether a header is set by the client or net/http, or would make net/http repeat a POST.
func reservedHeader(name string) bool {
	switch http.CanonicalHeaderKey(name) {
	case "Authorization", "Host", "Content-Length", "Content-Type", "Transfer-Encoding", "Connection", "Accept",
		"User-Agent", "Client-Request-Id", "Scenario-Id", "Idempotency-Key", "X-Idempotency-Key":
		return true
	}
	return false
}

func parseBaseURL(text string) (*url.URL, error) {
	base, err := url.Parse(text)
	switch {
	case err != nil || base.Host == "":
		return nil, errors.New("transport: BaseURL is no URL: give one such as https://graph.microsoft.com/v1.0")
	case base.Scheme != "https":
		return nil, errors.New("transport: BaseURL is not https: tokens are not sent over plain http")
	case base.User != nil || base.RawQuery != "" || base.Fragment != "":
		return nil, errors.New("transport: BaseURL holds a user, a query or a fragment: remove it")
	}
	base.Path, base.RawPath = strings.TrimRight(base.Path, "/"), ""
	return base, nil
}

func defaultTransport() http.RoundTripper {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:   10 * time.Second,
		ExpectContinueTimeout: time.Second,
		MaxIdleConns:          100,
		MaxIdleConnsPerHost:   32,
		IdleConnTimeout:       90 * time.Second,
		ForceAttemptHTTP2:     true,
	}
}
