package auth

import (
	"cmp"
	"errors"
	"net/url"
	"strings"
)

// AdminConsentOptions configures [AdminConsentURL].
type AdminConsentOptions struct {
	// AppID is the bot's application (client) id. Required.
	AppID string
	// Tenant is whose administrator is asked: an id or a domain name. Empty means that of whoever signs in.
	Tenant string
	// RedirectURI is where the administrator's browser goes afterwards: one of the redirect URIs in the application's
	// registration, letter for letter. It need not lead to the bot; https, or http on localhost. Required.
	RedirectURI string
	// State comes back with the browser unchanged. A page that takes note of consent compares it with the random one
	// it gave, as everybody can make up the rest.
	State string
	// Cloud is whose sign-in page it is. Empty fields mean those of [Global].
	Cloud Cloud
}

// AdminConsentURL is the page at which an administrator grants a tenant's consent to the application permissions in
// the bot's registration, all of them at once. Open it in a browser, or send it to the administrator; there is nothing
// secret in it. Consent is needed in each tenant whose calls the bot is in, and anew when permissions are added; tokens
// that were fetched before do not have it, and last about an hour.
//
// The browser comes back to the redirect URI with admin_consent=True and tenant, the tenant's id, or with error and
// error_description; and with state. It does no I/O. The error reports all mistakes in the options together.
//
// See https://learn.microsoft.com/graph/auth-v2-service.
func AdminConsentURL(options AdminConsentOptions) (string, error) {
	cloud := options.Cloud.completed()
	tenant := cmp.Or(options.Tenant, "organizations")
	if err := errors.Join(cloud.outboundMistakes(), options.mistakes(tenant)); err != nil {
		return "", err
	}
	query := url.Values{"client_id": {options.AppID}, "redirect_uri": {options.RedirectURI}}
	if options.State != "" {
		query.Set("state", options.State)
	}
	return cloud.AuthorityURL + "/" + tenant + "/adminconsent?" + query.Encode(), nil
}

func (o AdminConsentOptions) mistakes(tenant string) error {
	var mistakes []error
	if strings.TrimSpace(o.AppID) == "" {
		mistakes = append(mistakes, errors.New("auth: AppID is empty: set it to the bot's application id"))
	}
	if !validTenant(tenant) {
		mistakes = append(mistakes, errors.New("auth: Tenant is neither a tenant id nor a domain name"))
	}
	if !returnable(o.RedirectURI) {
		mistakes = append(mistakes, errors.New("auth: RedirectURI is neither an https address nor one of localhost: "+
			"give one that is in the application's registration, under Authentication"))
	}
	return errors.Join(mistakes...)
}

// returnable reports whether a browser may be sent to an address after consent.
func returnable(address string) bool {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Host == "" || parsed.Fragment != "" {
		return false
	}
	return parsed.Scheme == "https" || parsed.Scheme == "http" && parsed.Hostname() == "localhost"
}
