package simulator

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"fmt"
	"math/big"
	"sync"
)

// keyring is the key that signs one kind of token, and what is published of it.
type keyring struct {
	mu  sync.Mutex
	key *signingKey
}

type signingKey struct {
	id      string
	private *rsa.PrivateKey
}

// firstKey spares every platform after a process's first a tenth of a second.
// Its id differs from platform to platform, so one platform's tokens are worth
// nothing to another.
var firstKey = sync.OnceValues(newPrivateKey) //nolint:gochecknoglobals // made once, never changed

// strayKey is what forgers sign with. It is never published.
var strayKey = sync.OnceValues(newPrivateKey) //nolint:gochecknoglobals // made once, never changed

func newPrivateKey() (*rsa.PrivateKey, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, fmt.Errorf("simulator: make signing key: %w", err)
	}
	return key, nil
}

func newKeyring() (*keyring, error) {
	private, err := firstKey()
	if err != nil {
		return nil, err
	}
	return &keyring{key: &signingKey{newKeyID(), private}}, nil
}

func (k *keyring) current() *signingKey {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.key
}

func (k *keyring) rotate() error {
	private, err := newPrivateKey()
	if err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.key = &signingKey{newKeyID(), private}
	return nil
}

// rename makes the key another to whoever goes by its id: it is quicker made
// than a new one.
func (k *keyring) rename() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.key = &signingKey{newKeyID(), k.key.private}
}

// webKey is one entry of a published key set.
type webKey struct {
	Type         string   `json:"kty"`
	Use          string   `json:"use"`
	Algorithm    string   `json:"alg"`
	ID           string   `json:"kid"`
	Thumbprint   string   `json:"x5t"`
	Modulus      string   `json:"n"`
	Exponent     string   `json:"e"`
	Endorsements []string `json:"endorsements,omitempty"`
}

type webKeySet struct {
	Keys []webKey `json:"keys"`
}

func (k *keyring) published() webKeySet {
	key := k.current()
	exponent := big.NewInt(int64(key.private.E)).Bytes()
	return webKeySet{[]webKey{{
		Type: "RSA", Use: "sig", Algorithm: "RS256", ID: key.id, Thumbprint: key.id,
		Modulus:      base64.RawURLEncoding.EncodeToString(key.private.N.Bytes()),
		Exponent:     base64.RawURLEncoding.EncodeToString(exponent),
		Endorsements: []string{"msteams"},
	}}}
}

func newKeyID() string {
	id := make([]byte, 20)
	_, _ = rand.Read(id) // crypto/rand never fails
	return base64.RawURLEncoding.EncodeToString(id)
}

// RotateKeys replaces the key that callback tokens are signed with. The old
// one is no longer published, so a bot that keeps keys meets an unknown kid.
func (p *Platform) RotateKeys() error {
	p.tally.add("rotate-keys", 1)
	return p.callbackKeys.rotate()
}
