package auth_test

import (
	"context"
	"errors"
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
