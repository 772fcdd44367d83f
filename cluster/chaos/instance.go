package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"github.com/nats-io/nats.go"
	"go.uber.org/goleak"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/cluster"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// instanceProcess is the variable of the environment by which the program knows
// that it is an instance of the bot.
const instanceProcess = "GRAPHCALLS_CLUSTER_CHAOS_INSTANCE"

// fleetName is the prefix of all there is in NATS.
const fleetName = "chaos"

// fleetKey signs callback addresses; a real one is random and secret.
const fleetKey = "thirty-two bytes, which nobody knows"

// instance is one of the bot's, in its process.
type instance struct {
	settings

	client *cluster.Client
	http   *http.Client
	closer []func()
	ended  chan struct{} // closed when it is to end
}

// runInstance is the process, which ends when its input does, when it is asked to
// close, or on SIGTERM, when it has drained.
func runInstance(ctx context.Context, in io.Reader, out, problems io.Writer) int {
	i := &instance{ended: make(chan struct{})}
	if err := json.NewDecoder(in).Decode(&i.settings); err != nil {
		_, _ = fmt.Fprintln(problems, "instance:", err)
		return 1
	}
	orphaned := make(chan struct{})
	go func() {
		defer close(orphaned)
		_, _ = io.Copy(io.Discard, in)
	}()
	terminated, stop := signal.NotifyContext(ctx, syscall.SIGTERM)
	defer stop()
	known := goleak.IgnoreCurrent()
	if err := i.start(ctx, out, problems); err != nil {
		_, _ = fmt.Fprintln(problems, "instance:", err)
		return 1
	}
	var g goodbye
	select {
	case <-orphaned:
		return 0
	case <-i.ended:
	case <-terminated.Done():
		g.Problem = i.drain(ctx)
	}
	g.Leaks = i.close(known)
	_ = json.NewEncoder(out).Encode(g) // else nobody is there to tell
	<-orphaned
	return 0
}

func (i *instance) start(ctx context.Context, out, problems io.Writer) error {
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(i.CA) {
		return errors.New("the certificate authority is none")
	}
	transport := &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 64,
	}
	i.http = &http.Client{Transport: transport}
	provider, err := auth.NewClientCredentials(auth.ClientCredentialsOptions{
		AppID: i.AppID, Secret: i.Secret, Tenant: i.Tenant, HTTPClient: i.http,
		Cloud: auth.Cloud{AuthorityURL: i.AuthorityURL, OpenIDConfigurationURL: i.OpenIDURL},
	})
	if err != nil {
		return err
	}
	nc, err := nats.Connect(i.NATS, nats.MaxReconnects(-1), nats.ReconnectWait(100*time.Millisecond), nats.Name(i.Process))
	if err != nil {
		return err
	}
	i.closer = append(i.closer, transport.CloseIdleConnections, provider.Close, nc.Close)
	i.client, err = cluster.Join(ctx, nc, statefulclient.NewStatefulClientBuilder("Chaos", i.AppID).
		SetAuthenticationProvider(provider).
		SetNotificationUrl(i.NotificationURL).
		SetServiceBaseUrl(i.Graph).
		SetHttpClient(i.http, nil).
		SetLimits(i.limits()), cluster.Options{
		Name: fleetName, InstanceID: i.Process, Key: []byte(fleetKey), Partitions: i.Partitions, Lease: i.Lease,
		Subscribe: i.subscribe, OnOwnership: i.own, Logger: logger(problems),
	})
	if err != nil {
		return err
	}
	return i.serve(out)
}

// limits make the client do in seconds what it does in minutes.
func (i *instance) limits() statefulclient.Limits {
	limits := statefulclient.Limits{RosterGap: 500 * time.Millisecond, ParkFor: time.Second}
	if i.Doubts {
		limits.KeepAlive, limits.Sweep, limits.ResyncsPerSecond = 5*time.Second, 5*time.Second, 30
	}
	return limits
}

func logger(out io.Writer) *zap.Logger {
	config := zap.NewProductionEncoderConfig()
	config.EncodeTime = zapcore.TimeEncoderOfLayout("15:04:05.000")
	return zap.New(zapcore.NewCore(zapcore.NewConsoleEncoder(config), zapcore.Lock(zapcore.AddSync(out)), zap.InfoLevel))
}

// serve serves the webhook and the commands, in plain http behind the balancer.
func (i *instance) serve(out io.Writer) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("/api/calls", i.client.Handler())
	mux.HandleFunc("/do", i.command)
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = server.Serve(listener)
	}()
	i.closer = append(i.closer, func() { _ = server.Close(); <-served })
	return json.NewEncoder(out).Encode(hello{listener.Addr().String()})
}

// say reports what a handler was told, and returns when that is known.
func (i *instance) say(l line) {
	l.Process = i.Process
	body, err := json.Marshal(l)
	if err != nil {
		return
	}
	request, err := http.NewRequestWithContext(context.Background(), http.MethodPost, i.Witness, bytes.NewReader(body))
	if err != nil {
		return
	}
	if response, err := i.http.Do(request); err == nil { // else nobody is there to tell
		_ = response.Body.Close()
	}
}

// command does what is asked, and answers how that went.
func (i *instance) command(w http.ResponseWriter, r *http.Request) {
	var c command
	var a answer
	err := json.NewDecoder(r.Body).Decode(&c)
	if err == nil {
		err = i.do(r.Context(), c, &a)
	}
	if err != nil {
		a.Err = err.Error()
	}
	_ = json.NewEncoder(w).Encode(a) // who asked may be gone
}

func (i *instance) do(ctx context.Context, c command, a *answer) error {
	switch c.Do {
	case doPlace:
		call, err := i.client.Calls().Add(ctx, statefulclient.CallTo(c.Tenant, statefulclient.UserIdentity(c.Target)))
		if err == nil {
			a.Call = call.ID()
		}
		return err
	case doJoin:
		meeting, err := statefulclient.ParseJoinURL(c.JoinURL)
		if err != nil {
			return err
		}
		call, err := i.client.Calls().Join(ctx, meeting)
		if err == nil {
			a.Call = call.ID()
		}
		return err
	case doHangup:
		found, err := i.client.Find(ctx, c.Call)
		if err != nil {
			return err
		}
		return found.Hangup(ctx)
	case doDump:
		a.Dump = i.dump()
		return nil
	case doClose:
		close(i.ended)
		return nil
	default:
		return fmt.Errorf("no command is named %q", c.Do)
	}
}

func (i *instance) dump() *dump {
	d := &dump{Calls: map[string]callDump{}, Stats: i.client.Stats(), Fleet: i.client.FleetStats()}
	for call := range i.client.Calls().All() {
		held := callDump{State: call.State(), Me: call.Resource().MyParticipantID, Roster: map[string]bool{}}
		for person := range call.Participants().All() {
			held.Roster[person.ID()] = person.Resource().IsMuted
		}
		d.Calls[call.ID()] = held
	}
	return d
}

// drain hands the calls over to the others, and returns what went wrong.
func (i *instance) drain(ctx context.Context) string {
	ctx, cancel := context.WithTimeout(ctx, toDrain)
	defer cancel()
	if err := i.client.Drain(ctx); err != nil {
		return err.Error()
	}
	return ""
}

// close ends all that was started, and returns the goroutines that did not end.
// It must be called by the process's first goroutine.
func (i *instance) close(known goleak.Option) string {
	i.client.Close()
	for _, closer := range slices.Backward(i.closer) {
		closer()
	}
	if err := goleak.Find(known); err != nil {
		return err.Error()
	}
	return ""
}
