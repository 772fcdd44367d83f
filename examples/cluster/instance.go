package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/cluster"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/transport"
)

// instanceProcess is the variable of the environment by which the program knows
// that it is an instance of the bot.
const instanceProcess = "GRAPHCALLS_EXAMPLE_INSTANCE"

// alone makes a bot of a single process.
func alone(builder *statefulclient.StatefulClientBuilder, b *bot) (*statefulclient.Client, error) {
	client, err := builder.Build()
	if err != nil {
		return nil, err
	}
	b.subscribe(client)
	return client, nil
}

// inFleet makes the same bot one of several.
func inFleet(ctx context.Context, nc *nats.Conn, builder *statefulclient.StatefulClientBuilder, b *bot, options cluster.Options) (*cluster.Client, error) {
	options.Subscribe = b.subscribe
	return cluster.Join(ctx, nc, builder, options)
}

// settings are the first thing an instance's process is told.
type settings struct {
	Name                                    string
	AppID, Secret, Tenant                   string
	AuthorityURL, OpenIDURL, Graph, Webhook string
	CA                                      []byte // in PEM
	NATS, Fleet                             string
	Key                                     []byte
}

// builder has what every bot needs.
func (s settings) builder(client *http.Client) (*statefulclient.StatefulClientBuilder, *auth.ClientCredentials, error) {
	provider, err := auth.NewClientCredentials(auth.ClientCredentialsOptions{
		AppID: s.AppID, Secret: s.Secret, Tenant: s.Tenant, HTTPClient: client,
		Cloud: auth.Cloud{AuthorityURL: s.AuthorityURL, OpenIDConfigurationURL: s.OpenIDURL},
	})
	if err != nil {
		return nil, nil, err
	}
	return statefulclient.NewStatefulClientBuilder("Echo", s.AppID).
		SetAuthenticationProvider(provider).
		SetNotificationUrl(s.Webhook).
		SetServiceBaseUrl(s.Graph).
		SetHttpClient(client, nil), provider, nil
}

// report is what an instance's process says, a line each.
type report struct {
	news

	Address string // of its webhook, when it has joined
	Drained bool
	Err     string
	Owned   *cluster.Ownership
}

// instance is one of the bot's, in its process.
type instance struct {
	settings

	mu  sync.Mutex
	out *json.Encoder
}

func (i *instance) say(r report) {
	i.mu.Lock()
	defer i.mu.Unlock()
	_ = i.out.Encode(r) // there is nobody else to tell
}

// runInstance is the process. It drains when it is told to, as on SIGTERM.
func runInstance(ctx context.Context, in io.Reader, out, problems io.Writer) int {
	i := &instance{out: json.NewEncoder(out)}
	said := bufio.NewReader(in)
	text, err := said.ReadString('\n')
	if err == nil {
		err = json.Unmarshal([]byte(text), &i.settings)
	}
	if err == nil {
		err = i.run(ctx, said)
	}
	if err != nil {
		_, _ = fmt.Fprintln(problems, "instance:", err)
		return 1
	}
	return 0
}

func (i *instance) run(ctx context.Context, said *bufio.Reader) error {
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(i.CA) {
		return errors.New("the certificate authority is none")
	}
	trusting := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}}
	builder, provider, err := i.builder(trusting)
	if err != nil {
		return err
	}
	defer provider.Close()
	nc, err := nats.Connect(i.NATS, nats.Name(i.Name), nats.MaxReconnects(-1))
	if err != nil {
		return err
	}
	defer nc.Close()
	b := &bot{say: func(n news) { i.say(report{news: n}) }}
	client, err := inFleet(ctx, nc, builder, b, cluster.Options{
		Name: i.Fleet, InstanceID: i.Name, Key: i.Key,
		OnOwnership: func(o cluster.Ownership) { i.say(report{news: news{At: time.Now()}, Owned: &o}) },
	})
	if err != nil {
		return err
	}
	defer client.Close()
	return i.serve(ctx, client, said)
}

// serve serves the webhook until the instance is told to drain.
func (i *instance) serve(ctx context.Context, client *cluster.Client, said *bufio.Reader) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := transport.NewServer(listener.Addr().String(), client.Handler())
	go func() { _ = server.Serve(listener) }()
	defer func() { _ = server.Close() }() // there is nothing under way any more
	i.say(report{Address: "http://" + listener.Addr().String()})
	word, err := said.ReadString('\n')
	if err != nil || strings.TrimSpace(word) != "drain" {
		return nil // nobody is there to serve
	}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	drained := report{Drained: true}
	if err := client.Drain(ctx); err != nil {
		drained.Err = err.Error()
	}
	i.say(drained)
	_, _ = said.ReadString('\n') // the handler answers 503 until nobody asks it any more
	return nil
}
