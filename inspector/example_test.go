package inspector_test

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"net/http"
	"os"

	"github.com/graphcalls/graphcalls-go/inspector"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// The page beside a bot's webhook, for who is on the same machine.
func ExampleNew() {
	var client *statefulclient.Client // as NewStatefulClientBuilder builds it
	serve := func(client *statefulclient.Client) error {
		pages := inspector.New(client, inspector.Options{})
		defer pages.Close()
		mux := http.NewServeMux()
		mux.Handle("/api/calls", client.Handler())
		mux.Handle("/inspector/", pages)
		return http.ListenAndServe("127.0.0.1:8080", mux)
	}
	_, _ = client, serve
}

// Whoever has the password may look, from anywhere. The password is asked for by
// what is around the inspector, because an authorizer cannot.
func ExampleOptions_authorize() {
	want := sha256.Sum256([]byte(os.Getenv("INSPECTOR_PASSWORD")))
	authorize := func(r *http.Request) error {
		_, password, _ := r.BasicAuth()
		if got := sha256.Sum256([]byte(password)); password == "" || subtle.ConstantTimeCompare(got[:], want[:]) == 0 {
			return errors.New("wrong password")
		}
		return nil
	}
	ask := func(pages http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if authorize(r) != nil {
				w.Header().Set("WWW-Authenticate", `Basic realm="calls"`)
				http.Error(w, "Who are you?", http.StatusUnauthorized)
				return
			}
			pages.ServeHTTP(w, r)
		})
	}
	_, _ = inspector.Options{Authorize: authorize}, ask
}
