package stage

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"

	"github.com/graphcalls/graphcalls-go/auth"
)

// onCallsim is the flag -callsim. What callsim printed is what the other flags
// are when they are not given.
func (s *Settings) onCallsim(text string) error {
	on, err := strconv.ParseBool(text)
	s.callsim, s.Graph = on, on
	return err
}

// openCallsim plays on a simulator that runs as a program of its own. What
// differs from Microsoft Graph is addresses, and whose certificates to trust.
func (s *Stage) openCallsim(settings *Settings, name string) error {
	service := os.Getenv("CALLSIM_BASE_URL")
	if service == "" {
		return errors.New("CALLSIM_BASE_URL is not set: start go run ./cmd/callsim, and paste here what it prints")
	}
	client, err := clientTrusting(os.Getenv("CALLSIM_CA_FILE"))
	if err != nil {
		return err
	}
	s.onClose(client.CloseIdleConnections)
	if listen := os.Getenv("CALLSIM_BOT_LISTEN"); listen != "" {
		settings.Listen = listen
	}
	if settings.NotificationURL == "" {
		settings.NotificationURL = os.Getenv("CALLSIM_BOT_WEBHOOK")
	}
	if settings.Tenant == "" {
		settings.Tenant = os.Getenv("CALLSIM_TENANT_ID")
	}
	return s.openListening(settings, name, auth.ClientCredentialsOptions{
		AppID: os.Getenv("CALLSIM_APP_ID"), Secret: os.Getenv("CALLSIM_APP_SECRET"), Tenant: settings.Tenant, HTTPClient: client,
		Cloud: auth.Cloud{AuthorityURL: os.Getenv("CALLSIM_AUTHORITY_URL"), OpenIDConfigurationURL: os.Getenv("CALLSIM_OPENID_CONFIGURATION_URL")},
	}, service)
}

// clientTrusting trusts the certificate authority of a file, and no other.
func clientTrusting(file string) (*http.Client, error) {
	text, err := os.ReadFile(file) //nolint:gosec // the user names it
	if err != nil {
		return nil, fmt.Errorf("read CALLSIM_CA_FILE: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("there is no certificate in CALLSIM_CA_FILE, %s", file)
	}
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}, ForceAttemptHTTP2: true}}, nil
}
