package simulator

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/golang-jwt/jwt/v5"
)

const graphResource = "https://graph.microsoft.com"

// caller is who an access token speaks for.
type caller struct {
	bot         *Bot
	tenantID    string
	permissions []string
}

type tokenClaims struct {
	jwt.RegisteredClaims
	AppID    string   `json:"appid"`
	TenantID string   `json:"tid"`
	Roles    []string `json:"roles"`
	Version  string   `json:"ver"`
}

type tokenReply struct {
	Type            string `json:"token_type"`
	ExpiresIn       int64  `json:"expires_in"`
	ExtendedExpires int64  `json:"ext_expires_in"`
	AccessToken     string `json:"access_token"`
}

// tokenRefusal is an error as Azure AD words it.
type tokenRefusal struct {
	Status        int    `json:"-"`
	Error         string `json:"error"`
	Description   string `json:"error_description"`
	Codes         []int  `json:"error_codes"`
	Timestamp     string `json:"timestamp"`
	TraceID       string `json:"trace_id"`
	CorrelationID string `json:"correlation_id"`
	URI           string `json:"error_uri"`
}

// grant serves POST {authority}/{tenant}/oauth2/v2.0/token.
func (p *Platform) grant(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, p.options.BodyLimit)
	if err := r.ParseForm(); err != nil {
		p.refuseToken(w, http.StatusBadRequest, "invalid_request", 900144, "The request body must be a form.")
		return
	}
	appID, secret := credentials(r)
	bot := p.botWithID(appID)
	tenantID, known := p.tenantNamed(r.PathValue("tenant"), bot)
	grantType, scope := r.PostForm.Get("grant_type"), r.PostForm.Get("scope")
	switch {
	case grantType != "client_credentials":
		p.refuseToken(w, http.StatusBadRequest, "unsupported_grant_type", 70003, "The app requested an unsupported grant type; use client_credentials.")
	case bot == nil:
		p.refuseToken(w, http.StatusBadRequest, "unauthorized_client", 700016, "Application was not found in the directory.")
	case !known:
		p.refuseToken(w, http.StatusBadRequest, "invalid_request", 90002, "Tenant not found. Check to make sure you have the correct tenant ID.")
	case secret != bot.Secret:
		p.refuseToken(w, http.StatusUnauthorized, "invalid_client", 7000215, "Invalid client secret provided.")
	case !slices.Contains([]string{graphResource + "/.default", p.address + "/.default"}, scope):
		p.refuseToken(w, http.StatusBadRequest, "invalid_scope", 70011, "The provided value for the input parameter 'scope' is not valid; use "+graphResource+"/.default.")
	default:
		p.replyToken(w, bot, tenantID)
	}
}

// credentials are in the form or, each escaped as RFC 6749 has it, in the
// header.
func credentials(r *http.Request) (appID, secret string) {
	appID, secret, basic := r.BasicAuth()
	if !basic {
		return r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	}
	for _, part := range []*string{&appID, &secret} {
		if plain, err := url.QueryUnescape(*part); err == nil {
			*part = plain
		}
	}
	return appID, secret
}

func (p *Platform) replyToken(w http.ResponseWriter, bot *Bot, tenantID string) {
	token, err := p.AccessToken(bot, tenantID)
	if err != nil {
		p.refuseToken(w, http.StatusInternalServerError, "server_error", 90020, "The token could not be made.")
		return
	}
	p.counters.tokens.Add(1)
	life := int64(p.options.AccessTokenLifetime.Seconds())
	writeJSON(w, http.StatusOK, tokenReply{"Bearer", life, life, token})
}

func (p *Platform) refuseToken(w http.ResponseWriter, status int, kind string, code int, message string) {
	p.counters.tokensRefused.Add(1)
	now, trace, correlation := p.clock.now().UTC(), newID(), newID()
	writeJSON(w, status, tokenRefusal{
		Error: kind,
		Description: fmt.Sprintf("AADSTS%d: %s Trace ID: %s Correlation ID: %s Timestamp: %s",
			code, message, trace, correlation, now.Format("2006-01-02 15:04:05Z")),
		Codes: []int{code}, Timestamp: now.Format("2006-01-02 15:04:05Z"),
		TraceID: trace, CorrelationID: correlation,
		URI: fmt.Sprintf("%s/login/error?code=%d", p.address, code),
	})
}

// AccessToken makes a token as the token endpoint grants it, for a test that
// talks to the service by hand. Forgeries make it one the service refuses.
func (p *Platform) AccessToken(bot *Bot, tenantID string, forgeries ...Forgery) (string, error) {
	now, key := p.clock.now(), p.accessKeys.current()
	draft := &Draft{
		Header: map[string]any{"kid": key.id, "x5t": key.id},
		Claims: jwt.MapClaims{
			"aud": graphResource, "iss": "https://sts.windows.net/" + tenantID + "/",
			"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(p.options.AccessTokenLifetime).Unix(),
			"appid": bot.AppID, "appidacr": "1", "app_displayname": bot.DisplayName, "idtyp": "app",
			"roles": bot.Permissions, "tid": tenantID, "ver": "1.0", "jti": newID(),
		},
		Method: jwt.SigningMethodRS256,
		Key:    key.private,
	}
	for _, forge := range forgeries {
		forge(draft)
	}
	return draft.sign()
}

// authenticate says who sent a request, or nil.
func (p *Platform) authenticate(r *http.Request) *caller {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return nil
	}
	var claims tokenClaims
	_, err := jwt.ParseWithClaims(token, &claims, func(token *jwt.Token) (any, error) {
		key := p.accessKeys.current()
		if token.Header["kid"] != key.id {
			return nil, jwt.ErrTokenUnverifiable
		}
		return key.private.Public(), nil
	}, jwt.WithValidMethods([]string{"RS256"}), jwt.WithAudience(graphResource), jwt.WithExpirationRequired(), jwt.WithTimeFunc(p.clock.now))
	if err != nil || claims.Issuer != "https://sts.windows.net/"+claims.TenantID+"/" {
		return nil
	}
	bot := p.botWithID(claims.AppID)
	if bot == nil {
		return nil
	}
	return &caller{bot, claims.TenantID, claims.Roles}
}
