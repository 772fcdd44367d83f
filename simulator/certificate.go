package simulator

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"slices"
	"sync"
	"time"
)

// certificateAuthority signs the platform's own certificate and those of the
// bots it calls back.
type certificateAuthority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey

	mu    sync.Mutex
	roots *x509.CertPool // replaced, never changed
}

func newCertificateAuthority(now time.Time) (*certificateAuthority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("simulator: make certificate authority: %w", err)
	}
	template := certificateTemplate("graphcalls simulator", now)
	template.IsCA = true
	template.BasicConstraintsValid = true
	template.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("simulator: make certificate authority: %w", err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("simulator: make certificate authority: %w", err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(certificate)
	return &certificateAuthority{certificate: certificate, key: key, roots: roots}, nil
}

func certificateTemplate(name string, now time.Time) *x509.Certificate {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		serial = big.NewInt(now.UnixNano())
	}
	return &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    now.Add(-time.Hour),
		NotAfter:     now.Add(365 * 24 * time.Hour),
	}
}

func (c *certificateAuthority) issue(now time.Time, hosts []string) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("simulator: make certificate: %w", err)
	}
	template := certificateTemplate("graphcalls simulator server", now)
	template.KeyUsage = x509.KeyUsageDigitalSignature
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	for _, host := range hosts {
		if ip := net.ParseIP(host); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, host)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, c.certificate, key.Public(), c.key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("simulator: make certificate: %w", err)
	}
	return tls.Certificate{Certificate: [][]byte{der, c.certificate.Raw}, PrivateKey: key}, nil
}

func (c *certificateAuthority) pool() *x509.CertPool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.roots.Clone()
}

func (c *certificateAuthority) trust(certificate *x509.Certificate) {
	c.mu.Lock()
	defer c.mu.Unlock()
	roots := c.roots.Clone()
	roots.AddCert(certificate)
	c.roots = roots
}

// RootCAs is what a client needs to trust the platform, and the bots that
// serve with its certificates.
func (p *Platform) RootCAs() *x509.CertPool { return p.ca.pool() }

// CertificateAuthority is the certificate the platform's and CertificateFor's
// certificates are signed with, in PEM.
func (p *Platform) CertificateAuthority() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: p.ca.certificate.Raw})
}

// CertificateFor makes a certificate for a bot's webhook that the platform
// trusts. Hosts are names and IP addresses; localhost and the loopback
// addresses are always among them.
func (p *Platform) CertificateFor(hosts ...string) (tls.Certificate, error) {
	return p.ca.issue(p.clock.now(), slices.Concat(hosts, loopback()))
}

// Trust makes the platform call back a bot whose certificate is not one of its
// own, such as one of net/http/httptest. Connections made before keep to what
// was trusted then.
func (p *Platform) Trust(certificate *x509.Certificate) {
	p.ca.trust(certificate)
	p.courier.trust(p.ca.pool())
}

func loopback() []string { return []string{"localhost", "127.0.0.1", "::1"} }
