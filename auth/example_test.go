package auth_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"time"

	"github.com/graphcalls/graphcalls-go/auth"
)

func ExampleNewClientCredentials() {
	provider, err := auth.NewClientCredentials(auth.ClientCredentialsOptions{
		AppID:  os.Getenv("APP_ID"),
		Secret: os.Getenv("APP_SECRET"),
		Tenant: "contoso.com",
	})
	if err != nil {
		log.Print(err)
		return
	}
	defer provider.Close()
	if err := provider.Warm(context.Background()); err != nil {
		log.Print(err) // the first call will try again
	}
}

func ExampleValidator_ValidateInbound() {
	validator, err := auth.NewValidator(auth.ValidatorOptions{AppID: os.Getenv("APP_ID")})
	if err != nil {
		log.Print(err)
		return
	}
	defer validator.Close()
	http.HandleFunc("POST /api/calls", func(w http.ResponseWriter, r *http.Request) {
		switch _, err := validator.ValidateInbound(r.Context(), r); {
		case errors.Is(err, auth.ErrKeysUnavailable):
			w.WriteHeader(http.StatusServiceUnavailable)
		case err != nil:
			w.WriteHeader(http.StatusUnauthorized)
		default:
			w.WriteHeader(http.StatusAccepted)
		}
	})
}

func ExampleAdminConsentURL() {
	address, err := auth.AdminConsentURL(auth.AdminConsentOptions{
		AppID:       "6731de76-14a6-49ae-97bc-6eba6914391e",
		Tenant:      "contoso.com",
		RedirectURI: "https://bot.contoso.com/consented",
		State:       "2b7c0f5e",
	})
	if err != nil {
		log.Print(err)
		return
	}
	fmt.Println(address)
	// Output: https://login.microsoftonline.com/contoso.com/adminconsent?client_id=6731de76-14a6-49ae-97bc-6eba6914391e&redirect_uri=https%3A%2F%2Fbot.contoso.com%2Fconsented&state=2b7c0f5e
}

// Certificates, managed identities and vaults: whatever gives a token for the
// scope of the cloud. It may change its mind at any time, so a secret that is
// replaced needs no restart.
func ExampleTokenFunc() {
	vault := func(context.Context, string) (string, time.Time, error) {
		return "eyJ0…", time.Now().Add(time.Hour), nil
	}
	provider, err := auth.NewClientCredentials(auth.ClientCredentialsOptions{
		AppID: "0efc74f7-41c3-47a4-8775-7259bfef4241", Tenant: "contoso.com", TokenFunc: vault,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer provider.Close()
	request, _ := http.NewRequest(http.MethodGet, "https://graph.microsoft.com/v1.0/communications/calls", http.NoBody)
	if err := provider.AuthenticateOutbound(context.Background(), request, ""); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(request.Header.Get("Authorization"))
	// Output: Bearer eyJ0…
}

func ExampleCloud() {
	cloud := auth.USGovernment()
	fmt.Println(cloud.AuthorityURL)
	fmt.Println(cloud.Scope)
	// Output:
	// https://login.microsoftonline.us
	// https://graph.microsoft.us/.default
}

// The reason is for a counter; whoever sent the request learns nothing of it.
func ExampleInboundError() {
	validator, err := auth.NewValidator(auth.ValidatorOptions{AppID: "0efc74f7-41c3-47a4-8775-7259bfef4241"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer validator.Close()
	request, _ := http.NewRequest(http.MethodPost, "https://bot.contoso.com/api/calls", http.NoBody)
	_, err = validator.ValidateInbound(context.Background(), request)
	if refused, ok := errors.AsType[*auth.InboundError](err); ok {
		fmt.Println(refused.Reason, errors.Is(err, auth.ErrUnauthorized))
	}
	// Output: noToken true
}

func ExampleTokenError() {
	provider, err := auth.NewClientCredentials(auth.ClientCredentialsOptions{
		AppID: "0efc74f7-41c3-47a4-8775-7259bfef4241", Tenant: "contoso.com",
		TokenFunc: func(context.Context, string) (string, time.Time, error) {
			return "", time.Time{}, errors.New("the vault is locked")
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer provider.Close()
	request, _ := http.NewRequest(http.MethodGet, "https://graph.microsoft.com/v1.0/communications/calls", http.NoBody)
	err = provider.AuthenticateOutbound(context.Background(), request, "contoso.com")
	if failed, ok := errors.AsType[*auth.TokenError](err); ok {
		fmt.Println(failed.Tenant)
		fmt.Println(failed.Hint)
		fmt.Println(errors.Unwrap(failed))
	}
	// Output:
	// contoso.com
	// the TokenFunc failed; unwrap this error for its own
	// the vault is locked
}
