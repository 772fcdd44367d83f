package cluster_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"go.uber.org/zap"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/cluster"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// The tests are also the program that they start for each NATS server which they kill.
func TestMain(m *testing.M) {
	if settings := os.Getenv(brokerProcess); settings != "" {
		if err := runBroker(settings, os.Stdin, os.Stdout); err != nil {
			_, _ = fmt.Fprintln(os.Stderr, "broker:", err)
		}
		return // the test sees the end of what it says
	}
	goleak.VerifyTestMain(m)
}

var key = []byte(strings.Repeat("k", 32))

// broker is a NATS server in this process, which can be stopped and started
// again on its port and its files.
type broker struct {
	t       testing.TB
	options *server.Options
	server  *server.Server
}

func startBroker(t testing.TB) *broker {
	t.Helper()
	b := &broker{t: t, options: &server.Options{
		Host: "127.0.0.1", Port: server.RANDOM_PORT, JetStream: true, StoreDir: t.TempDir(), NoLog: true, NoSigs: true,
	}}
	b.start()
	t.Cleanup(func() { b.stop() })
	return b
}

func (b *broker) start() {
	b.t.Helper()
	var err error
	b.server, err = server.NewServer(b.options)
	require.NoError(b.t, err)
	b.server.Start()
	require.True(b.t, b.server.ReadyForConnections(10*time.Second))
	b.options.Port = b.server.Addr().(*net.TCPAddr).Port
}

func (b *broker) stop() {
	b.server.Shutdown()
	b.server.WaitForShutdown()
}

// cable is what a connection runs through. While it is cut nothing passes, and
// nobody is told: what is written waits in it, as in the buffers of a network.
type cable struct {
	mu    sync.Mutex
	whole chan struct{} // closed while it is
	held  []byte
}

func newCable() *cable {
	c := &cable{whole: make(chan struct{})}
	close(c.whole)
	return c
}

func (c *cable) cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.whole = make(chan struct{})
}

func (c *cable) mend() {
	c.mu.Lock()
	defer c.mu.Unlock()
	select {
	case <-c.whole:
	default:
		close(c.whole)
	}
}

func (c *cable) wait() {
	c.mu.Lock()
	whole := c.whole
	c.mu.Unlock()
	<-whole
}

// Dial implements nats.CustomDialer.
func (c *cable) Dial(network, address string) (net.Conn, error) {
	c.wait()
	conn, err := (&net.Dialer{Timeout: time.Second}).Dial(network, address)
	return &cabled{conn, c}, err
}

type cabled struct {
	net.Conn

	cable *cable
}

func (c *cabled) Read(into []byte) (int, error) {
	n, err := c.Conn.Read(into)
	c.cable.wait()
	return n, err
}

func (c *cabled) Write(data []byte) (int, error) {
	c.cable.mu.Lock()
	defer c.cable.mu.Unlock()
	select {
	case <-c.cable.whole:
	default:
		c.cable.held = append(c.cable.held, data...)
		return len(data), nil
	}
	if held := c.cable.held; held != nil {
		c.cable.held = nil
		if _, err := c.Conn.Write(held); err != nil {
			return 0, err
		}
	}
	return c.Conn.Write(data)
}

// rig is a bot of several instances on a platform of its own: real HTTPS, real
// tokens, real NATS.
type rig struct {
	t         testing.TB
	platform  *simulator.Platform
	bot       *simulator.Bot
	nats      string    // addresses
	brokers   []*broker // in this process; none where the test has its own
	provider  *auth.ClientCredentials
	address   string
	front     atomic.Value // the http.HandlerFunc that takes what the platform sends
	instances []*instance
}

// instance is one process of the bot.
type instance struct {
	*cluster.Client

	rig   *rig
	name  string
	nc    *nats.Conn
	cable *cable

	mu       sync.Mutex
	incoming []string // ids
	edges    []edge
	owned    []cluster.Ownership
}

type edge struct {
	call  string
	state resources.CallState
}

func newRig(t testing.TB, instances int, configure ...func(*cluster.Options)) *rig {
	t.Helper()
	b := startBroker(t)
	r := newRigOn(t, b.server.ClientURL(), instances, configure...)
	r.brokers = []*broker{b}
	return r
}

// newRigOn has the rig on NATS servers of the test's own.
func newRigOn(t testing.TB, nats string, instances int, configure ...func(*cluster.Options)) *rig {
	t.Helper()
	r := &rig{t: t, platform: simulator.New(t), nats: nats}
	r.bot = r.platform.RegisterBot(simulator.Bot{DisplayName: "Echo"})
	provider, err := auth.NewClientCredentials(auth.ClientCredentialsOptions{
		AppID: r.bot.AppID, Secret: r.bot.Secret, Tenant: r.platform.Tenant().ID, HTTPClient: r.platform.Client(),
		Cloud: auth.Cloud{AuthorityURL: r.platform.AuthorityURL(), OpenIDConfigurationURL: r.platform.OpenIDConfigurationURL()},
	})
	require.NoError(t, err)
	t.Cleanup(provider.Close)
	r.provider = provider
	r.address, err = r.platform.Serve(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		r.front.Load().(http.HandlerFunc)(w, q)
	}))
	require.NoError(t, err)
	r.address += "/api/calls"
	r.bot.SetCallingWebhook(r.address)
	for range instances {
		r.join(configure...)
	}
	r.settled()
	if instances > 0 {
		r.takenBy(r.instances[0])
	}
	return r
}

// join adds an instance.
func (r *rig) join(configure ...func(*cluster.Options)) *instance {
	r.t.Helper()
	return r.joinWith(statefulclient.Limits{}, configure...)
}

func (r *rig) joinWith(limits statefulclient.Limits, configure ...func(*cluster.Options)) *instance {
	r.t.Helper()
	i := &instance{rig: r, name: "i" + strconv.Itoa(len(r.instances)+1), cable: newCable()}
	var err error
	i.nc, err = nats.Connect(r.nats, nats.MaxReconnects(-1), nats.ReconnectWait(50*time.Millisecond),
		nats.ReconnectJitter(0, 0), nats.SetCustomDialer(i.cable), nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {}))
	require.NoError(r.t, err)
	r.t.Cleanup(i.nc.Close)
	r.t.Cleanup(i.cable.mend)
	options := cluster.Options{
		Name: "test", InstanceID: i.name, Key: key, Partitions: 8, Lease: time.Second, Subscribe: i.subscribe,
		OnOwnership: i.own, Logger: logger(r.t, i.name),
	}
	for _, change := range configure {
		change(&options)
	}
	i.Client, err = cluster.Join(r.context(), i.nc, r.builder().SetLimits(limits), options)
	require.NoError(r.t, err)
	r.t.Cleanup(i.Close)
	r.instances = append(r.instances, i)
	return i
}

func (r *rig) builder() *statefulclient.StatefulClientBuilder {
	return statefulclient.NewStatefulClientBuilder("Echo", r.bot.AppID).
		SetAuthenticationProvider(r.provider).
		SetNotificationUrl(r.address).
		SetServiceBaseUrl(r.platform.ServiceBaseURL()).
		SetHttpClient(r.platform.Client(), nil)
}

func logger(t testing.TB, name string) *zap.Logger {
	if !testing.Verbose() {
		return nil
	}
	config := zap.NewDevelopmentConfig()
	config.Level = zap.NewAtomicLevelAt(zap.InfoLevel)
	config.DisableStacktrace = true
	l, err := config.Build()
	require.NoError(t, err)
	return l.Named(name)
}

func (i *instance) subscribe(client *statefulclient.Client) {
	client.Calls().OnIncoming(func(_ context.Context, e statefulclient.IncomingCall) {
		i.mu.Lock()
		defer i.mu.Unlock()
		i.incoming = append(i.incoming, e.Call.ID())
	})
	client.Calls().OnUpdated(func(_ context.Context, e statefulclient.CollectionEvent[*statefulclient.Call]) {
		for _, call := range e.Added {
			statefulclient.On(call, func(_ context.Context, e statefulclient.StateChanged) {
				i.mu.Lock()
				defer i.mu.Unlock()
				i.edges = append(i.edges, edge{call.ID(), e.New})
			})
		}
	})
}

func (i *instance) own(change cluster.Ownership) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.owned = append(i.owned, change)
}

// heard are the calls that OnIncoming was told of.
func (i *instance) heard() []string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return append([]string{}, i.incoming...)
}

func (i *instance) reached(call string, state resources.CallState) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return slices.Contains(i.edges, edge{call, state})
}

func (i *instance) lost() (partitions int) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, change := range i.owned {
		if change.Lost {
			partitions++
		}
	}
	return partitions
}

// takenBy says who takes what the platform sends from now on.
func (r *rig) takenBy(i *instance) { r.front.Store(http.HandlerFunc(i.Handler().ServeHTTP)) }

func (r *rig) context() context.Context {
	ctx, cancel := context.WithTimeout(r.t.Context(), 20*time.Second)
	r.t.Cleanup(cancel)
	return ctx
}

func (r *rig) eventually(condition func() bool, what string) {
	r.t.Helper()
	require.Eventually(r.t, condition, 15*time.Second, 5*time.Millisecond, what)
}

// settled waits until those who live own all partitions, and about as many each.
func (r *rig) settled(living ...*instance) {
	r.t.Helper()
	if living == nil {
		living = r.instances
	}
	if len(living) == 0 {
		return
	}
	partitions := len(living[0].Partitions())
	r.eventually(func() bool {
		sum := 0
		for _, i := range living {
			owned := i.FleetStats().Owned
			if owned < partitions/len(living) {
				return false
			}
			sum += owned
		}
		return sum == partitions
	}, "the partitions are not owned evenly")
}

// owner is who owns a call.
func (r *rig) owner(callID string) *instance {
	for _, i := range r.instances {
		if i.Owns(callID) {
			return i
		}
	}
	return nil
}

func (r *rig) place(by *instance) *statefulclient.Call {
	r.t.Helper()
	adele := r.platform.AddPerson("Adele Vance")
	call, err := by.Calls().Add(r.context(), statefulclient.CallTo(adele.TenantID, statefulclient.UserIdentity(adele.ID)))
	require.NoError(r.t, err)
	return call
}

// call places a call and waits until it is established and saved as that.
func (r *rig) call(by *instance) *statefulclient.Call {
	r.t.Helper()
	call := r.place(by)
	require.NoError(r.t, call.WaitFor(r.context(), resources.CallStateEstablished))
	r.saved(by, call.ID(), resources.CallStateEstablished)
	return call
}

func (r *rig) saved(by *instance, callID string, state resources.CallState) {
	r.t.Helper()
	r.eventually(func() bool {
		found, err := by.Find(r.context(), callID)
		return err == nil && found.Resource().State == state
	}, "the call was not saved")
}
