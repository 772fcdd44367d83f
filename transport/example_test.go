package transport_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"time"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/transport"
)

func ExampleClient_Do() {
	provider, err := auth.NewClientCredentials(auth.ClientCredentialsOptions{AppID: "…", Secret: "…", Tenant: "contoso.com"})
	if err != nil {
		log.Fatal(err)
	}
	defer provider.Close()
	client, err := transport.NewClient(transport.ClientOptions{
		BaseURL:  "https://graph.microsoft.com/v1.0",
		Provider: provider,
	})
	if err != nil {
		log.Fatal(err)
	}
	reply, err := client.Do(context.Background(), transport.Request{
		Method: http.MethodPost,
		Path:   "communications/calls",
		Body:   &resources.Call{CallbackURI: "https://bot.contoso.com/api/calls"},
	})
	var failed *transport.Error
	switch {
	case errors.As(err, &failed) && failed.EffectUnknown:
		fmt.Println("a call may exist; its notifications will tell:", failed)
	case err != nil:
		fmt.Println("no call was placed:", err)
	default:
		fmt.Println("placed:", reply.Location)
	}
}

// The server's timeouts keep slow senders from holding connections; the webhook itself has none.
func ExampleWebhook() {
	validator, err := auth.NewValidator(auth.ValidatorOptions{AppID: "…"})
	if err != nil {
		log.Fatal(err)
	}
	defer validator.Close()
	mux := http.NewServeMux()
	mux.Handle("/api/calls", transport.NewWebhook(transport.WebhookOptions{
		Provider: validator,
		Receiver: &inbox{},
	}))
	server := http.Server{
		Addr:              ":8443",
		Handler:           mux,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		IdleTimeout:       2 * time.Minute,
	}
	log.Fatal(server.ListenAndServeTLS("cert.pem", "key.pem"))
}
