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

// A server that slow senders cannot tie up, behind a proxy that has the
// certificate. With one of its own: ListenAndServeTLS.
func ExampleNewServer() {
	server := transport.NewServer(":8080", http.NotFoundHandler()) // a client's Handler
	fmt.Println(server.ReadHeaderTimeout, server.ReadTimeout, server.MaxHeaderBytes)
	// Output: 5s 10s 32768
}

// What to do about a request that failed depends on whether it had an effect.
func ExampleError() {
	advise := func(err error) {
		failed, ok := errors.AsType[*transport.Error](err)
		switch {
		case !ok:
			fmt.Println("it was not sent:", err)
		case errors.Is(err, transport.ErrCallNotFound):
			fmt.Println("the call is over")
		case failed.EffectUnknown:
			fmt.Println("wait for notifications before you send it again")
		default:
			fmt.Println(failed.StatusCode, "nothing has happened:", failed.Remedy())
		}
	}
	advise(context.Canceled)
	advise(&transport.Error{Method: http.MethodPost, Path: "communications/calls", EffectUnknown: true})
	advise(&transport.Error{Method: http.MethodPost, Path: "communications/calls", StatusCode: http.StatusUnauthorized})
	// Output:
	// it was not sent: context canceled
	// wait for notifications before you send it again
	// 401 nothing has happened: check the application's id and secret, and that the cloud and the tenant are those of the call
}
