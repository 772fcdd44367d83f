package statefulclient

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"go.uber.org/zap"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/internal/order"
	"github.com/graphcalls/graphcalls-go/internal/reduce"
	"github.com/graphcalls/graphcalls-go/internal/schedule"
	"github.com/graphcalls/graphcalls-go/media"
	"github.com/graphcalls/graphcalls-go/store"
	"github.com/graphcalls/graphcalls-go/transport"
)

// DefaultServiceBaseURL is Microsoft Graph, version 1.0.
const DefaultServiceBaseURL = "https://graph.microsoft.com/v1.0"

// StatefulClientBuilder puts a Client together. It mirrors the .NET SDK's
// CommunicationsClientBuilder. Its setters check nothing; Build reports all
// mistakes together. A builder is for one goroutine.
type StatefulClientBuilder struct {
	appName  string
	appID    string
	provider auth.Provider
	callback string
	base     string
	http     *http.Client
	headers  http.Header
	media    *media.PlatformSettings
	logger   *zap.Logger
	limits   Limits
	store    store.Store
	instance *Instance
	redirect RedirectHook

	membership *membership // nil without SetFleet
}

// NewStatefulClientBuilder starts a client for a bot: its name, as others may
// see it, and its app id.
func NewStatefulClientBuilder(appName, appID string) *StatefulClientBuilder {
	return &StatefulClientBuilder{appName: appName, appID: appID, base: DefaultServiceBaseURL}
}

// SetAuthenticationProvider sets who proves the bot to the platform and checks
// the platform's own tokens, such as an auth.ClientCredentials. Required. The
// provider stays the caller's to close.
func (b *StatefulClientBuilder) SetAuthenticationProvider(provider auth.Provider) *StatefulClientBuilder {
	b.provider = provider
	return b
}

// SetNotificationUrl sets the public address of the client's Handler, where
// the platform sends the notifications of calls that name no other. Required;
// https only.
//
//nolint:revive // spelt as in Microsoft's SDKs
func (b *StatefulClientBuilder) SetNotificationUrl(address string) *StatefulClientBuilder {
	b.callback = address
	return b
}

// SetServiceBaseUrl sets the address of Microsoft Graph with its version;
// DefaultServiceBaseURL unless set. https only.
//
//nolint:revive // spelt as in Microsoft's SDKs
func (b *StatefulClientBuilder) SetServiceBaseUrl(address string) *StatefulClientBuilder {
	b.base = address
	return b
}

// SetHttpClient sets what requests are sent with, and headers added to each. Only
// its Transport is used, and its Timeout as the bound of one attempt. Unless set, the
// proxy environment variables are honoured, and an attempt takes 30 seconds at most.
//
//nolint:revive // spelt as in Microsoft's SDKs
func (b *StatefulClientBuilder) SetHttpClient(client *http.Client, headers http.Header) *StatefulClientBuilder {
	b.http, b.headers = client, headers
	return b
}

// SetMediaPlatformSettings has Build check where the bot's own media stack is
// reached; only for app-hosted media. The client does nothing else with them.
func (b *StatefulClientBuilder) SetMediaPlatformSettings(settings media.PlatformSettings) *StatefulClientBuilder {
	b.media = &settings
	return b
}

// SetLogger sets where the client logs to; nowhere unless set. Package slogbridge
// makes a logger of a handler of log/slog. docs/logs.md lists what is logged: nothing
// secret, at any level.
func (b *StatefulClientBuilder) SetLogger(logger *zap.Logger) *StatefulClientBuilder {
	b.logger = logger
	return b
}

// SetLimits sets the client's bounds in number and time. Zero fields keep
// their defaults.
func (b *StatefulClientBuilder) SetLimits(limits Limits) *StatefulClientBuilder {
	b.limits = limits
	return b
}

// SetStore sets where the client keeps its calls beyond its own life, such as
// store.OpenFiles; nowhere unless set. Rehydrate brings them back. The store
// stays the caller's to close, after the client: see Flush.
//
// It mirrors the .NET SDK's SetCacheStrategy.
func (b *StatefulClientBuilder) SetStore(calls store.Store) *StatefulClientBuilder {
	b.store = calls
	return b
}

// SetInstance says which of several processes this is that share the
// notification URL. A bot of one process needs none.
func (b *StatefulClientBuilder) SetInstance(instance Instance) *StatefulClientBuilder {
	b.instance = &instance
	return b
}

// SetRedirectHook sets who decides where arriving calls are taken; here unless set.
func (b *StatefulClientBuilder) SetRedirectHook(hook RedirectHook) *StatefulClientBuilder {
	b.redirect = hook
	return b
}

// Build returns the client, or one error that names every mistake. It does no
// I/O.
func (b *StatefulClientBuilder) Build() (*Client, error) {
	problems := []error{b.check()}
	logger := b.logger
	if logger == nil {
		logger = zap.NewNop()
	}
	observers := &observers{}
	var rest *transport.Client
	if b.provider != nil {
		var err error
		rest, err = transport.NewClient(transport.ClientOptions{
			BaseURL: b.base, Provider: b.provider, HTTPClient: b.http, Headers: b.headers,
			UserAgent: userAgent(b.appName), Logger: logger.Named("graph"), DownloadHosts: b.limits.RecordingHosts,
			Observe: observers.observeRequest,
		})
		problems = append(problems, err)
	}
	if err := errors.Join(problems...); err != nil {
		return nil, fmt.Errorf("statefulclient: cannot build %q: %w", b.appName, err)
	}
	c := b.assemble(rest, logger, observers)
	if err := b.join(c); err != nil {
		c.Close()
		return nil, fmt.Errorf("statefulclient: cannot build %q: %w", b.appName, err)
	}
	return c, nil
}

func (b *StatefulClientBuilder) check() error {
	var problems []error
	if b.appID == "" {
		problems = append(problems, errors.New("the app id is missing: pass the bot's to NewStatefulClientBuilder"))
	}
	if b.provider == nil {
		problems = append(problems, errors.New("no authentication provider: call SetAuthenticationProvider, for instance with auth.NewClientCredentials"))
	}
	if err := checkHTTPS(b.callback); err != nil {
		problems = append(problems, fmt.Errorf("SetNotificationUrl: %w", err))
	}
	if err := checkHTTPS(b.base); err != nil && b.provider == nil { // else the transport says so
		problems = append(problems, fmt.Errorf("SetServiceBaseUrl: %w", err))
	}
	if b.media != nil {
		problems = append(problems, b.media.Validate())
	}
	if b.instance != nil {
		problems = append(problems, b.instance.check())
	}
	if b.membership != nil {
		problems = append(problems, b.membership.check())
	}
	if b.membership != nil && b.instance != nil {
		problems = append(problems, errors.New("SetFleet and SetInstance exclude each other: keep SetFleet where calls are to survive their process"))
	}
	return errors.Join(problems...)
}

func checkHTTPS(address string) error {
	parsed, err := url.Parse(address)
	switch {
	case address == "":
		return errors.New("the address is missing; the platform needs one it can reach, starting with https://")
	case err != nil || parsed.Host == "":
		return errors.New("the address is not a URL; it must look like https://bot.contoso.com/api/calls")
	case parsed.Scheme != "https":
		return fmt.Errorf("the address must start with https://, not %s://; for a bot on this machine use a tunnel, or the simulator", parsed.Scheme)
	default:
		return nil
	}
}

func userAgent(appName string) string {
	name := make([]rune, 0, len(appName))
	for _, r := range appName {
		if r > ' ' && r < 127 && r != '/' {
			name = append(name, r)
		}
	}
	if len(name) == 0 {
		return "graphcalls-go"
	}
	return string(name) + " graphcalls-go"
}

func (b *StatefulClientBuilder) assemble(rest *transport.Client, logger *zap.Logger, observers *observers) *Client {
	limits := b.limits.withDefaults()
	c := &Client{
		appID: b.appID, callback: b.callback, rest: rest,
		logger: logger, observers: observers, limits: limits, reducer: reduce.NewReducer(),
		redirect: b.redirect, routes: &routes{appID: b.appID},
	}
	c.settles, c.epoch = b.membership != nil, rand.Text()
	c.context, c.cancel = context.WithCancelCause(context.Background())
	c.handlerContext = context.WithValue(c.context, handlerKey{}, c)
	c.schedule = schedule.New(&c.group)
	c.inboxes.Group, c.inboxes.Handle, c.inboxes.Then = &c.group, (*Call).open, (*Call).claimDelivery
	c.outboxes.Group, c.outboxes.Handle = &c.group, (*Call).deliver
	c.outboxes.FoldAt, c.outboxes.Fold = limits.HandlerBacklog, fold
	c.notices, c.diagnosis = newNotices(c), newNotices(c)
	c.slowness = newSlowness(c)
	c.resyncs = newResyncs(c)
	c.resting = newResting(c)
	c.keeper = newKeeper(c, b.store)
	c.calls = &Calls{
		client:     c,
		tombstones: order.NewTombstones(limits.Tombstones),
		unanswered: order.NewTombstones(limits.Tombstones),
		parking:    order.NewParking[parked](limits.Parked, limits.ParkedBytes, limits.ParkFor),
		seen:       order.NewSeen(limits.RememberedDeliveries),
	}
	c.webhook = transport.NewWebhook(transport.WebhookOptions{
		Provider: b.provider, Receiver: receiver{c.calls}, Logger: logger.Named("webhook"), MaxBodyBytes: limits.NotificationBytes,
		MaxBytesAtOnce: limits.NotificationBytesAtOnce, MaxNotifications: limits.Notifications,
	})
	return c
}

// join makes the client one of a fleet, if it is to be.
func (b *StatefulClientBuilder) join(c *Client) error {
	switch {
	case b.instance != nil:
		c.home, c.routes.key = b.instance.ID, b.instance.Key
		c.fleet = &instanceFleet{intake: Intake{c.calls}, own: b.instance.ID, forwarder: b.instance.Forwarder}
	case b.membership != nil:
		c.routes.key = b.membership.key
		if c.fleet = b.membership.join(Intake{c.calls}); c.fleet == nil {
			return errors.New("SetFleet: join returned no Fleet")
		}
	}
	return nil
}
