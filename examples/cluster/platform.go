package main

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/graphcalls/graphcalls-go/simulator"
)

// platform is all that is there without the bot: Microsoft Teams, which is the
// simulator's, NATS, and a load balancer.
type platform struct {
	*simulator.Platform

	bot      *simulator.Bot
	balancer *balancer
	webhook  string
	nats     string // its address

	server *server.Server // nil for one of the user's
	folder string
}

func newPlatform(nats string) (p *platform, err error) {
	p = &platform{nats: nats, balancer: &balancer{client: &http.Client{Timeout: 3 * time.Second, Transport: &http.Transport{}}}}
	if nats == "" {
		if err := p.startNATS(); err != nil {
			return nil, err
		}
	}
	if p.Platform, err = simulator.Start(simulator.Options{}); err != nil {
		return nil, errors.Join(err, p.close())
	}
	if p.webhook, err = p.Serve(p.balancer); err != nil {
		return nil, errors.Join(err, p.close())
	}
	p.webhook += "/api/calls"
	p.bot = p.RegisterBot(simulator.Bot{DisplayName: "Echo"})
	p.bot.SetCallingWebhook(p.webhook)
	return p, nil
}

func (p *platform) startNATS() (err error) {
	if p.folder, err = os.MkdirTemp("", "cluster-example"); err != nil {
		return err
	}
	p.server, err = server.NewServer(&server.Options{
		Host: "127.0.0.1", Port: server.RANDOM_PORT, JetStream: true, StoreDir: p.folder, NoLog: true, NoSigs: true,
	})
	if err != nil {
		return errors.Join(err, os.RemoveAll(p.folder))
	}
	p.server.Start()
	if !p.server.ReadyForConnections(10 * time.Second) {
		return errors.Join(errors.New("the NATS server does not start"), p.close())
	}
	p.nats = "nats://" + p.server.Addr().(*net.TCPAddr).String()
	return nil
}

func (p *platform) close() error {
	if p.Platform != nil {
		p.Platform.Close()
	}
	p.balancer.client.CloseIdleConnections()
	if p.server == nil {
		return nil
	}
	p.server.Shutdown()
	p.server.WaitForShutdown()
	return os.RemoveAll(p.folder)
}

// balancer gives each notification to the next instance, and to another where that
// one is gone or answers 503.
type balancer struct {
	client *http.Client

	mu      sync.Mutex
	behind  []backend
	turn    int
	arrived func(call []byte, at string)
}

// backend is an instance as the balancer knows it.
type backend struct{ name, address string }

// ServeHTTP implements http.Handler.
func (b *balancer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the platform has hung up
	}
	for _, to := range b.next() {
		status, err := b.forward(r, to, body)
		if err != nil || status == http.StatusServiceUnavailable {
			continue
		}
		b.note(body, to.name)
		w.WriteHeader(status)
		return
	}
	w.WriteHeader(http.StatusServiceUnavailable)
}

func (b *balancer) forward(r *http.Request, to backend, body []byte) (status int, err error) {
	request, err := http.NewRequestWithContext(r.Context(), r.Method, to.address+r.URL.RequestURI(), bytes.NewReader(body)) //nolint:gosec // that is what a load balancer does
	if err != nil {
		return 0, err
	}
	request.Header = r.Header.Clone()
	response, err := b.client.Do(request) //nolint:gosec // to one of the instances
	if err != nil {
		return 0, err
	}
	return response.StatusCode, response.Body.Close()
}

// next lists all, the one whose turn it is first.
func (b *balancer) next() []backend {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.turn++
	var order []backend
	for i := range b.behind {
		order = append(order, b.behind[(b.turn+i)%len(b.behind)])
	}
	return order
}

// note tells who took a notification.
func (b *balancer) note(body []byte, name string) {
	b.mu.Lock()
	arrived := b.arrived
	b.mu.Unlock()
	if arrived != nil {
		arrived(body, name)
	}
}

// set says who is there from now on.
func (b *balancer) set(behind []backend) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.behind = behind
}
