// Package stage is where the examples play: on the simulator, which it starts,
// on one that runs as a program of its own, cmd/callsim, or on Microsoft Graph. A
// bot of your own needs what open does, and no more.
package stage

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/transport"
)

// Settings say where to play. Secrets come from the environment, so that they
// stand in no shell history.
type Settings struct {
	// Graph says that the people to call are not the example's own: they are on
	// Microsoft Graph or on callsim.
	Graph           bool
	Listen          string
	NotificationURL string
	Tenant          string
	// Limits are the client's, for examples that need others.
	Limits statefulclient.Limits

	callsim bool
}

// Flags defines the flags all examples have.
func Flags() *Settings {
	var s Settings
	flag.BoolVar(&s.Graph, "graph", false, "play on Microsoft Graph instead of the simulator; needs BOT_APP_ID and BOT_APP_SECRET")
	flag.StringVar(&s.Listen, "listen", ":8080", "with -graph: where to take notifications, in plain http behind a tunnel or proxy")
	flag.StringVar(&s.NotificationURL, "notification-url", "", "with -graph: the public https address of -listen, such as https://bot.contoso.com/api/calls")
	flag.StringVar(&s.Tenant, "tenant", "", "with -graph: the tenant of the people to call")
	flag.BoolFunc("callsim", "like -graph, on a running callsim (go run ./cmd/callsim), whose settings are in the environment as it printed them", s.onCallsim)
	return &s
}

// Stage is a client ready to play.
type Stage struct {
	Client   *statefulclient.Client
	Platform *simulator.Platform // nil on Microsoft Graph
	Bot      *simulator.Bot      // nil on Microsoft Graph

	closers []func()
	mux     *http.ServeMux
	address *url.URL // where the mux is found
	limits  statefulclient.Limits
	mu      sync.Mutex
	start   time.Time
}

// Open starts the stage. Close it in the end.
func (s *Settings) Open(name string) (*Stage, error) {
	stage := &Stage{start: time.Now(), mux: http.NewServeMux(), limits: s.Limits}
	var err error
	switch {
	case s.callsim:
		err = stage.openCallsim(s, name)
	case s.Graph:
		err = stage.openGraph(s, name)
	default:
		err = stage.openSimulator(name)
	}
	if err != nil {
		stage.Close()
		return nil, err
	}
	return stage, nil
}

// Close ends the stage.
func (s *Stage) Close() {
	for _, closer := range slices.Backward(s.closers) {
		closer()
	}
}

func (s *Stage) onClose(f func()) { s.closers = append(s.closers, f) }

func (s *Stage) openGraph(settings *Settings, name string) error {
	return s.openListening(settings, name, auth.ClientCredentialsOptions{
		AppID: os.Getenv("BOT_APP_ID"), Secret: os.Getenv("BOT_APP_SECRET"), Tenant: settings.Tenant,
	}, statefulclient.DefaultServiceBaseURL)
}

// openListening takes notifications in plain http.
func (s *Stage) openListening(settings *Settings, name string, credentials auth.ClientCredentialsOptions, service string) error {
	address, err := net.Listen("tcp", settings.Listen)
	if err != nil {
		return err
	}
	server := transport.NewServer(settings.Listen, s.mux)
	s.onClose(func() { _ = server.Close() })
	if err := s.open(name, credentials, service, settings.NotificationURL); err != nil {
		return errors.Join(err, address.Close())
	}
	go func() { _ = server.Serve(address) }()
	return nil
}

func (s *Stage) openSimulator(name string) error {
	platform, err := simulator.Start(simulator.Options{PromptDuration: 300 * time.Millisecond})
	if err != nil {
		return err
	}
	s.onClose(platform.Close)
	s.Platform, s.Bot = platform, platform.RegisterBot(simulator.Bot{DisplayName: name})
	address, err := s.Bot.Listen()
	if err != nil {
		return err
	}
	err = s.open(name, auth.ClientCredentialsOptions{
		AppID: s.Bot.AppID, Secret: s.Bot.Secret, Tenant: platform.Tenant().ID, HTTPClient: platform.Client(),
		Cloud: auth.Cloud{AuthorityURL: platform.AuthorityURL(), OpenIDConfigurationURL: platform.OpenIDConfigurationURL()},
	}, platform.ServiceBaseURL(), address)
	if err != nil {
		return err
	}
	s.Bot.Serve(s.mux)
	return nil
}

// open is what every bot does before it is served: credentials, and a client.
func (s *Stage) open(name string, credentials auth.ClientCredentialsOptions, service, address string) error {
	provider, err := auth.NewClientCredentials(credentials)
	if err != nil {
		return err
	}
	s.onClose(provider.Close)
	s.Client, err = statefulclient.NewStatefulClientBuilder(name, credentials.AppID).
		SetAuthenticationProvider(provider).
		SetNotificationUrl(address).
		SetServiceBaseUrl(service).
		SetHttpClient(credentials.HTTPClient, nil).
		SetLimits(s.limits).
		Build()
	if err != nil {
		return err
	}
	s.onClose(s.shutDown)
	s.mux.Handle("/", s.Client.Handler())
	s.address, err = url.Parse(address)
	return err
}

// shutDown hangs up what calls are left, and lets the handlers tell the rest.
func (s *Stage) shutDown() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	_ = s.Client.Shutdown(ctx) // the story is over, whatever comes of it
}

// Serve serves something more beside the notifications, such as a prompt, and
// returns its address, for the platform to fetch it at.
func (s *Stage) Serve(path string, handler http.Handler) string {
	s.mux.Handle(path, handler)
	return s.address.ResolveReference(&url.URL{Path: path}).String()
}

// Tell prints one line of the story: the time since the start, who it is
// about, and what happened.
func (s *Stage) Tell(who, format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fmt.Printf("%7.3fs  %-14s %s\n", time.Since(s.start).Seconds(), who, fmt.Sprintf(format, args...))
}

// Pause lets people read; it ends early with the context.
func (s *Stage) Pause(ctx context.Context) {
	select {
	case <-time.After(250 * time.Millisecond):
	case <-ctx.Done():
	}
}

// Run runs an example's story for at most so long, and ends the program with
// exit status 1 if it failed.
func Run(atMost time.Duration, story func(ctx context.Context) error) {
	ctx, cancel := context.WithTimeout(context.Background(), atMost)
	err := story(ctx)
	cancel()
	if err != nil {
		fmt.Fprintln(os.Stderr, strings.ReplaceAll(err.Error(), "\n", "\n  "))
		if errors.Is(err, context.DeadlineExceeded) {
			fmt.Fprintf(os.Stderr, "the story was not over after %v\n", atMost)
		}
		os.Exit(1)
	}
}
