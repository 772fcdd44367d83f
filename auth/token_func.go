package auth

import (
	"context"
	"net/http"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// TokenFunc gets a token for a tenant: the way to use certificates, managed identities or a vault. The tenant is ""
// when neither the request nor the options name one. It must return when ctx ends, and may be called for several
// tenants at once, but for one tenant only once at a time. A zero expiry means the token must not be kept.
type TokenFunc func(ctx context.Context, tenant string) (token string, expiry time.Time, err error)

// secretTokens gets tokens for a client secret.
func secretTokens(options ClientCredentialsOptions) TokenFunc {
	cloud := options.Cloud.completed()
	client := secureClient(options.HTTPClient)
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return func(ctx context.Context, tenant string) (string, time.Time, error) {
		config := clientcredentials.Config{
			ClientID:     options.AppID,
			ClientSecret: options.Secret,
			TokenURL:     cloud.AuthorityURL + "/" + tenant + "/oauth2/v2.0/token",
			Scopes:       []string{cloud.Scope},
			AuthStyle:    oauth2.AuthStyleInParams, // guessing the style would send the secret twice
		}
		token, err := config.Token(context.WithValue(ctx, oauth2.HTTPClient, client))
		if err != nil {
			return "", time.Time{}, endpointError(tenant, err)
		}
		return token.AccessToken, token.Expiry, nil
	}
}
