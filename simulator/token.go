package simulator

import (
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"maps"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	callbackIssuer = "https://api.botframework.com"
	// callingServiceID is the app id of the sender in tokens seen on the wire.
	callingServiceID  = "26a18ebc-cdf7-4a6a-91cb-beb352805e81"
	callbackTokenLife = 300 * time.Second
)

// Draft is a token about to be signed. A Forgery changes it.
type Draft struct {
	// Header without alg, which is Method's.
	Header map[string]any
	Claims jwt.MapClaims
	Method jwt.SigningMethod
	// Key is what Method signs with; a *rsa.PrivateKey to begin with.
	Key any
}

// Forgery makes a token wrong in one way. Several can be combined; they apply
// in order.
type Forgery func(*Draft)

// Token makes a callback token as the platform sends with every notification
// to a bot: RS256, good for 300 seconds, audience the bot's app id. Forgeries
// make it one a bot must refuse.
func (p *Platform) Token(bot *Bot, forgeries ...Forgery) (string, error) {
	return p.callbackToken(bot, bot.TenantID, forgeries...)
}

func (p *Platform) callbackToken(bot *Bot, tenantID string, forgeries ...Forgery) (string, error) {
	now, key := p.clock.now(), p.callbackKeys.current()
	draft := &Draft{
		Header: map[string]any{"typ": "JWT", "cty": "JWT", "kid": key.id, "x5t": key.id},
		Claims: jwt.MapClaims{
			"aud":   bot.AppID,
			"iss":   callbackIssuer,
			"tid":   tenantID,
			"appid": callingServiceID,
			"nbf":   now.Unix(),
			"exp":   now.Add(callbackTokenLife).Unix(),
		},
		Method: jwt.SigningMethodRS256,
		Key:    key.private,
	}
	for _, forge := range forgeries {
		forge(draft)
	}
	return draft.sign()
}

func (d *Draft) sign() (string, error) {
	token := jwt.NewWithClaims(d.Method, d.Claims)
	maps.Copy(token.Header, d.Header)
	signed, err := token.SignedString(d.Key)
	if err != nil {
		return "", fmt.Errorf("simulator: sign token: %w", err)
	}
	return signed, nil
}

// Expired makes a token's time be over, by an hour.
func Expired(d *Draft) { d.shift(-time.Hour - callbackTokenLife) }

// NotYetValid makes a token's time begin in an hour.
func NotYetValid(d *Draft) { d.shift(time.Hour) }

func (d *Draft) shift(by time.Duration) {
	for _, claim := range []string{"nbf", "exp"} {
		if at, ok := d.Claims[claim].(int64); ok {
			d.Claims[claim] = at + int64(by/time.Second)
		}
	}
}

// Unsigned gives a token the algorithm none, and no signature.
func Unsigned(d *Draft) {
	d.Method, d.Key = jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType
}

// SignedWithPublicKey signs a token with HS256 and, as the secret, the public
// key everybody knows, in PEM.
func SignedWithPublicKey(d *Draft) {
	key, ok := d.Key.(crypto.Signer)
	if !ok {
		return
	}
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return
	}
	d.Method = jwt.SigningMethodHS256
	d.Key = pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

// UnknownKey signs a token with a key that is not published, under an id that
// is not either.
func UnknownKey(d *Draft) {
	StolenKeyID(d)
	d.Header["kid"] = newKeyID()
}

// StolenKeyID signs a token with a key of its own, under the platform's id.
func StolenKeyID(d *Draft) {
	if key, err := strayKey(); err == nil {
		d.Key = key
	}
}

// Claim sets a claim to any value, or removes it when value is nil.
func Claim(name string, value any) Forgery {
	return func(d *Draft) {
		if value == nil {
			delete(d.Claims, name)
			return
		}
		d.Claims[name] = value
	}
}
