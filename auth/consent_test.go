package auth_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/auth"
)

const redirectURI = "https://bot.contoso.com/consented?from=a b"

func TestAdminConsentURL(t *testing.T) {
	address, err := auth.AdminConsentURL(auth.AdminConsentOptions{AppID: "app", Tenant: "contoso.com", RedirectURI: redirectURI, State: "1&2"})
	require.NoError(t, err)
	parsed, err := url.Parse(address)
	require.NoError(t, err)
	require.Equal(t, "https://login.microsoftonline.com/contoso.com/adminconsent", parsed.Scheme+"://"+parsed.Host+parsed.Path)
	require.Equal(t, url.Values{"client_id": {"app"}, "redirect_uri": {redirectURI}, "state": {"1&2"}}, parsed.Query())
}

func TestAdminConsentOfWhoeverSignsIn(t *testing.T) {
	address, err := auth.AdminConsentURL(auth.AdminConsentOptions{AppID: "app", RedirectURI: "http://localhost:8080/", Cloud: auth.USGovernment()})
	require.NoError(t, err)
	require.Equal(t, "https://login.microsoftonline.us/organizations/adminconsent?client_id=app&redirect_uri=http%3A%2F%2Flocalhost%3A8080%2F", address)
}

func TestAdminConsentNamesEveryMistake(t *testing.T) {
	_, err := auth.AdminConsentURL(auth.AdminConsentOptions{AppID: " ", Tenant: "../common", RedirectURI: "http://bot.contoso.com", Cloud: auth.Cloud{AuthorityURL: "http://a.example"}})
	for _, field := range []string{"AppID", "Tenant", "RedirectURI", "Cloud.AuthorityURL"} {
		require.ErrorContains(t, err, field)
	}
	for _, address := range []string{"", "/consented", "https://", "https://bot.contoso.com/#here", "ftp://bot.contoso.com", "https://%zz"} {
		_, err := auth.AdminConsentURL(auth.AdminConsentOptions{AppID: "app", RedirectURI: address})
		require.ErrorContains(t, err, "RedirectURI", address)
	}
}
