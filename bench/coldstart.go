package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

func coldStartFigures() []Figure {
	return []Figure{{"cold_start", "from starting the program to a warm webhook, in milliseconds; peer: to bare net/http", Bound{}, coldStart}}
}

// bearings are what a bot that starts has to know.
type bearings struct {
	AppID, Secret, Tenant string
	Authority, Keys       string // URLs
	Service               string // a URL
	Certificate           []byte // PEM, of who signed the service's
}

// readiness is what a bot says once its webhook takes notifications.
type readiness struct{ Address string }

// coldStart starts this program anew as a bot, which has its token, the
// platform's keys and a connection to the service before it says that it is
// ready, and then takes its first call.
func coldStart(b *Bench) (Result, error) { return measureColdStart(context.Background(), b.Rounds) }

func measureColdStart(ctx context.Context, rounds int) (result Result, err error) {
	authority, err := openAuthority()
	if err != nil {
		return Result{}, err
	}
	defer authority.close()
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	start := func(part string) (starting, error) { return authority.start(ctx, client, part) }
	var ours, peers []starting
	for range rounds {
		bot, botErr := start(partBot)
		bare, bareErr := start(partBare)
		if err := errors.Join(botErr, bareErr); err != nil {
			return Result{}, err
		}
		ours, peers = append(ours, bot), append(peers, bare)
	}
	bot, bare := middle(ours), middle(peers)
	return Result{
		Ours: short(bot.ready), Peer: short(bare.ready), Value: bot.ready.Seconds() * 1e3,
		Note: "the first call was taken and told after " + short(bot.told) + "; the program holds all peers of this bench, which both sides start",
	}, nil
}

// starting is how long after its start a program was ready, and had done its
// first work.
type starting struct{ ready, told time.Duration }

func middle(list []starting) starting {
	slices.SortFunc(list, func(a, b starting) int { return int(a.ready - b.ready) })
	return list[len(list)/2]
}

func (a *authority) start(ctx context.Context, client *http.Client, part string) (took starting, err error) {
	began := time.Now()
	bot, err := startPlayer(ctx, part)
	if err != nil {
		return took, err
	}
	defer func() { err = errors.Join(err, bot.end()) }()
	err = bot.tell(bearings{
		AppID: a.bot.AppID, Secret: a.bot.Secret, Tenant: a.platform.Tenant().ID,
		Authority: a.platform.AuthorityURL(), Keys: a.platform.OpenIDConfigurationURL(),
		Service: a.platform.ServiceBaseURL(), Certificate: a.platform.CertificateAuthority(),
	})
	if err != nil {
		return took, err
	}
	var is readiness
	if err := bot.hear(&is); err != nil {
		return took, err
	}
	took.ready = time.Since(began)
	if err := a.ring(ctx, client, is.Address); err != nil {
		return took, err
	}
	var call string
	if err := bot.hear(&call); err != nil {
		return took, err
	}
	took.told = time.Since(began)
	if call != idOf(1) {
		return took, fmt.Errorf("%s was told of call %q", part, call)
	}
	return took, nil
}

// ring posts the first call.
func (a *authority) ring(ctx context.Context, client *http.Client, address string) error {
	p := newPosting(client, address, a.token)
	p.bodies = [2][]byte{ringing(1), ringing(1)}
	return p.roundTrip(ctx)
}

// playBot is a bot that starts.
func playBot(ctx context.Context, said *json.Decoder, answer *json.Encoder) (err error) {
	var b bearings
	if err := said.Decode(&b); err != nil {
		return err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(b.Certificate)
	platform := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}}
	defer platform.CloseIdleConnections()
	provider, err := auth.NewClientCredentials(auth.ClientCredentialsOptions{
		AppID: b.AppID, Secret: b.Secret, Tenant: b.Tenant, HTTPClient: platform,
		Cloud: auth.Cloud{AuthorityURL: b.Authority, OpenIDConfigurationURL: b.Keys},
	})
	if err != nil {
		return err
	}
	defer provider.Close()
	client, err := statefulclient.NewStatefulClientBuilder("Concierge", b.AppID).
		SetAuthenticationProvider(provider).
		SetNotificationUrl("https://bot.contoso.com/api/calls").
		SetServiceBaseUrl(b.Service).
		SetHttpClient(platform, nil).
		Build()
	if err != nil {
		return err
	}
	defer client.Close()
	rung := make(chan string, 1)
	client.Calls().OnIncoming(func(_ context.Context, e statefulclient.IncomingCall) { rung <- e.Call.ID() })
	if err := client.Warm(ctx); err != nil {
		return err
	}
	return serveOnce(client.Handler(), rung, said, answer)
}

// playBare is a program that has an HTTP server and nothing else.
func playBare(said *json.Decoder, answer *json.Encoder) error {
	var b bearings
	if err := said.Decode(&b); err != nil {
		return err
	}
	rung := make(chan string, 1)
	handler := func(w http.ResponseWriter, r *http.Request) {
		bare(w, r)
		rung <- idOf(1)
	}
	return serveOnce(http.HandlerFunc(handler), rung, said, answer)
}

// serveOnce says that the webhook is there, tells of the first call, and serves
// on until the input ends.
func serveOnce(handler http.Handler, rung <-chan string, said *json.Decoder, answer *json.Encoder) (err error) {
	s, err := serve(handler)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	if err := answer.Encode(readiness{s.address}); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- said.Decode(&struct{}{}) }()
	for {
		select {
		case call := <-rung:
			if err := answer.Encode(call); err != nil {
				return err
			}
		case err := <-ended:
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
	}
}
