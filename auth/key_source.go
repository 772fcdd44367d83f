package auth

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"
)

const (
	// keyRefreshInterval bounds how long a key lives on here after the platform withdrew it.
	keyRefreshInterval = time.Hour
	// keyRetryInterval is how soon a background refresh that failed is tried again.
	keyRetryInterval = time.Minute
	// keyRetryPause spaces the fetches that requests ask for while fetching fails.
	keyRetryPause = time.Second
	// unknownKeyInterval and unknownKeyBurst bound the fetches that tokens with unknown keys, forged ones perhaps, may
	// cause. The burst lets a true rotation through right after one forgery.
	unknownKeyInterval = 30 * time.Second
	unknownKeyBurst    = 2
)

// keySource keeps the signing keys behind one OpenID configuration. It fetches nothing before it is first asked, then
// refreshes in the background; known keys are served without waiting, also while refreshing fails.
type keySource struct {
	configurationURL    string
	configurationMaxAge time.Duration
	client              *http.Client
	fetchTimeout        time.Duration
	lifetime            context.Context //nolint:containedctx // ended by the owner's Close

	current atomic.Pointer[keySet] // nil before the first successful fetch

	mu          sync.Mutex
	fetching    *flight[*keySet] // nil when no fetch is under way
	failure     error            // of the latest fetch, nil when it succeeded
	attemptedAt time.Time
	unknownKeys *rate.Limiter
	next        *time.Timer // the next background refresh

	// Touched only by the fetch under way, of which there is at most one.
	keysURL      string
	configuredAt time.Time
}

func newKeySource(lifetime context.Context, configurationURL string, options ValidatorOptions) *keySource {
	return &keySource{
		configurationURL:    configurationURL,
		configurationMaxAge: options.ConfigurationMaxAge,
		client:              options.HTTPClient,
		fetchTimeout:        options.FetchTimeout,
		lifetime:            lifetime,
		unknownKeys:         rate.NewLimiter(rate.Every(unknownKeyInterval), unknownKeyBurst),
	}
}

// newer returns a set other than the one already seen to lack a key. It waits for the fetch under way, or starts one
// where the limits allow; where they do not, it returns the current set, or the error of the latest fetch.
func (s *keySource) newer(ctx context.Context, seen *keySet) (*keySet, error) {
	s.mu.Lock()
	if current := s.current.Load(); current != seen {
		s.mu.Unlock()
		return current, nil
	}
	if s.fetching == nil && s.mayFetch() {
		s.start()
	}
	fetching, failure := s.fetching, s.failure
	s.mu.Unlock()
	switch {
	case fetching != nil:
		return fetching.wait(ctx)
	case failure != nil:
		return nil, failure
	}
	return seen, nil
}

// mayFetch decides whether a request may cause a fetch now. The caller holds mu.
func (s *keySource) mayFetch() bool {
	allowed := s.unknownKeys.Allow() // asked in any case, so that every fetch counts
	if s.failure == nil && s.current.Load() != nil {
		return allowed
	}
	return time.Since(s.attemptedAt) >= keyRetryPause
}

// start launches a fetch. The caller holds mu and has seen that none is under way.
func (s *keySource) start() {
	s.attemptedAt = time.Now()
	s.fetching = launch(s.lifetime, s.fetchTimeout, s.fetch)
}

func (s *keySource) fetch(ctx context.Context) (*keySet, error) {
	fetched, err := s.download(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fetching, s.failure = nil, err
	if err != nil {
		s.schedule(keyRetryInterval)
		return nil, err
	}
	s.current.Store(fetched)
	s.schedule(keyRefreshInterval)
	return fetched, nil
}

func (s *keySource) download(ctx context.Context) (*keySet, error) {
	keysURL, err := s.locate(ctx)
	if err != nil {
		return nil, err
	}
	var document struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := fetchDocument(ctx, s.client, keysURL, &document); err != nil {
		s.configuredAt = time.Time{} // the keys may have moved: ask the configuration again next time
		return nil, err
	}
	return newKeySet(ctx, document.Keys)
}

// locate returns where the keys are: by the configuration while it is young, by asking again when it is old, and by
// the old one when asking fails.
func (s *keySource) locate(ctx context.Context) (string, error) {
	if s.keysURL != "" && time.Since(s.configuredAt) < s.configurationMaxAge {
		return s.keysURL, nil
	}
	var configuration struct {
		KeysURL string `json:"jwks_uri"`
	}
	err := fetchDocument(ctx, s.client, s.configurationURL, &configuration)
	if err == nil && checkURL("jwks_uri", configuration.KeysURL) != nil {
		err = fmt.Errorf("fetch keys: %s names no https jwks_uri", s.configurationURL)
	}
	switch {
	case err == nil:
		s.keysURL, s.configuredAt = configuration.KeysURL, time.Now()
	case s.keysURL == "":
		return "", err
	}
	return s.keysURL, nil
}

// schedule sets the next background refresh. The caller holds mu.
func (s *keySource) schedule(after time.Duration) {
	switch {
	case s.lifetime.Err() != nil:
	case s.next == nil:
		s.next = time.AfterFunc(after, s.refresh)
	default:
		s.next.Reset(after)
	}
}

func (s *keySource) refresh() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fetching == nil && s.lifetime.Err() == nil {
		s.start()
	}
}

// stop ends the background refresh, once lifetime has ended.
func (s *keySource) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.next != nil {
		s.next.Stop()
	}
}
