package auth

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// ClientCredentialsOptions configures [NewClientCredentials].
type ClientCredentialsOptions struct {
	// AppID is the bot's application (client) id. Required.
	AppID string
	// Secret is the value of a client secret of the application. Either this or TokenFunc is required.
	Secret string
	// TokenFunc gets tokens in another way than by a client secret.
	TokenFunc TokenFunc
	// Tenant is used where a request names none: an id or a domain name. May be empty when each request names its own.
	Tenant string
	// Cloud says where tokens come from and whose tokens are accepted. Empty fields mean those of [Global].
	Cloud Cloud
	// HTTPClient fetches tokens, configurations and keys. Nil means http.DefaultClient. Plain http is refused whatever
	// it does, and a redirect is never followed with a secret.
	HTTPClient *http.Client
	// FetchTimeout bounds one fetch: of a token, or of a configuration and its keys together. 0 means 5 seconds.
	FetchTimeout time.Duration
	// Leeway, ConfigurationMaxAge and RememberedTokens are those of [ValidatorOptions].
	Leeway              time.Duration
	ConfigurationMaxAge time.Duration
	RememberedTokens    int
}

func (o ClientCredentialsOptions) mistakes() error {
	mistakes := []error{o.Cloud.completed().outboundMistakes()}
	switch {
	case o.Secret == "" && o.TokenFunc == nil:
		mistakes = append(mistakes, errors.New("auth: neither Secret nor TokenFunc is set: set one of them"))
	case o.Secret != "" && o.TokenFunc != nil:
		mistakes = append(mistakes, errors.New("auth: both Secret and TokenFunc are set: set only one of them"))
	case strings.TrimSpace(o.Secret) != o.Secret:
		mistakes = append(mistakes, errors.New("auth: Secret has white space around it: remove it"))
	}
	if o.Tenant != "" && !validTenant(o.Tenant) {
		mistakes = append(mistakes, errors.New("auth: Tenant is neither a tenant id nor a domain name"))
	}
	return errors.Join(mistakes...)
}

func (o ClientCredentialsOptions) inbound() ValidatorOptions {
	return ValidatorOptions{
		AppID:               o.AppID,
		Cloud:               o.Cloud,
		HTTPClient:          o.HTTPClient,
		FetchTimeout:        o.FetchTimeout,
		Leeway:              o.Leeway,
		ConfigurationMaxAge: o.ConfigurationMaxAge,
		RememberedTokens:    o.RememberedTokens,
	}
}

// ClientCredentials is the ready-made [Provider]: OAuth 2.0 client credentials outbound, a [Validator] inbound. It is
// safe for concurrent use.
type ClientCredentials struct {
	inbound        *Validator
	tokens         *tokenCache
	tenant         string
	tenantRequired bool
}

var _ Provider = (*ClientCredentials)(nil)

// NewClientCredentials makes a provider. It does no I/O: tokens and keys are fetched when first needed, or by Warm.
// The error reports all mistakes in the options together. Close the provider when done.
func NewClientCredentials(options ClientCredentialsOptions) (*ClientCredentials, error) {
	if err := errors.Join(options.inbound().completed().mistakes(), options.mistakes()); err != nil {
		return nil, err
	}
	inbound, err := NewValidator(options.inbound())
	if err != nil {
		return nil, err
	}
	fetch := options.TokenFunc
	if fetch == nil {
		fetch = secretTokens(options)
	}
	tokens, err := newTokenCache(inbound.lifetime, fetch, cmp.Or(options.FetchTimeout, defaultFetchTimeout))
	if err != nil {
		return nil, err
	}
	return &ClientCredentials{
		inbound:        inbound,
		tokens:         tokens,
		tenant:         options.Tenant,
		tenantRequired: options.TokenFunc == nil,
	}, nil
}

// AuthenticateOutbound sets the request's Authorization header. Tokens are kept per tenant, for the 1,024 tenants used
// latest, and replaced five minutes before they end while the old one is still served. Callers who need the same token
// share one fetch; each waits no longer than its own context allows, and takes nothing from the others by giving up.
//
// The error is a [*TokenError], or matches [ErrPlainHTTP] when the request's URL is not https, or [ErrClosed].
func (p *ClientCredentials) AuthenticateOutbound(ctx context.Context, request *http.Request, tenant string) error {
	if request.URL.Scheme != "https" {
		return fmt.Errorf("auth: the request: %w", ErrPlainHTTP)
	}
	token, err := p.token(ctx, tenant)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	return nil
}

// Refused tells the provider that the platform has answered 401 to a request that AuthenticateOutbound had prepared for
// a tenant, and reports whether another attempt would carry another token. A token may end before its time, when the
// bot's secret or consent changes: so it is dropped, unless it is less than 30 seconds old.
func (p *ClientCredentials) Refused(request *http.Request, tenant string) bool {
	value, ok := strings.CutPrefix(request.Header.Get("Authorization"), "Bearer ")
	return ok && p.tokens.refused(strings.ToLower(cmp.Or(tenant, p.tenant)), value)
}

func (p *ClientCredentials) token(ctx context.Context, tenant string) (string, error) {
	tenant = strings.ToLower(cmp.Or(tenant, p.tenant))
	switch {
	case p.inbound.lifetime.Err() != nil:
		return "", ErrClosed
	case tenant == "" && p.tenantRequired:
		return "", &TokenError{Hint: "no tenant is given; set ClientCredentialsOptions.Tenant or name the call's tenant"}
	case tenant != "" && !validTenant(tenant):
		return "", &TokenError{Hint: "the tenant is neither a tenant id nor a domain name"}
	}
	return p.tokens.token(ctx, tenant)
}

// ValidateInbound is that of [Validator].
func (p *ClientCredentials) ValidateInbound(ctx context.Context, request *http.Request) (Identity, error) {
	return p.inbound.ValidateInbound(ctx, request)
}

// Warm fetches the platform's keys and, where there is a default tenant or a TokenFunc, a token, so that the first call
// need not wait for them. Its error reports both.
func (p *ClientCredentials) Warm(ctx context.Context) error {
	err := p.inbound.Warm(ctx)
	if p.tenant != "" || !p.tenantRequired {
		_, tokenErr := p.token(ctx, "")
		err = errors.Join(err, tokenErr)
	}
	return err
}

// Close ends background refreshes and whatever is being fetched, without waiting. Both directions refuse from then on.
// It may be called more than once.
func (p *ClientCredentials) Close() {
	p.inbound.Close()
}
