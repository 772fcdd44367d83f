package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// listener is a bot whose client keeps the roster.
type listener struct {
	closers []func()
	call    *statefulclient.Call
	heard   chan string
}

func (l *listener) name() string        { return "platform and client" }
func (l *listener) told() <-chan string { return l.heard }

func (l *listener) join(ctx context.Context, platform *simulator.Platform, meeting *simulator.Meeting) error {
	client, _, err := l.open(platform)
	if err != nil {
		return err
	}
	l.heard = make(chan string, 1000)
	statefulclient.On(client.Calls(), func(_ context.Context, e statefulclient.ParticipantUpdated) {
		select {
		case l.heard <- e.Participant.DisplayName():
		default: // nobody waits for these
		}
	})
	l.call, err = joinByDelta(ctx, client, meeting)
	return err
}

// open builds a client. Its notifications go to the handler, which is its own to
// begin with.
func (l *listener) open(platform *simulator.Platform) (*statefulclient.Client, *atomic.Value, error) {
	bot := platform.RegisterBot(simulator.Bot{DisplayName: "Listener"})
	provider, err := auth.NewClientCredentials(auth.ClientCredentialsOptions{
		AppID: bot.AppID, Secret: bot.Secret, Tenant: platform.Tenant().ID, HTTPClient: platform.Client(),
		Cloud: auth.Cloud{AuthorityURL: platform.AuthorityURL(), OpenIDConfigurationURL: platform.OpenIDConfigurationURL()},
	})
	if err != nil {
		return nil, nil, err
	}
	l.closers = append(l.closers, provider.Close)
	var handler atomic.Value
	address, err := platform.Serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler.Load().(http.HandlerFunc)(w, r)
	}))
	if err != nil {
		return nil, nil, err
	}
	client, err := statefulclient.NewStatefulClientBuilder("Listener", bot.AppID).
		SetAuthenticationProvider(provider).
		SetNotificationUrl(address+"/api/calls").
		SetServiceBaseUrl(platform.ServiceBaseURL()).
		SetHttpClient(platform.Client(), nil).
		Build()
	if err != nil {
		return nil, nil, err
	}
	l.closers = append(l.closers, client.Close)
	handler.Store(http.HandlerFunc(client.Handler().ServeHTTP))
	return client, &handler, nil
}

// check waits a moment for what is still on its way to the roster.
func (l *listener) check(meeting *simulator.Meeting) error {
	want := map[string]bool{}
	for _, p := range meeting.Participants() {
		want[resources.Key(p.ID)] = p.IsMuted
	}
	ctx, cancel := context.WithTimeout(l.call.Context(), 10*time.Second)
	defer cancel()
	err := l.call.Participants().WaitFor(ctx, func(known *statefulclient.Participants) bool {
		if known.Len() != len(want) {
			return false
		}
		for p := range known.All() {
			if muted, there := want[resources.Key(p.ID())]; !there || muted != p.Resource().IsMuted {
				return false
			}
		}
		return true
	})
	if err != nil {
		return fmt.Errorf("%w: %d people of %d", errWrongRoster, l.call.Participants().Len(), len(want))
	}
	return nil
}

func (l *listener) close() {
	for _, closer := range slices.Backward(l.closers) {
		closer()
	}
}

// deaf is a bot that joins and then takes everything unread.
type deaf struct{ listener }

func (d *deaf) name() string                   { return "platform alone" }
func (d *deaf) told() <-chan string            { return nil }
func (d *deaf) check(*simulator.Meeting) error { return nil }

func (d *deaf) join(ctx context.Context, platform *simulator.Platform, meeting *simulator.Meeting) error {
	client, handler, err := d.open(platform)
	if err != nil {
		return err
	}
	if _, err = joinByDelta(ctx, client, meeting); err != nil {
		return err
	}
	handler.Store(http.HandlerFunc(accepts))
	client.Close()
	return nil
}
