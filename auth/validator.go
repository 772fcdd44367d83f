package auth

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
	lru "github.com/hashicorp/golang-lru/v2"
)

const (
	defaultLeeway              = time.Minute
	maxLeeway                  = 5 * time.Minute // the lifetime of a platform token
	defaultConfigurationMaxAge = 2 * time.Hour
	defaultRememberedTokens    = 1024
	defaultFetchTimeout        = 5 * time.Second
	maxTokenBytes              = 16 << 10
)

// ValidatorOptions configures a [Validator].
type ValidatorOptions struct {
	// AppID is the bot's application (client) id: the audience a token must name. Required.
	AppID string
	// Cloud says whose tokens are accepted and where their keys are. Empty fields mean those of [Global].
	Cloud Cloud
	// HTTPClient fetches configurations and keys. Nil means http.DefaultClient. Plain http is refused whatever it does.
	HTTPClient *http.Client
	// FetchTimeout bounds one fetch of a configuration and its keys together. 0 means 5 seconds.
	FetchTimeout time.Duration
	// Leeway is how far the clocks of the platform and of this machine may differ: at most 5 minutes. 0 means 1 minute.
	Leeway time.Duration
	// ConfigurationMaxAge is how long an OpenID configuration is used before it is read again. 0 means 2 hours. The
	// keys themselves are refreshed every hour, and when a token names an unknown one.
	ConfigurationMaxAge time.Duration
	// RememberedTokens is how many verified tokens are kept, so that the next request with the same one needs no
	// signature check. 0 means 1,024.
	RememberedTokens int
}

func (o ValidatorOptions) completed() ValidatorOptions {
	o.Cloud = o.Cloud.completed()
	o.HTTPClient = secureClient(o.HTTPClient)
	o.FetchTimeout = cmp.Or(o.FetchTimeout, defaultFetchTimeout)
	o.Leeway = cmp.Or(o.Leeway, defaultLeeway)
	o.ConfigurationMaxAge = cmp.Or(o.ConfigurationMaxAge, defaultConfigurationMaxAge)
	o.RememberedTokens = cmp.Or(o.RememberedTokens, defaultRememberedTokens)
	return o
}

func (o ValidatorOptions) mistakes() error {
	mistakes := []error{o.Cloud.inboundMistakes()}
	if o.AppID == "" || strings.TrimSpace(o.AppID) != o.AppID {
		mistakes = append(mistakes, errors.New(
			"auth: AppID is empty or has white space around it: give the bot's application (client) id"))
	}
	if o.FetchTimeout < 0 {
		mistakes = append(mistakes, errors.New("auth: FetchTimeout is negative: leave it 0 for 5 seconds"))
	}
	if o.Leeway < 0 || o.Leeway > maxLeeway {
		mistakes = append(mistakes, errors.New("auth: Leeway is negative or above 5 minutes: leave it 0 for 1 minute"))
	}
	if o.ConfigurationMaxAge < 0 {
		mistakes = append(mistakes, errors.New("auth: ConfigurationMaxAge is negative: leave it 0 for 2 hours"))
	}
	if o.RememberedTokens < 0 {
		mistakes = append(mistakes, errors.New("auth: RememberedTokens is negative: leave it 0 for 1,024"))
	}
	return errors.Join(mistakes...)
}

// Validator checks that requests come from the calling platform. It is safe for concurrent use.
type Validator struct {
	rules      claimRules
	parser     *jwt.Parser
	platform   *keySource
	azureAD    *keySource
	remembered *lru.Cache[[sha256.Size]byte, rememberedToken]

	lifetime context.Context //nolint:containedctx // ended by Close
	end      context.CancelFunc
}

// rememberedToken is a token whose signature was found good with a set of keys. Its claims are checked each time
// again: what is remembered is the signature, not the verdict.
type rememberedToken struct {
	claims *claims
	keys   *keySet
}

// NewValidator makes a validator. It does no I/O: keys are fetched when first needed, or by Warm. The error reports
// all mistakes in the options together. Close the validator when done.
func NewValidator(options ValidatorOptions) (*Validator, error) {
	options = options.completed()
	if err := options.mistakes(); err != nil {
		return nil, err
	}
	remembered, err := lru.New[[sha256.Size]byte, rememberedToken](options.RememberedTokens)
	if err != nil {
		return nil, err
	}
	lifetime, end := context.WithCancel(context.Background())
	return &Validator{
		rules: claimRules{
			appID:        options.AppID,
			issuers:      options.Cloud.Issuers,
			callingAppID: options.Cloud.CallingAppID,
			leeway:       options.Leeway,
		},
		// Claims are checked by claimRules, which also knows what the parser cannot, and before any key is looked up.
		parser: jwt.NewParser(
			jwt.WithValidMethods([]string{jwt.SigningMethodRS256.Alg()}), jwt.WithoutClaimsValidation()),
		platform:   newKeySource(lifetime, options.Cloud.OpenIDConfigurationURL, options),
		azureAD:    newKeySource(lifetime, options.Cloud.AzureADConfigurationURL, options),
		remembered: remembered,
		lifetime:   lifetime,
		end:        end,
	}, nil
}

// Warm fetches the platform's keys, so that the first notification need not wait for them.
func (v *Validator) Warm(ctx context.Context) error {
	if v.lifetime.Err() != nil {
		return ErrClosed
	}
	if _, err := v.platform.newer(ctx, nil); err != nil {
		return keysUnavailable(err)
	}
	return nil
}

// Close ends background refreshes and whatever is being fetched, without waiting. Requests are refused from then on.
// It may be called more than once.
func (v *Validator) Close() {
	v.end()
	v.platform.stop()
	v.azureAD.stop()
}

// ValidateInbound checks the bearer token of a request's Authorization header and returns what it says. It reads
// nothing else of the request. Every error is an [*InboundError] and matches [ErrUnauthorized].
//
// A token is held up only while keys are fetched that it needs; the context bounds that wait.
func (v *Validator) ValidateInbound(ctx context.Context, request *http.Request) (Identity, error) {
	raw, reason := bearerToken(request.Header)
	if reason != "" {
		return Identity{}, refused(reason)
	}
	if v.lifetime.Err() != nil {
		return Identity{}, keysUnavailable(ErrClosed)
	}
	digest := sha256.Sum256([]byte(raw))
	if known, ok := v.remembered.Get(digest); ok {
		if reason := v.rules.check(known.claims, time.Now()); reason != "" {
			v.remembered.Remove(digest)
			return Identity{}, refused(reason)
		}
		// A key that was withdrawn takes with it the tokens it signed.
		if v.source(known.claims).current.Load() == known.keys {
			return known.claims.identity(), nil
		}
	}
	verified, err := v.verify(ctx, raw)
	if err != nil {
		return Identity{}, err
	}
	v.remembered.Add(digest, verified)
	return verified.claims.identity(), nil
}

// bearerToken returns the one bearer token of the header, or why there is none.
func bearerToken(header http.Header) (string, Reason) {
	values := header.Values("Authorization")
	if len(values) == 0 {
		return "", ReasonNoToken
	}
	scheme, token, _ := strings.Cut(values[0], " ")
	token = strings.TrimSpace(token)
	switch {
	case len(values) > 1 || len(token) > maxTokenBytes:
		return "", ReasonMalformed
	case !strings.EqualFold(scheme, "Bearer") || token == "":
		return "", ReasonNoToken
	}
	return token, ""
}

// verify checks a token: first its form, algorithm and claims, which cost nothing, then its key, then its signature.
func (v *Validator) verify(ctx context.Context, raw string) (rememberedToken, error) {
	verified := rememberedToken{claims: &claims{}}
	token, err := v.parser.ParseWithClaims(raw, verified.claims, func(token *jwt.Token) (any, error) {
		if reason := v.rules.check(verified.claims, time.Now()); reason != "" {
			return nil, refused(reason)
		}
		key, keys, err := v.key(ctx, token, v.source(verified.claims))
		verified.keys = keys
		return key, err
	})
	var inbound *InboundError
	switch {
	case err == nil:
		return verified, nil
	case errors.As(err, &inbound):
		return rememberedToken{}, inbound
	case errors.Is(err, jwt.ErrTokenMalformed):
		return rememberedToken{}, refused(ReasonMalformed)
	case token.Method != jwt.SigningMethodRS256:
		return rememberedToken{}, refused(ReasonAlgorithm)
	}
	return rememberedToken{}, refused(ReasonSignature)
}

// source returns whose keys may sign a token with such claims.
func (v *Validator) source(c *claims) *keySource {
	if c.byAzureAD() {
		return v.azureAD
	}
	return v.platform
}

// key returns the key a token names and the set it is from.
func (v *Validator) key(ctx context.Context, token *jwt.Token, source *keySource) (any, *keySet, error) {
	if !namesKey(token) {
		return nil, nil, refused(ReasonUnknownKey)
	}
	current := source.current.Load()
	if current != nil {
		if key, ok := current.find(ctx, token); ok {
			return key, current, nil
		}
	}
	newer, err := source.newer(ctx, current)
	if err != nil {
		return nil, nil, keysUnavailable(err)
	}
	if key, ok := newer.find(ctx, token); ok {
		return key, newer, nil
	}
	return nil, nil, refused(ReasonUnknownKey)
}
