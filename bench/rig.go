package main

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/transport"
)

// preparing is how long it may take to get a figure ready.
const preparing = 5 * time.Minute

// rig is a bot with many calls that keeps nothing of them. It hears them come in
// and does not answer: the client sends 200 requests a second at most, and all
// that an answer leaves behind is a flag. The platform goes on as if it had.
type rig struct {
	client     *statefulclient.Client
	rung       *tally // calls
	told       *tally // updates of calls, and of people in them
	deliveries atomic.Int64
	delivered  int64 // of what handlers are told
}

func newRig(appID string, provider auth.Provider, limits statefulclient.Limits) (*rig, error) {
	client, err := rigBuilder(appID, provider).SetLimits(limits).Build()
	if err != nil {
		return nil, err
	}
	return rigOf(client), nil
}

// holding is a rig that holds so many calls, at nobody's service in particular.
func holding(ctx context.Context, calls int, limits statefulclient.Limits) (*rig, error) {
	r, err := newRig(guid(0, 1), anybody{}, limits)
	if err != nil {
		return nil, err
	}
	if err := r.hold(ctx, calls); err != nil {
		r.close()
		return nil, err
	}
	return r, nil
}

func rigBuilder(appID string, provider auth.Provider) *statefulclient.StatefulClientBuilder {
	return statefulclient.NewStatefulClientBuilder("Bench", appID).
		SetAuthenticationProvider(provider).
		SetNotificationUrl("https://bot.contoso.com/api/calls").
		SetHttpClient(&http.Client{Transport: nobody{}}, nil)
}

func rigOf(client *statefulclient.Client) *rig {
	r := &rig{client: client, rung: newTally(), told: newTally()}
	client.Calls().OnIncoming(func(context.Context, statefulclient.IncomingCall) { r.rung.add(1) })
	client.Calls().OnUpdated(func(_ context.Context, e statefulclient.CollectionEvent[*statefulclient.Call]) {
		r.told.add(len(e.Updated) + e.Missed)
	})
	return r
}

// followPeople has the bot be told of people in calls, too.
func (r *rig) followPeople() {
	statefulclient.On(r.client.Calls(), func(_ context.Context, e statefulclient.ParticipantUpdated) { r.told.add(1 + e.Missed) })
}

// deliver hands over a POST as a host does that has read and authenticated it.
func (r *rig) deliver(ctx context.Context, body []byte) error {
	id := r.deliveries.Add(1)
	_, err := r.client.Webhook().DeliverTrusted(ctx, transport.TrustedDelivery{
		TenantID: tenantID, RequestURL: "/api/calls", Body: body,
		Header: http.Header{
			messageIDHeader:              {guid(6, int(id))},
			"X-Microsoft-Skype-Chain-Id": {guid(3, int(id))},
		},
	})
	return err
}

// hold has calls come in and be established.
func (r *rig) hold(ctx context.Context, calls int) error {
	ctx, cancel := context.WithTimeout(ctx, preparing)
	defer cancel()
	const together = 1000
	for first := 0; first < calls; first += together {
		past := min(first+together, calls)
		for call := first; call < past; call++ {
			if err := r.deliver(ctx, ringing(call)); err != nil {
				return err
			}
		}
		if err := waitFor(ctx, r.rung, int64(past)); err != nil {
			return err
		}
		for call := first; call < past; call++ {
			if err := r.deliver(ctx, established(call)); err != nil {
				return err
			}
		}
		if err := r.heard(ctx, past-first); err != nil {
			return err
		}
	}
	return r.rest(ctx)
}

// heard waits until handlers were told so much more.
func (r *rig) heard(ctx context.Context, more int) error {
	r.delivered += int64(more)
	return waitFor(ctx, r.told, r.delivered)
}

// waitFor takes handlers that are not told in time for handlers that never will
// be.
func waitFor(ctx context.Context, handlers *tally, wanted int64) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return handlers.wait(ctx, wanted)
}

// rest waits until the client has nothing left to do, and looks whether it is
// as sure of its calls as it should be.
func (r *rig) rest(ctx context.Context) error {
	ticker := time.NewTicker(time.Millisecond)
	defer ticker.Stop()
	for {
		stats := r.client.Stats()
		if stats.Goroutines == 0 {
			return sound(stats)
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return fmt.Errorf("the client does not come to rest: %+v: %w", stats, ctx.Err())
		}
	}
}

func sound(stats statefulclient.Stats) error {
	if stats.Stale+stats.Late+stats.Waiting+stats.Unmatched+stats.Redelivered+stats.HandlerPanics+stats.Resyncs+stats.CallsLost > 0 || stats.InDoubt > 0 {
		return fmt.Errorf("not everything was taken as it was meant: %+v", stats)
	}
	return nil
}

func (r *rig) close() { r.client.Close() }
