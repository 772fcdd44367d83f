package auth

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"errors"

	"github.com/MicahParks/jwkset"
	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"
)

const minKeyBits = 2048

// keySet is the signing keys as fetched at one moment. It never changes.
type keySet struct {
	keys keyfunc.Keyfunc
}

// newKeySet keeps the keys that can sign an RS256 token. A key that is broken or of another kind does not spoil its
// siblings; a set without any usable key is an error, so that it never replaces a good one.
func newKeySet(ctx context.Context, raw []json.RawMessage) (*keySet, error) {
	storage := jwkset.NewMemoryStorage()
	usable := 0
	for _, one := range raw {
		key, ok := signingKey(one)
		if !ok {
			continue
		}
		if err := storage.KeyWrite(ctx, key); err != nil {
			return nil, err
		}
		usable++
	}
	if usable == 0 {
		return nil, errors.New("fetch keys: the document holds no RSA signing key")
	}
	keys, err := keyfunc.New(keyfunc.Options{Storage: storage})
	if err != nil {
		return nil, err
	}
	return &keySet{keys: keys}, nil
}

// signingKey reads the members that make an RSA public key and leaves the rest alone: certificates are not what is
// trusted here, and a broken or expired one must not cost the key.
func signingKey(raw json.RawMessage) (jwkset.JWK, bool) {
	var wire struct {
		KTY jwkset.KTY `json:"kty"`
		USE jwkset.USE `json:"use"`
		ALG jwkset.ALG `json:"alg"`
		KID string     `json:"kid"`
		N   string     `json:"n"`
		E   string     `json:"e"`
	}
	if json.Unmarshal(raw, &wire) != nil || wire.KID == "" || wire.KTY != jwkset.KtyRSA {
		return jwkset.JWK{}, false
	}
	if wire.USE != "" && wire.USE != jwkset.UseSig {
		return jwkset.JWK{}, false
	}
	key, err := jwkset.NewJWKFromMarshal(jwkset.JWKMarshal{
		KTY: wire.KTY, USE: wire.USE, ALG: wire.ALG, KID: wire.KID, N: wire.N, E: wire.E,
	}, jwkset.JWKMarshalOptions{}, jwkset.JWKValidateOptions{SkipAll: true})
	if err != nil {
		return jwkset.JWK{}, false
	}
	public, ok := key.Key().(*rsa.PublicKey)
	return key, ok && public.N.BitLen() >= minKeyBits
}

// namesKey reports whether a token says which key signed it. Without, no key is tried.
func namesKey(token *jwt.Token) bool {
	kid, _ := token.Header[jwkset.HeaderKID].(string)
	return kid != ""
}

// find returns the key a token names.
func (s *keySet) find(ctx context.Context, token *jwt.Token) (any, bool) {
	key, err := s.keys.KeyfuncCtx(ctx)(token)
	return key, err == nil
}
