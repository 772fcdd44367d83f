package observe_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/sdk/metric"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/store"
)

func TestMetricsTellWhatHappened(t *testing.T) {
	s := tell(t)
	all := s.collect()
	is := func(want int64, name string, attributes map[string]string) {
		t.Helper()
		require.Equal(t, want, value(all, name, attributes), "%s %v: %v", name, attributes, all[name])
	}
	in, out := map[string]string{"graphcalls.call.direction": "incoming"}, map[string]string{"graphcalls.call.direction": "outgoing"}
	is(1, "graphcalls.call.live", map[string]string{"graphcalls.call.direction": "outgoing", "graphcalls.call.state": "established"})
	is(1, "graphcalls.call.live", nil)
	is(1, "graphcalls.call.started", in)
	is(2, "graphcalls.call.started", out)
	is(1, "graphcalls.call.ended", in)
	is(1, "graphcalls.call.ended", map[string]string{"graphcalls.call.direction": "outgoing", "graphcalls.call.end.class": "rejected"})
	is(2, "graphcalls.call.duration", nil)
	is(2, "graphcalls.call.transitions", map[string]string{"graphcalls.call.state": "terminated"})
	is(2, "graphcalls.call.transitions", map[string]string{"graphcalls.call.state": "established"})

	stats := s.client.Stats()
	is(int64(stats.Applied), "graphcalls.notification.processed", map[string]string{"graphcalls.input.verdict": "applied"})
	is(1, "graphcalls.notification.processed", map[string]string{"graphcalls.input.verdict": "redelivered"})
	is(int64(stats.Applied+stats.Unchanged), "graphcalls.notification.lag", nil)
	is(int64(stats.Webhook.Requests), "graphcalls.webhook.requests", nil)
	is(int64(stats.Webhook.Accepted), "graphcalls.delivery.duration", nil)
	is(1, "graphcalls.webhook.refused", map[string]string{"graphcalls.webhook.reason": "unauthorized.noToken"})
	is(1, "graphcalls.handler.panics", nil)
	is(1, "graphcalls.handler.duration", map[string]string{"graphcalls.handler.event": "ToneReceived", "error.type": "panic"})
	is(1, "graphcalls.handler.duration", map[string]string{"graphcalls.handler.event": "OnIncoming"})
	is(1, "graphcalls.handler.wait", map[string]string{"graphcalls.handler.event": "OnIncoming"})
	is(1, "graphcalls.request.resends", nil)
	mute := map[string]string{"url.template": "/communications/calls/{id}/mute", "error.type": "403", "http.response.status_code": "403"}
	is(1, "http.client.request.duration", mute)
	is(2, "http.client.request.duration", map[string]string{"http.request.method": "POST", "url.template": "/communications/calls"})

	s.platform.Call(s.live.ID()).End(200, 5001, "over")
	s.over(s.live)
	all = s.collect()
	is(0, "graphcalls.call.live", nil)
	is(3, "graphcalls.call.ended", nil)
	require.NotEmpty(t, all["graphcalls.call.live"], "none is told as such")
}

// A call that was there before it was observed is counted as live, and when it
// ends; how long it lasted is not known.
func TestCallsThatWereThereBefore(t *testing.T) {
	r := newRig(t)
	r.telemetry.Stop()
	call := r.call(r.platform.AddPerson("Adele Vance"))
	r.settled()
	r.restart()
	require.Equal(t, int64(1), value(r.collect(), "graphcalls.call.live", map[string]string{"graphcalls.call.state": "established"}))
	r.hangUp(call)
	all := r.collect()
	require.Equal(t, int64(1), value(all, "graphcalls.call.ended", nil))
	require.Empty(t, all["graphcalls.call.duration"])
	require.Empty(t, all["graphcalls.call.started"])
	require.Equal(t, int64(0), value(all, "graphcalls.call.live", nil))
}

// What a call began with is told on another goroutine than what follows, and may be
// told later.
func TestBeginningThatIsToldLate(t *testing.T) {
	r := newRig(t)
	call := r.call(r.platform.AddPerson("Adele Vance"))
	r.settled()
	began := *call.Resource()
	began.State = resources.CallStateEstablishing
	r.telemetry.Tell(t.Context(), statefulclient.ObservedInput{CallID: call.ID(), Call: call, About: "reply", New: &began})
	require.Equal(t, int64(1), value(r.collect(), "graphcalls.call.live", map[string]string{"graphcalls.call.state": "established"}))

	r.telemetry.Stop()
	r.restart() // it is not known when the call began
	r.hangUp(call)
	require.Empty(t, r.collect()["graphcalls.call.duration"])
	r.telemetry.Tell(t.Context(), statefulclient.ObservedInput{CallID: call.ID(), Call: call, About: "reply", New: &began})
	all := r.collect()
	require.Equal(t, int64(1), value(all, "graphcalls.call.ended", nil))
	require.Equal(t, int64(1), value(all, "graphcalls.call.duration", nil))
}

// A call that comes back with its client is live, and did not begin here.
func TestRestoredCalls(t *testing.T) {
	calls := store.NewMemory()
	r := newRig(t, rigOptions{build: func(b *statefulclient.StatefulClientBuilder) { b.SetStore(calls) }})
	call := r.call(r.platform.AddPerson("Adele Vance"))
	r.settled()
	require.NoError(t, r.client.Flush(r.context()))
	r.telemetry.Stop()
	r.client.Close()
	r.another()
	r.reader = metric.NewManualReader()
	r.options.MeterProvider = r.meterProvider(rigOptions{})
	r.restart()
	r.platform.FailNext(simulator.Failure{Method: http.MethodGet, Status: http.StatusForbidden, Times: 100}) // nothing is heard of it
	restored, err := r.client.Rehydrate(r.context())
	require.Error(t, err)
	require.Len(t, restored, 1)
	all := r.collect()
	require.Equal(t, int64(1), value(all, "graphcalls.call.live", map[string]string{"graphcalls.call.state": "established"}))
	require.Empty(t, all["graphcalls.call.started"])
	r.platform.Call(call.ID()).End(200, 5001, "over")
	r.over(restored[0])
	all = r.collect()
	require.Equal(t, int64(1), value(all, "graphcalls.call.ended", map[string]string{"graphcalls.call.end.class": "normal"}))
	require.Empty(t, all["graphcalls.call.duration"])
	require.Equal(t, int64(0), value(all, "graphcalls.call.live", nil))
}

// What the client holds is not counted anew for each collection.
func TestFiguresAreKeptForAWhile(t *testing.T) {
	r := newRig(t)
	r.telemetry.Stop()
	r.options.StatsFor = time.Hour
	r.restart()
	require.Equal(t, int64(0), value(r.collect(), "graphcalls.webhook.requests", nil))
	r.call(r.platform.AddPerson("Adele Vance"))
	all := r.collect()
	require.Equal(t, int64(0), value(all, "graphcalls.webhook.requests", nil))
	require.Equal(t, int64(1), value(all, "graphcalls.call.started", nil))
}

// A closed client has no calls.
func TestClosedClientHasNoLiveCalls(t *testing.T) {
	r := newRig(t)
	r.call(r.platform.AddPerson("Adele Vance"))
	r.client.Close()
	require.Equal(t, int64(0), value(r.collect(), "graphcalls.call.live", nil))
}
