package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/inspector"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// place is where the bot is, and what to come with.
type place struct {
	Address string
	Token   string
}

// play is the bot. It goes on until it is killed.
func play(ctx context.Context) error {
	platform, err := simulator.Start(simulator.Options{Remember: 1})
	if err != nil {
		return err
	}
	defer platform.Close()
	account := platform.RegisterBot(simulator.Bot{})
	provider, err := auth.NewClientCredentials(auth.ClientCredentialsOptions{
		AppID: account.AppID, Secret: account.Secret, Tenant: platform.Tenant().ID, HTTPClient: platform.Client(),
		Cloud: auth.Cloud{AuthorityURL: platform.AuthorityURL(), OpenIDConfigurationURL: platform.OpenIDConfigurationURL()},
	})
	if err != nil {
		return err
	}
	defer provider.Close()
	client, err := statefulclient.NewStatefulClientBuilder("Watched", account.AppID).SetAuthenticationProvider(provider).
		SetNotificationUrl("https://bot.contoso.com/api/calls").SetServiceBaseUrl(platform.ServiceBaseURL()).SetHttpClient(platform.Client(), nil).
		Build()
	if err != nil {
		return err
	}
	defer client.Close()
	token, err := platform.Token(account, simulator.Claim("exp", time.Now().Add(24*time.Hour).Unix()))
	if err != nil {
		return err
	}
	listen(client)
	return serve(ctx, client, token)
}

// listen has the bot be told what bots want to know.
func listen(client *statefulclient.Client) {
	statefulclient.On(client.Calls(), func(context.Context, statefulclient.StateChanged) {})
	statefulclient.On(client.Calls(), func(context.Context, statefulclient.ParticipantUpdated) {})
	client.Calls().OnUpdated(func(_ context.Context, e statefulclient.CollectionEvent[*statefulclient.Call]) {
		for _, call := range e.Added {
			call.OnUpdated(func(context.Context, statefulclient.ResourceEvent[resources.Call]) {})
		}
	})
}

// watched has an inspector or has none.
type watched struct {
	client *statefulclient.Client

	mu        sync.Mutex
	inspector *inspector.Inspector
}

func serve(ctx context.Context, client *statefulclient.Client, token string) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	w := &watched{client: client}
	mux := http.NewServeMux()
	mux.Handle("/api/calls", client.Handler())
	mux.HandleFunc("/inspector/", func(writer http.ResponseWriter, r *http.Request) { w.current().ServeHTTP(writer, r) })
	mux.HandleFunc("/watch", w.watch)
	mux.HandleFunc("/cpu", func(writer http.ResponseWriter, _ *http.Request) {
		used, err := cpuTime()
		if err != nil {
			http.Error(writer, err.Error(), http.StatusInternalServerError)
			return
		}
		fmt.Fprint(writer, int64(used)) //nolint:errcheck // who asks notices
	})
	if err := json.NewEncoder(os.Stdout).Encode(place{"http://" + listener.Addr().String(), token}); err != nil {
		return err
	}
	server := &http.Server{Handler: mux, ReadHeaderTimeout: time.Minute}
	return server.Serve(listener)
}

func (w *watched) current() http.Handler {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.inspector == nil {
		return http.NotFoundHandler()
	}
	return w.inspector
}

// watch begins to watch, or ends it.
func (w *watched) watch(_ http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.inspector != nil {
		w.inspector.Close()
		w.inspector = nil
	}
	if r.URL.Query().Has("on") {
		w.inspector = inspector.New(w.client, inspector.Options{})
	}
}
