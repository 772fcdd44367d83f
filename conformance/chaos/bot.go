package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"go.uber.org/goleak"
	"go.uber.org/zap"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/store"
)

// botProcess is the variable of the environment by which the program knows that
// it is the bot.
const botProcess = "GRAPHCALLS_CHAOS_BOT"

// instanceKey signs callback addresses; a real one is random and secret.
const instanceKey = "thirty-two bytes, which nobody knows"

// robot is the bot, in its process.
type robot struct {
	settings

	client *statefulclient.Client
	http   *http.Client
	store  *timed
	dice   *dice
	closer []func()

	life    context.Context //nolint:containedctx // the bot's, not a request's
	stop    context.CancelFunc
	calm    atomic.Bool    // handlers behave
	waiting sync.WaitGroup // for operations of another process

	mu  sync.Mutex
	out *json.Encoder
}

// runBot is the bot's process, which ends when nothing more is said to it.
func runBot(ctx context.Context, in io.Reader, out, problems io.Writer) int {
	said := json.NewDecoder(in)
	b := &robot{out: json.NewEncoder(out)}
	err := said.Decode(&b.settings)
	if err == nil {
		err = b.start(ctx)
	}
	if err == nil {
		err = b.serveCommands(ctx, said)
	}
	if err != nil {
		_, _ = fmt.Fprintln(problems, "bot:", err)
		return 1
	}
	return 0
}

func (b *robot) say(l line) {
	b.mu.Lock()
	defer b.mu.Unlock()
	_ = b.out.Encode(l) // there is nobody else to tell
}

// limits make the client do in seconds what it does in minutes.
func limits() statefulclient.Limits {
	return statefulclient.Limits{
		KeepAlive: time.Second, Sweep: time.Second, ResyncsPerSecond: 100, SilentAfter: 2 * time.Second,
		RosterGap: 200 * time.Millisecond, ToneGap: 100 * time.Millisecond, ParkFor: time.Second,
		AnswerWithin: answerWindow, HandlerBacklog: 16,
	}
}

func (b *robot) start(ctx context.Context) error {
	b.life, b.stop = context.WithCancel(ctx)
	b.calm.Store(b.Calm)
	b.dice = newDice(b.Seed, streamHandlers+uint64(b.Generation))
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(b.CA) {
		return errors.New("the certificate authority is none")
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}, ForceAttemptHTTP2: true}
	b.http = &http.Client{Transport: transport}
	provider, err := auth.NewClientCredentials(auth.ClientCredentialsOptions{
		AppID: b.AppID, Secret: b.Secret, Tenant: b.Tenant, HTTPClient: b.http,
		Cloud: auth.Cloud{AuthorityURL: b.AuthorityURL, OpenIDConfigurationURL: b.OpenIDURL},
	})
	if err != nil {
		return err
	}
	logger, err := b.logger()
	if err != nil {
		return err
	}
	calls, err := store.OpenFiles(b.Folder, store.FilesOptions{})
	if err != nil {
		return err
	}
	b.store = &timed{Store: calls}
	b.client, err = statefulclient.NewStatefulClientBuilder("Chaos", b.AppID).
		SetAuthenticationProvider(provider).
		SetNotificationUrl(b.NotificationURL).
		SetServiceBaseUrl(b.Graph).
		SetHttpClient(b.http, nil).
		SetStore(b.store).
		SetLogger(logger).
		SetInstance(statefulclient.Instance{ID: b.InstanceID, Key: []byte(instanceKey)}).
		SetLimits(limits()).
		Build()
	if err != nil {
		return err
	}
	b.closer = append(b.closer, func() { _ = calls.Close() }, transport.CloseIdleConnections, provider.Close)
	b.subscribe()
	if err := b.record(); err != nil {
		return err
	}
	return b.open(ctx)
}

// record has the client write down what it hears, if that is wanted.
func (b *robot) record() error {
	if b.Record == "" {
		return nil
	}
	file, err := os.OpenFile(b.Record, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	recording, err := b.client.RecordTrace(file, statefulclient.TraceOptions{EachState: true})
	if err != nil {
		return err
	}
	b.closer = append(b.closer, func() { _ = file.Close() }, func() { _ = recording.Close() })
	return nil
}

func (b *robot) logger() (*zap.Logger, error) {
	if b.Log == "" {
		return zap.NewNop(), nil
	}
	config := zap.NewDevelopmentConfig()
	config.OutputPaths, config.DisableStacktrace = []string{b.Log}, true
	return config.Build()
}

// open serves and restores, in either order.
func (b *robot) open(ctx context.Context) error {
	if b.ServeFirst {
		if err := b.serve(); err != nil {
			return err
		}
	}
	restored, err := b.client.Rehydrate(ctx)
	report := line{Kind: saysStarted, Damaged: errors.Is(err, store.ErrDamaged)}
	for _, call := range restored {
		report.Added = append(report.Added, call.ID())
	}
	if err != nil {
		report.Err = err.Error()
	}
	if !b.ServeFirst {
		if err := b.serve(); err != nil {
			return err
		}
	}
	b.say(report)
	return nil
}

func (b *robot) serve() error {
	certificate, err := tls.X509KeyPair(b.Certificate, b.CertificateKey)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", b.Address)
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler: b.client.Handler(), ReadHeaderTimeout: 5 * time.Second,
		TLSConfig: &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12},
		ErrorLog:  quiet(),
	}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = server.ServeTLS(listener, "", "")
	}()
	b.closer = append(b.closer, func() { _ = server.Close(); <-served })
	return nil
}

// close ends all that was started, and returns what did not end. It must be
// called by the process's first goroutine.
func (b *robot) close() string {
	b.client.Close()
	b.waiting.Wait()
	for _, closer := range slices.Backward(b.closer) {
		closer()
	}
	if err := goleak.Find(); err != nil {
		return err.Error()
	}
	return ""
}
