package auth

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Cloud is where one of Microsoft's clouds keeps its tokens and keys. An empty field means that of [Global].
type Cloud struct {
	// AuthorityURL is the base of the token endpoint; /{tenant}/oauth2/v2.0/token is appended.
	AuthorityURL string
	// Scope is what a token is asked for.
	Scope string
	// OpenIDConfigurationURL leads to the keys that sign the tokens of Issuers.
	OpenIDConfigurationURL string
	// Issuers are trusted with the keys of OpenIDConfigurationURL, and with no others. A trailing slash does not
	// matter, neither here nor in a token.
	Issuers []string
	// AzureADConfigurationURL leads to the keys that sign tokens of the issuers https://sts.windows.net/{tenant}/.
	AzureADConfigurationURL string
	// CallingAppID is the platform's own application: the only one whose Azure AD tokens are accepted.
	CallingAppID string
}

// Global is the public cloud.
func Global() Cloud {
	return Cloud{
		AuthorityURL:            "https://login.microsoftonline.com",
		Scope:                   "https://graph.microsoft.com/.default",
		OpenIDConfigurationURL:  "https://api.aps.skype.com/v1/.well-known/OpenIdConfiguration",
		Issuers:                 []string{"https://api.botframework.com", "https://graph.microsoft.com"},
		AzureADConfigurationURL: "https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration",
		CallingAppID:            "26a18ebc-cdf7-4a6a-91cb-beb352805e81",
	}
}

// USGovernment is the cloud of the United States government. Its calls have been seen to carry the issuer of the
// public cloud, which is therefore accepted too.
func USGovernment() Cloud {
	return Cloud{
		AuthorityURL:           "https://login.microsoftonline.us",
		Scope:                  "https://graph.microsoft.us/.default",
		OpenIDConfigurationURL: "https://apigcch.botframework.azure.us/v1/.well-known/OpenIdConfiguration",
		Issuers: []string{
			"https://api.botframework.us", "https://graph.microsoft.us",
			"https://api.botframework.com", "https://graph.microsoft.com",
		},
		AzureADConfigurationURL: "https://login.microsoftonline.us/common/v2.0/.well-known/openid-configuration",
		CallingAppID:            "26a18ebc-cdf7-4a6a-91cb-beb352805e81",
	}
}

// completed fills empty fields from Global and strips the slashes that do not matter.
func (c Cloud) completed() Cloud {
	global := Global()
	if len(c.Issuers) == 0 {
		c.Issuers = global.Issuers
	}
	issuers := slices.Clone(c.Issuers)
	for i, issuer := range issuers {
		issuers[i] = strings.TrimSuffix(issuer, "/")
	}
	return Cloud{
		AuthorityURL:            strings.TrimSuffix(cmp.Or(c.AuthorityURL, global.AuthorityURL), "/"),
		Scope:                   cmp.Or(c.Scope, global.Scope),
		OpenIDConfigurationURL:  cmp.Or(c.OpenIDConfigurationURL, global.OpenIDConfigurationURL),
		Issuers:                 issuers,
		AzureADConfigurationURL: cmp.Or(c.AzureADConfigurationURL, global.AzureADConfigurationURL),
		CallingAppID:            cmp.Or(c.CallingAppID, global.CallingAppID),
	}
}

// outboundMistakes reports what keeps tokens from being asked for.
func (c Cloud) outboundMistakes() error {
	return checkURL("Cloud.AuthorityURL", c.AuthorityURL)
}

// inboundMistakes reports what keeps tokens from being checked.
func (c Cloud) inboundMistakes() error {
	mistakes := []error{
		checkURL("Cloud.OpenIDConfigurationURL", c.OpenIDConfigurationURL),
		checkURL("Cloud.AzureADConfigurationURL", c.AzureADConfigurationURL),
	}
	if slices.Contains(c.Issuers, "") {
		mistakes = append(mistakes, errors.New("auth: Cloud.Issuers holds an empty issuer: remove it"))
	}
	return errors.Join(mistakes...)
}

func checkURL(field, address string) error {
	parsed, err := url.Parse(address)
	switch {
	case err != nil || parsed.Host == "":
		return fmt.Errorf("auth: %s is no URL: give an absolute one such as https://host/path", field)
	case parsed.Scheme != "https":
		return fmt.Errorf("auth: %s: %w", field, ErrPlainHTTP)
	case parsed.User != nil:
		return fmt.Errorf("auth: %s holds a user name or a password: remove it", field)
	}
	return nil
}
