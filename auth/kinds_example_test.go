package auth_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/graphcalls/graphcalls-go/auth"
)

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
