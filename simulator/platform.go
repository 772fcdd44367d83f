package simulator

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/graphcalls/graphcalls-go/resources"
	"go.uber.org/zap"
)

// Platform is Microsoft Graph's calls API, the authority that grants tokens
// for it, and the notifier that calls bots back, all at one address.
//
// All its methods, and those of what it hands out, may be called from any
// goroutine. The embedded Faults hold for all calls; every Call has its own as
// well.
type Platform struct {
	*Faults

	options      Options
	life         *lifetime
	clock        *clock
	network      network
	ca           *certificateAuthority
	accessKeys   *keyring
	callbackKeys *keyring
	courier      *courier
	journal      *journal
	failures     *failures
	counters     counters
	tally        tally
	changed      bell
	notifyFirst  atomic.Bool
	slowBy       atomic.Int64 // every reply, in nanoseconds
	busy         atomic.Int64 // outboxes that are sending or about to
	client       *http.Client
	address      string
	servers      []*http.Server

	creating sync.Mutex // createOrGet is one at a time
	mu       sync.Mutex // guards the world, below
	world    world
	ordinals uint64
}

// world is who and what there is. Ended calls are kept, the newest of them, so
// that a test can look at how they ended.
type world struct {
	home     *Tenant
	tenants  map[string]*Tenant
	bots     map[string]*Bot
	people   map[string]*Person
	meetings []*Meeting
	calls    map[string]*Call
	order    []*Call
	ended    []*Call

	recordings map[string]*recording
	recorded   []string // their ids, oldest first
}

// Start opens a platform. Close it in the end.
func Start(options Options) (*Platform, error) {
	options = options.withDefaults()
	if options.Speed < 0 {
		return nil, errSpeed
	}
	p := &Platform{
		options:  options,
		life:     newLifetime(),
		clock:    newClock(options.Speed),
		network:  options.network(),
		journal:  newJournal(options.Remember),
		failures: &failures{},
		world: world{
			tenants: map[string]*Tenant{}, bots: map[string]*Bot{},
			people: map[string]*Person{}, calls: map[string]*Call{}, recordings: map[string]*recording{},
		},
	}
	p.Faults = newFaults(p.pumpAll)
	p.world.home = p.AddTenant()
	if err := p.makeSecrets(); err != nil {
		return nil, err
	}
	p.courier = newCourier(p)
	listener, err := p.listen()
	if err != nil {
		return nil, err
	}
	p.address = "https://" + listener.Addr().String()
	p.client = &http.Client{Transport: transportTrusting(p.ca.pool(), p.network)}
	p.serve(listener, p.routes())
	return p, nil
}

var errSpeed = errors.New("simulator: Options.Speed is negative; leave it 0 for real time")

func (p *Platform) makeSecrets() (err error) {
	if p.ca, err = newCertificateAuthority(p.clock.now()); err != nil {
		return err
	}
	if p.accessKeys, err = newKeyring(); err != nil {
		return err
	}
	p.callbackKeys, err = newKeyring()
	return err
}

func (p *Platform) listen() (net.Listener, error) {
	listener, err := p.network.listen(p.options.Address)
	if err != nil {
		return nil, fmt.Errorf("simulator: listen; choose another Options.Address: %w", err)
	}
	return listener, nil
}

// serve reports whether the platform is open, and does nothing otherwise.
func (p *Platform) serve(listener net.Listener, handler http.Handler) bool {
	host, _, _ := net.SplitHostPort(listener.Addr().String())
	server := &http.Server{
		Handler:           p.attended(handler),
		ReadHeaderTimeout: p.options.DeliveryTimeout,
		ErrorLog:          zap.NewStdLog(p.options.Logger),
		TLSConfig:         &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: p.certificateOf(host)},
	}
	p.mu.Lock()
	p.servers = append(p.servers, server)
	p.mu.Unlock()
	open := p.life.spawn(func() { _ = server.ServeTLS(listener, "", "") })
	if !open {
		_ = listener.Close()
	}
	return open
}

func (p *Platform) certificateOf(host string) func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	issued := sync.OnceValues(func() (*tls.Certificate, error) {
		certificate, err := p.CertificateFor(host)
		return &certificate, err
	})
	return func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return issued() }
}

// attended makes Close wait for the requests that are being served.
func (p *Platform) attended(handler http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !p.life.begin() {
			http.Error(w, "closing", http.StatusServiceUnavailable)
			return
		}
		defer p.life.tasks.Done()
		ctx, cancel := context.WithCancelCause(r.Context())
		defer cancel(nil)
		defer context.AfterFunc(p.life.ctx, func() { cancel(ErrClosed) })()
		handler.ServeHTTP(w, r.WithContext(ctx))
	})
}

// Serve serves a bot's webhook over https, with a certificate the platform
// trusts, until the platform is closed. It returns its URL, without a path.
// Close waits for the handler, which must end when its request's context does.
func (p *Platform) Serve(bot http.Handler) (string, error) {
	listener, err := p.network.listen("")
	if err != nil {
		return "", fmt.Errorf("simulator: listen for a bot: %w", err)
	}
	if !p.serve(listener, bot) {
		return "", ErrClosed
	}
	return "https://" + listener.Addr().String(), nil
}

// Close ends the platform and everything it started, and waits for it. Calls
// end without a word to their bots.
func (p *Platform) Close() {
	if !p.life.stop() {
		return
	}
	p.mu.Lock()
	servers := p.servers
	p.mu.Unlock()
	for _, server := range servers {
		_ = server.Close()
	}
	p.clock.close()
	p.courier.close()
	p.client.CloseIdleConnections()
	p.life.tasks.Wait()
	p.changed.ring()
}

// ServiceBaseURL is the service's address up to its version, v1.0; beta is
// served next to it.
func (p *Platform) ServiceBaseURL() string { return p.address + "/v1.0" }

// AuthorityURL is the address of the token endpoint up to the tenant: tokens
// are at {AuthorityURL}/{tenant}/oauth2/v2.0/token.
func (p *Platform) AuthorityURL() string { return p.address + "/login" }

// OpenIDConfigurationURL is where a bot learns which keys sign the tokens that
// come with notifications.
func (p *Platform) OpenIDConfigurationURL() string {
	return p.address + "/v1/.well-known/OpenIdConfiguration"
}

// Client trusts the platform. It is shared; copy it to change it.
func (p *Platform) Client() *http.Client { return p.client }

// Call returns the call of that id, ended ones as long as they are remembered,
// or nil.
func (p *Platform) Call(id string) *Call {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.world.calls[resources.Key(id)]
}

// Calls returns the calls there are and the ended ones that are remembered,
// oldest first.
func (p *Platform) Calls() []*Call {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]*Call(nil), p.world.order...)
}

// WaitUntil waits until condition holds. It is asked again after everything
// that happens on the platform, on the caller's goroutine.
func (p *Platform) WaitUntil(ctx context.Context, condition func() bool) error {
	for {
		changed := p.changed.next()
		if condition() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("simulator: waited in vain: %w", context.Cause(ctx))
		case <-p.life.ctx.Done():
			return ErrClosed
		}
	}
}

// WaitIdle waits until no notification of any call is queued or under way.
// Those held back by Hold do not count, nor what is still to happen, such as
// the end of a prompt.
func (p *Platform) WaitIdle(ctx context.Context) error {
	return p.WaitUntil(ctx, func() bool { return p.busy.Load() == 0 })
}

func (p *Platform) pumpAll() {
	for _, call := range p.Calls() {
		call.outbox.pump()
	}
	p.changed.ring()
}
