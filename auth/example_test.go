package auth_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"

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
