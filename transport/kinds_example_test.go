package transport_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/graphcalls/graphcalls-go/transport"
)

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
