package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// witness is a client, new for each example, and all it has told.
type witness struct {
	*stage
	client   *statefulclient.Client
	provider *auth.ClientCredentials
	service  *service

	mu         sync.Mutex
	edges      []statefulclient.StateChanged
	tones      []statefulclient.ToneReceived
	operations []statefulclient.OperationCompleted
	transfers  []statefulclient.TransferFailed
	left       []statefulclient.ManagedParticipantLeft
	incoming   []statefulclient.IncomingCall
	unmatched  []statefulclient.Unmatched
}

// parkedFor is how long a notification of a call nobody knows may wait before
// it is unmatched. No call appears meanwhile.
const parkedFor = 10 * time.Millisecond

func newWitness() (*witness, error) {
	w := &witness{service: &service{}}
	var handler http.Handler
	var err error
	w.stage, err = newStage(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) { handler.ServeHTTP(out, r) }))
	if err != nil {
		return nil, err
	}
	if err := w.build(); err != nil {
		w.close()
		return nil, err
	}
	handler = w.client.Handler()
	return w, nil
}

func (w *witness) build() error {
	base, err := w.platform.Serve(w.service)
	if err != nil {
		return err
	}
	w.provider, err = auth.NewClientCredentials(auth.ClientCredentialsOptions{
		AppID: w.bot.AppID, Secret: w.bot.Secret, Tenant: w.bot.TenantID, HTTPClient: w.platform.Client(),
		Cloud: auth.Cloud{AuthorityURL: w.platform.AuthorityURL(), OpenIDConfigurationURL: w.platform.OpenIDConfigurationURL()},
	})
	if err != nil {
		return err
	}
	w.client, err = statefulclient.NewStatefulClientBuilder("Conformance", w.bot.AppID).
		SetAuthenticationProvider(w.provider).
		SetNotificationUrl(w.webhook+"/api/calls").
		SetServiceBaseUrl(base+"/v1.0").
		SetHttpClient(w.platform.Client(), nil).
		SetLimits(statefulclient.Limits{ParkFor: parkedFor}).
		Build()
	if err != nil {
		return err
	}
	w.listen()
	return nil
}

func (w *witness) listen() {
	calls := w.client.Calls()
	statefulclient.On(calls, note(w, &w.edges))
	statefulclient.On(calls, note(w, &w.tones))
	statefulclient.On(calls, note(w, &w.operations))
	statefulclient.On(calls, note(w, &w.transfers))
	statefulclient.On(calls, note(w, &w.left))
	calls.OnIncoming(note(w, &w.incoming))
	w.client.OnUnmatched(note(w, &w.unmatched))
}

// note keeps what a handler is told.
func note[E any](w *witness, list *[]E) func(context.Context, E) {
	return func(_ context.Context, e E) {
		w.mu.Lock()
		defer w.mu.Unlock()
		*list = append(*list, e)
	}
}

// told reports whether something like this was told.
func told[E any](w *witness, list *[]E, like func(E) bool) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.ContainsFunc(*list, like)
}

func (w *witness) close() {
	if w.client != nil {
		w.client.Close()
	}
	if w.provider != nil {
		w.provider.Close()
	}
	w.stage.close()
}

// know makes a call known to the client under a printed id, and established
// unless it is to be heard of earlier.
func (w *witness) know(ctx context.Context, id string, early bool) error {
	w.service.next(id)
	target := statefulclient.UserIdentity("user")
	if _, err := w.client.Calls().Add(ctx, statefulclient.CallTo(w.bot.TenantID, target)); err != nil {
		return fmt.Errorf("setting the scene: %w", err)
	}
	if early {
		return nil
	}
	return w.tell(ctx, resources.ChangeTypeUpdated, resources.Path{CallID: id}, &resources.Call{State: resources.CallStateEstablished})
}

// tell sends the client a notification of the scene's own making.
func (w *witness) tell(ctx context.Context, change resources.ChangeType, path resources.Path, data resources.Data) error {
	text, err := resources.Encode(&resources.Notifications{Value: []resources.Notification{
		{ChangeType: change, ResourceURL: path.String(), Data: data},
	}})
	if err != nil {
		return err
	}
	reply, err := w.deliver(ctx, &example{body: text, header: http.Header{}})
	if err == nil && reply.status != http.StatusAccepted {
		err = fmt.Errorf("setting the scene: a notification was answered %d", reply.status)
	}
	return err
}

// settled waits until the client has worked on everything and told it.
func (w *witness) settled(ctx context.Context) (statefulclient.Stats, error) {
	for {
		stats := w.client.Stats()
		if stats.Goroutines == 0 && stats.Parked == 0 && stats.InboxBacklog == 0 && stats.HandlerBacklog == 0 {
			return stats, nil
		}
		select {
		case <-time.After(time.Millisecond):
		case <-ctx.Done():
			return stats, ctx.Err()
		}
	}
}
