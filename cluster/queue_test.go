package cluster_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/cluster"
	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// subjects collects what a call's handlers are told its subject is.
type subjects struct {
	mu   sync.Mutex
	told []string
}

func (s *subjects) of(call *statefulclient.Call) {
	call.OnUpdated(func(_ context.Context, e statefulclient.ResourceEvent[resources.Call]) {
		if e.Old == nil || e.Old.Subject != e.New.Subject {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.told = append(s.told, e.New.Subject)
		}
	})
}

func (s *subjects) all() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string{}, s.told...)
}

func change(callID, subject string) string {
	return fmt.Sprintf(`{"changeType":"updated","resourceUrl":"/communications/calls/%s","resourceData":{"@odata.type":"#microsoft.graph.call","id":%q,"subject":%q}}`,
		callID, callID, subject)
}

// One POST about several calls, of several owners.
func TestADeliveryAboutSeveralCallsReachesEach(t *testing.T) {
	r := newRig(t, 2)
	first, second := r.instances[0], r.instances[1]
	one, two := r.call(first), r.call(second)
	unmatched := make(chan statefulclient.Unmatched, 10)
	first.OnUnmatched(func(_ context.Context, u statefulclient.Unmatched) { unmatched <- u })
	body := `{"value":[` + strings.Join([]string{
		change(one.ID(), "a"), change(two.ID(), "b"), `{"changeType":"updated","resourceUrl":"/elsewhere"}`, change(one.ID(), "c"),
	}, ",") + `]}`
	require.Equal(t, http.StatusAccepted, r.send(one.ID(), "m1", body).Status)
	r.eventually(func() bool { return one.Resource().Subject == "c" }, "the first was not told")
	require.Equal(t, statefulclient.UnmatchedNoCall, (<-unmatched).Reason)
	r.eventually(func() bool { return two.Resource().Subject == "b" }, "the second was not told")
}

func TestARetryOfThePlatformIsDropped(t *testing.T) {
	r := newRig(t, 2)
	call, told := r.call(r.instances[0]), &subjects{}
	told.of(call)
	for n, i := range []*instance{r.instances[0], r.instances[1], r.instances[1]} {
		require.Equal(t, http.StatusAccepted, r.post(i, call.ID(), "again", fmt.Sprintf("s%d", n)))
	}
	require.Equal(t, http.StatusAccepted, r.post(r.instances[0], call.ID(), "last", "last"))
	r.eventually(func() bool { return call.Resource().Subject == "last" }, "not told")
	require.EqualValues(t, 2, r.instances[0].FleetStats().Duplicates+r.instances[1].FleetStats().Duplicates)
	r.eventually(func() bool { return len(told.all()) >= 2 }, "not told")
	require.NotContains(t, told.all(), "s1")
}

// Without a message id nothing is taken for a retry: the same words may tell two
// facts.
func TestTheSameWordsTwiceAreTwoFacts(t *testing.T) {
	r := newRig(t, 1)
	call, told := r.call(r.instances[0]), &subjects{}
	told.of(call)
	want := []string{"on", "off", "on"}
	for _, subject := range want {
		require.Equal(t, http.StatusAccepted, r.post(r.instances[0], call.ID(), "", subject))
	}
	r.eventually(func() bool { return len(told.all()) >= 4 }, "not told")
	require.Equal(t, want, told.all()[1:])
}

// What a consumer had under way when it lost its place comes again, and is told
// once; the order stays.
func TestWhatComesAgainIsToldOnce(t *testing.T) {
	r := newRig(t, 1)
	only := r.instances[0]
	call := r.call(only)
	told, gate := &subjects{}, make(chan struct{})
	call.OnUpdated(func(ctx context.Context, e statefulclient.ResourceEvent[resources.Call]) {
		if strings.HasPrefix(e.New.Subject, "s") {
			<-gate
		}
	})
	told.of(call)
	var want []string
	for n := range 20 {
		want = append(want, fmt.Sprintf("s%d", n))
		require.Equal(t, http.StatusAccepted, r.post(only, call.ID(), "", want[n]))
		if n%5 == 0 {
			only.Reopen()
		}
	}
	r.eventually(func() bool { return only.FleetStats().Redelivered > 0 }, "nothing came again")
	close(gate)
	r.eventually(func() bool { return len(told.all()) > 20 }, "not all were told")
	require.Equal(t, want, told.all()[1:])
	r.drained(only)
}

// drained waits until the queue is empty.
func (r *rig) drained(i *instance) {
	r.t.Helper()
	js, err := jetstream.New(i.nc)
	require.NoError(r.t, err)
	r.eventually(func() bool {
		stream, err := js.Stream(r.context(), "test_inbox")
		return err == nil && stream.CachedInfo().State.Msgs == 0
	}, "the queue is not empty")
}

// A call that has no room holds up itself alone, and keeps its order.
func TestABusyCallKeepsItsOrder(t *testing.T) {
	r := newRig(t, 0)
	only := r.joinWith(statefulclient.Limits{Inbox: 1, HandlerEvents: 3})
	r.settled()
	r.takenBy(only)
	call, gate := r.call(only), make(chan struct{})
	var tones []resources.Tone
	var mu sync.Mutex
	statefulclient.On(call, func(_ context.Context, e statefulclient.ToneReceived) {
		<-gate
		mu.Lock()
		defer mu.Unlock()
		tones = append(tones, e.Tone)
	})
	var want []resources.Tone
	for n := range 30 {
		tone := resources.Tone(fmt.Sprintf("tone%d", n%10))
		want = append(want, tone)
		body := fmt.Sprintf(`{"value":[{"changeType":"updated","resourceUrl":"/communications/calls/%s","resourceData":{"@odata.type":"#microsoft.graph.call","id":%q,"toneInfo":{"sequenceId":%d,"tone":%q}}}]}`,
			call.ID(), call.ID(), n+1, tone)
		require.Equal(t, http.StatusAccepted, r.send(call.ID(), "", body).Status)
	}
	r.eventually(func() bool { return only.FleetStats().Busy > 0 }, "the call was never busy")
	close(gate)
	r.eventually(func() bool {
		mu.Lock()
		defer mu.Unlock()
		return len(tones) == len(want)
	}, "not all were told")
	require.Equal(t, want, tones)
	r.drained(only)
}

func TestAFullQueueIsAnswered503(t *testing.T) {
	r := newRig(t, 1, func(o *cluster.Options) { o.MaxBytes = 4096 })
	only := r.instances[0]
	call, gate := r.call(only), make(chan struct{})
	defer close(gate)
	call.OnUpdated(func(context.Context, statefulclient.ResourceEvent[resources.Call]) { <-gate })
	r.eventually(func() bool {
		return r.post(only, call.ID(), "", strings.Repeat("x", 500)) == http.StatusServiceUnavailable
	}, "never full")
}

func TestAStreamOfAnotherShapeIsRefused(t *testing.T) {
	r := newRig(t, 1)
	for name, c := range map[string]struct {
		change func(*cluster.Options)
		says   string
	}{
		"partitions": {func(o *cluster.Options) { o.Partitions = 9 }, "8 partitions, not 9"},
		"replicas":   {func(o *cluster.Options) { o.Replicas = 3 }, "replicas is 1, not 3"},
		"storage":    {func(o *cluster.Options) { o.Storage = jetstream.MemoryStorage }, "storage is File, not Memory"},
		"max age":    {func(o *cluster.Options) { o.MaxAge = time.Minute }, "max age is 1h0m0s, not 1m0s"},
		"lease":      {func(o *cluster.Options) { o.Lease = time.Minute }, "the fleet's lease is 1s, not 1m0s"},
		"key":        {func(o *cluster.Options) { o.Key = []byte(strings.Repeat("x", 32)) }, "Options.Key is not that of the fleet"},
		"short key":  {func(o *cluster.Options) { o.Key = []byte("short") }, "needs 32 random"},
		"name":       {func(o *cluster.Options) { o.Name = "a.b" }, "letters, digits"},
	} {
		options := cluster.Options{Name: "test", Key: key, Partitions: 8, Lease: time.Second}
		c.change(&options)
		_, err := cluster.Join(r.context(), r.instances[0].nc, r.builder(), options)
		require.ErrorContains(t, err, c.says, name)
	}
	js, err := jetstream.New(r.instances[0].nc)
	require.NoError(t, err)
	_, err = js.CreateStream(r.context(), jetstream.StreamConfig{Name: "other_inbox", Subjects: []string{"other"}})
	require.NoError(t, err)
	_, err = cluster.Join(r.context(), r.instances[0].nc, r.builder(), cluster.Options{Name: "other", Key: key})
	require.ErrorContains(t, err, "retention is Limits, not WorkQueue")
	require.ErrorContains(t, err, "remove it when the fleet has no calls")
}
