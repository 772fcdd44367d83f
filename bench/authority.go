package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/transport"
)

// authority is where tokens and keys come from, with a bot it knows and one of
// the tokens that are sent to that bot.
type authority struct {
	platform *simulator.Platform
	bot      *simulator.Bot
	token    string
}

func openAuthority() (*authority, error) {
	platform, err := simulator.Start(simulator.Options{Remember: 1})
	if err != nil {
		return nil, err
	}
	bot := platform.RegisterBot(simulator.Bot{DisplayName: "Concierge"})
	// A figure may take longer than the five minutes a token lasts.
	token, err := platform.Token(bot, simulator.Claim("exp", time.Now().Add(24*time.Hour).Unix()))
	if err != nil {
		platform.Close()
		return nil, err
	}
	return &authority{platform, bot, token}, nil
}

func (a *authority) close() { a.platform.Close() }

// provider is one as in production, with its keys fetched.
func (a *authority) provider(ctx context.Context) (*auth.ClientCredentials, error) {
	provider, err := auth.NewClientCredentials(auth.ClientCredentialsOptions{
		AppID: a.bot.AppID, Secret: a.bot.Secret, Tenant: a.platform.Tenant().ID, HTTPClient: a.platform.Client(),
		Cloud: auth.Cloud{AuthorityURL: a.platform.AuthorityURL(), OpenIDConfigurationURL: a.platform.OpenIDConfigurationURL()},
	})
	if err != nil {
		return nil, err
	}
	if err := provider.Warm(ctx); err != nil {
		provider.Close()
		return nil, err
	}
	return provider, nil
}

// served is a handler behind net/http on loopback.
type served struct {
	address string // a URL
	server  *http.Server
	serving sync.WaitGroup
}

func serve(handler http.Handler) (*served, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &served{address: "http://" + listener.Addr().String() + "/api/calls", server: transport.NewServer("", handler)}
	s.serving.Go(func() { _ = s.server.Serve(listener) }) // until it is closed
	return s, nil
}

func (s *served) close() error {
	err := s.server.Close()
	s.serving.Wait()
	return err
}

// webhook is a rig that is reached over HTTP, with tokens.
type webhook struct {
	*rig
	authority *authority
	provider  *auth.ClientCredentials
	served    *served
}

func openWebhook(ctx context.Context, calls int) (*webhook, error) {
	w := &webhook{}
	if err := w.open(ctx, calls); err != nil {
		return nil, errors.Join(err, w.close())
	}
	return w, nil
}

func (w *webhook) open(ctx context.Context, calls int) (err error) {
	if w.authority, err = openAuthority(); err != nil {
		return err
	}
	if w.provider, err = w.authority.provider(ctx); err != nil {
		return err
	}
	if w.rig, err = newRig(w.authority.bot.AppID, w.provider, statefulclient.Limits{}); err != nil {
		return err
	}
	if w.served, err = serve(w.client.Handler()); err != nil {
		return err
	}
	return w.hold(ctx, calls)
}

func (w *webhook) close() error {
	var err error
	if w.served != nil {
		err = w.served.close()
	}
	if w.rig != nil {
		w.rig.close()
	}
	if w.provider != nil {
		w.provider.Close()
	}
	if w.authority != nil {
		w.authority.close()
	}
	return err
}
