package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/cluster"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/transport"
)

const (
	together   = 256 // POSTs at a time
	fleetName  = "scale"
	rosterSize = 100
	patience   = 2 * time.Minute
)

// rig is one instance, NATS, and nobody else.
type rig struct {
	broker *broker
	nc     *nats.Conn
	js     jetstream.JetStream
	key    []byte
	client *cluster.Client
	sent   atomic.Uint64
}

// measure measures everything with so many calls.
func measure(ctx context.Context, calls int) (figures, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	r := &rig{key: make([]byte, 32)}
	_, _ = rand.Read(r.key) // never fails
	f, err := r.measure(ctx, calls)
	return f, errors.Join(err, r.close())
}

func (r *rig) measure(ctx context.Context, calls int) (f figures, err error) {
	if err := r.open(ctx); err != nil {
		return f, err
	}
	if f.writes, err = r.writes(ctx); err != nil {
		return f, err
	}
	if err := r.join(ctx); err != nil {
		return f, err
	}
	empty := heap()
	began := time.Now()
	if err := r.deliver(ctx, calls, ringing, established); err != nil {
		return f, err
	}
	f.notifications = 2 * float64(calls) / time.Since(began).Seconds()
	f.callBytes = float64(heap()-empty) / float64(calls)
	if f.recordBytes, err = r.recordBytes(ctx); err != nil {
		return f, err
	}
	if f.takenOver, err = r.takeOver(ctx, calls); err != nil {
		return f, err
	}
	empty = heap()
	if err := r.deliver(ctx, calls/10, roster); err != nil {
		return f, err
	}
	f.personBytes = float64(heap()-empty) / float64(calls/10) / rosterSize
	larger, err := r.recordBytes(ctx)
	f.recordPersonBytes = 10 * (larger - f.recordBytes) / rosterSize
	return f, err
}

func (r *rig) open(ctx context.Context) (err error) {
	if r.broker, err = startBroker(ctx); err != nil {
		return err
	}
	if r.nc, err = nats.Connect(r.broker.url); err != nil {
		return err
	}
	r.js, err = jetstream.New(r.nc)
	return err
}

func (r *rig) close() error {
	if r.client != nil {
		r.client.Close()
	}
	if r.nc != nil {
		r.nc.Close()
	}
	if r.broker == nil {
		return nil
	}
	return r.broker.close()
}

// join has an instance own everything.
func (r *rig) join(ctx context.Context) (err error) {
	r.client, err = cluster.Join(ctx, r.nc, statefulclient.NewStatefulClientBuilder("Scale", "00000000-0000-0000-0000-000000000000").
		SetAuthenticationProvider(anybody{}).
		SetNotificationUrl("https://bot.contoso.com/api/calls").
		SetHttpClient(&http.Client{Transport: nobody{}}, nil),
		cluster.Options{Name: fleetName, Key: r.key, Subscribe: func(client *statefulclient.Client) {
			client.Calls().OnIncoming(func(context.Context, statefulclient.IncomingCall) {})
			statefulclient.On(client.Calls(), func(context.Context, statefulclient.StateChanged) {})
		}})
	if err != nil {
		return err
	}
	return r.until(ctx, func() bool { return r.client.FleetStats().Owned == len(r.client.Partitions()) })
}

// until looks every millisecond.
func (r *rig) until(ctx context.Context, so func() bool) error {
	ticks := time.NewTicker(time.Millisecond)
	defer ticks.Stop()
	for !so() {
		select {
		case <-ticks.C:
		case <-ctx.Done():
			return fmt.Errorf("%+v %+v: %w", r.client.FleetStats(), r.client.Stats(), ctx.Err())
		}
	}
	return nil
}

// deliver delivers what is said of each call, one after the other, and waits until
// all is told and saved.
func (r *rig) deliver(ctx context.Context, calls int, said ...func(call int) []byte) error {
	settled := r.client.FleetStats().Settled + uint64(calls*len(said))
	var next atomic.Int64
	var failed atomic.Pointer[error]
	var busy sync.WaitGroup
	for range together {
		busy.Go(func() {
			for call := int(next.Add(1)) - 1; call < calls && failed.Load() == nil; call = int(next.Add(1)) - 1 {
				for _, say := range said {
					if err := r.post(ctx, say(call)); err != nil {
						failed.Store(&err)
					}
				}
			}
		})
	}
	busy.Wait()
	if err := failed.Load(); err != nil {
		return *err
	}
	return r.until(ctx, func() bool { return r.client.FleetStats().Settled >= settled })
}

// post hands over a POST as a host does that has read and authenticated it.
func (r *rig) post(ctx context.Context, body []byte) error {
	_, err := r.client.Webhook().DeliverTrusted(ctx, transport.TrustedDelivery{
		TenantID: tenantID, RequestURL: "/api/calls", Body: body,
		Header: http.Header{"X-Microsoft-Skype-Message-Id": {guid(6, int(r.sent.Add(1)))}},
	})
	return err
}

// takeOver closes the instance, and measures how long the next takes to have its
// calls.
func (r *rig) takeOver(ctx context.Context, calls int) (perSecond float64, err error) {
	r.client.Close()
	began := time.Now()
	if err := r.join(ctx); err != nil {
		return 0, err
	}
	if have := r.client.Calls().Len(); have != calls {
		return 0, fmt.Errorf("%d of %d calls were taken over", have, calls)
	}
	return float64(calls) / time.Since(began).Seconds(), nil
}

// recordBytes is what a record takes in NATS.
func (r *rig) recordBytes(ctx context.Context) (float64, error) {
	stream, err := r.js.Stream(ctx, "KV_"+fleetName+"_calls")
	if err != nil {
		return 0, err
	}
	state := stream.CachedInfo().State
	return float64(state.Bytes) / float64(state.Msgs), nil
}

// writes measures a stream alone.
func (r *rig) writes(ctx context.Context) (perSecond float64, err error) {
	const messages, name = 50_000, "plain"
	if _, err := r.js.CreateStream(ctx, jetstream.StreamConfig{Name: name, Subjects: []string{name}}); err != nil {
		return 0, err
	}
	body := make([]byte, 1000)
	began := time.Now()
	for range messages {
		if _, err := r.js.PublishAsync(name, body, jetstream.WithStallWait(time.Minute)); err != nil {
			return 0, err
		}
	}
	select {
	case <-r.js.PublishAsyncComplete():
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	return messages / time.Since(began).Seconds(), r.js.DeleteStream(ctx, name)
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

// anybody is whoever asks.
type anybody struct{}

// AuthenticateOutbound implements auth.Provider.
func (anybody) AuthenticateOutbound(context.Context, *http.Request, string) error { return nil }

// ValidateInbound implements auth.Provider.
func (anybody) ValidateInbound(context.Context, *http.Request) (auth.Identity, error) {
	return auth.Identity{TenantID: tenantID}, nil
}

// nobody is a platform that is away.
type nobody struct{}

// RoundTrip implements http.RoundTripper.
func (nobody) RoundTrip(request *http.Request) (*http.Response, error) {
	return &http.Response{
		Status: "503 Service Unavailable", StatusCode: http.StatusServiceUnavailable, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{}, Body: io.NopCloser(strings.NewReader("")), Request: request,
	}, nil
}
