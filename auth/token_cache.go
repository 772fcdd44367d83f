package auth

import (
	"context"
	"errors"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
)

const (
	maxTenants = 1024
	// earlyRefresh is how long before its end a token is replaced, in the background, while it is still used.
	earlyRefresh = 5 * time.Minute
	// lastUse is how long before its end a token is no longer sent, for it must arrive alive.
	lastUse = 10 * time.Second
	// youngToken is how old a token must be to be replaced because it was refused: where a new one is refused too,
	// another would fare no better.
	youngToken = 30 * time.Second
	// earlyRetryPause spaces the background fetches when they fail; the token at hand is still good.
	earlyRetryPause = 30 * time.Second
)

// tokenCache keeps one token per tenant, for the tenants used latest.
type tokenCache struct {
	lifetime     context.Context //nolint:containedctx // ended by the owner's Close
	fetch        TokenFunc
	fetchTimeout time.Duration
	tenants      *lru.Cache[string, *tenantToken]
}

func newTokenCache(lifetime context.Context, fetch TokenFunc, fetchTimeout time.Duration) (*tokenCache, error) {
	tenants, err := lru.New[string, *tenantToken](maxTenants)
	if err != nil {
		return nil, err
	}
	return &tokenCache{lifetime: lifetime, fetch: fetch, fetchTimeout: fetchTimeout, tenants: tenants}, nil
}

// token returns the tenant's token, fetched if need be.
func (c *tokenCache) token(ctx context.Context, tenant string) (string, error) {
	entry, ok := c.tenants.Get(tenant)
	if !ok {
		entry = &tenantToken{cache: c, tenant: tenant}
		if earlier, found, _ := c.tenants.PeekOrAdd(tenant, entry); found {
			entry = earlier
		}
	}
	return entry.get(ctx)
}

// refused drops the tenant's token if it is the one given, and reports whether another will be used from now on.
func (c *tokenCache) refused(tenant, value string) bool {
	entry, ok := c.tenants.Peek(tenant)
	return ok && entry.refused(value)
}

// tenantToken is the token of one tenant and the fetch of its successor.
type tenantToken struct {
	cache  *tokenCache
	tenant string

	mu        sync.Mutex
	value     string
	fetched   time.Time
	expiry    time.Time
	refreshAt time.Time
	fetching  *flight[string] // nil when no fetch is under way
}

// get returns the token at once while it is good, starting a fetch of the next one when it ages; without a good token
// all callers wait for the same fetch, each no longer than its context allows.
func (t *tenantToken) get(ctx context.Context) (string, error) {
	t.mu.Lock()
	now := time.Now()
	value, good := t.value, now.Before(t.expiry.Add(-lastUse))
	if t.fetching == nil && (!good || !now.Before(t.refreshAt)) {
		t.fetching = launch(t.cache.lifetime, t.cache.fetchTimeout, t.fetch)
	}
	fetching := t.fetching
	t.mu.Unlock()
	if good {
		return value, nil
	}
	value, err := fetching.wait(ctx)
	switch {
	case err == nil:
		return value, nil
	case t.cache.lifetime.Err() != nil:
		return "", ErrClosed
	case errors.Is(err, ctx.Err()):
		return "", abandonedError(t.tenant, err)
	}
	return "", err
}

func (t *tenantToken) refused(value string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.value != value:
		return true // it was replaced meanwhile
	case time.Since(t.fetched) < youngToken:
		return false
	}
	t.expiry = time.Time{}
	return true
}

func (t *tenantToken) fetch(ctx context.Context) (string, error) {
	value, expiry, err := t.call(ctx)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.fetching = nil
	now := time.Now()
	if err != nil {
		t.refreshAt = now.Add(earlyRetryPause)
		return "", functionError(t.tenant, err)
	}
	t.value, t.fetched, t.expiry = value, now, expiry
	t.refreshAt = expiry.Add(-min(earlyRefresh, expiry.Sub(now)/2))
	return value, nil
}

// call runs the TokenFunc, which may be the application's code: on our goroutine its panic would end the process.
func (t *tenantToken) call(ctx context.Context) (value string, expiry time.Time, err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("it panicked")
		}
	}()
	value, expiry, err = t.cache.fetch(ctx, t.tenant)
	switch {
	case err != nil:
		return "", time.Time{}, err
	case value == "":
		return "", time.Time{}, errors.New("it returned an empty token")
	case !expiry.IsZero() && !time.Now().Before(expiry):
		return "", time.Time{}, errors.New("it returned an expired token")
	}
	return value, expiry, nil
}
