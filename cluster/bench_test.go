package cluster_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/cluster"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/transport"
)

// benched is a client, its calls, and word of each change they hear of.
type benched struct {
	client  *statefulclient.Client
	calls   []*statefulclient.Call
	address []string
	heard   chan string
}

func bench(b *testing.B, r *rig, client *statefulclient.Client, calls int) *benched {
	b.Helper()
	t := &benched{client: client, heard: make(chan string, 1<<20)}
	for range calls {
		adele := r.platform.AddPerson("Adele Vance")
		call, err := client.Calls().Add(r.context(), statefulclient.CallTo(adele.TenantID, statefulclient.UserIdentity(adele.ID)))
		require.NoError(b, err)
		require.NoError(b, call.WaitFor(r.context(), resources.CallStateEstablished))
		call.OnUpdated(func(_ context.Context, e statefulclient.ResourceEvent[resources.Call]) {
			if e.New.Subject != "" {
				t.heard <- e.New.Subject
			}
		})
		t.calls = append(t.calls, call)
		t.address = append(t.address, r.platform.Call(call.ID()).CallbackURI())
	}
	require.NoError(b, r.platform.WaitIdle(r.context()))
	return t
}

func (t *benched) tell(b *testing.B, n int) {
	call := t.calls[n%len(t.calls)]
	_, err := t.client.Webhook().DeliverTrusted(b.Context(), transport.TrustedDelivery{
		RequestURL: t.address[n%len(t.calls)], Header: http.Header{"X-Microsoft-Skype-Message-Id": {fmt.Sprintf("m%d", n)}},
		Body: []byte(`{"value":[` + change(call.ID(), fmt.Sprintf("s%d", n)) + `]}`),
	})
	require.NoError(b, err)
}

func plainClient(b *testing.B, r *rig) *statefulclient.Client {
	client, err := r.builder().Build()
	require.NoError(b, err)
	b.Cleanup(client.Close)
	r.front.Store(http.HandlerFunc(client.Handler().ServeHTTP))
	return client
}

// From the webhook to the handler, one notification at a time.
func BenchmarkLatency(b *testing.B) {
	for _, kind := range []string{"plain", "cluster"} {
		b.Run(kind, func(b *testing.B) {
			r, client := benchRig(b, kind)
			t := bench(b, r, client, 8)
			var took []time.Duration
			b.ResetTimer()
			for n := range b.N {
				began := time.Now()
				t.tell(b, n)
				<-t.heard
				took = append(took, time.Since(began))
			}
			b.StopTimer()
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
		})
	}
}

// As many as go through, of 64 calls side by side.
func BenchmarkThroughput(b *testing.B) {
	for _, kind := range []string{"plain", "cluster"} {
		b.Run(kind, func(b *testing.B) {
			const calls = 64
			r, client := benchRig(b, kind)
			t := bench(b, r, client, calls)
			b.ResetTimer()
			var senders sync.WaitGroup
			for sender := range calls {
				senders.Go(func() {
					for n := sender; n < b.N; n += calls {
						t.tell(b, n)
					}
				})
			}
			senders.Wait()
			for want := b.N; want > 0; want-- {
				<-t.heard
			}
			b.StopTimer()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "notifications/s")
		})
	}
}

func benchRig(b *testing.B, kind string) (*rig, *statefulclient.Client) {
	if kind == "plain" {
		r := newRig(b, 0)
		return r, plainClient(b, r)
	}
	r := newRig(b, 1, func(o *cluster.Options) { o.Lease, o.Logger = 5*time.Second, nil })
	return r, r.instances[0].Client.Client
}
