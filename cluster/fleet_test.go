package cluster_test

import (
	"slices"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

func TestWhateverInstanceThePlatformReachesTheOwnerHears(t *testing.T) {
	r := newRig(t, 2)
	first, second := r.instances[0], r.instances[1]
	r.takenBy(second)
	call := r.call(first)
	require.True(t, first.Owns(call.ID()))
	require.False(t, second.Owns(call.ID()))
	require.NoError(t, call.Hangup(r.context()))
	r.eventually(func() bool { return first.reached(call.ID(), resources.CallStateTerminated) }, "the end was not told")
	require.Empty(t, second.edges)
	require.NotZero(t, second.FleetStats().Queued)
	require.Zero(t, first.FleetStats().Queued)
}

func TestAnIncomingCallIsToldToOneInstanceAlone(t *testing.T) {
	r := newRig(t, 3)
	want := map[string]int{}
	var calls []*simulator.IncomingCall
	for n := range 24 {
		r.takenBy(r.instances[n%3])
		calls = append(calls, r.platform.AddPerson("Adele Vance").Call(r.bot))
		want[calls[n].ID()] = 1
	}
	told := func() map[string]int {
		times := map[string]int{}
		for _, i := range r.instances {
			for _, id := range i.heard() {
				times[id]++
			}
		}
		return times
	}
	r.eventually(func() bool { return len(told()) == len(want) }, "some calls were told to nobody")
	require.Equal(t, want, told())
	for n, call := range calls {
		r.takenBy(r.instances[(n+1)%3])
		call.Hangup()
		for _, i := range r.instances {
			if slices.Contains(i.heard(), call.ID()) {
				r.eventually(func() bool { return i.reached(call.ID(), resources.CallStateTerminated) }, "the end was not told where the call is")
			}
		}
	}
}

func TestACloseIsATakeOver(t *testing.T) {
	r := newRig(t, 2)
	first, second := r.instances[0], r.instances[1]
	call := r.call(first)
	r.takenBy(second)
	began := time.Now()
	first.Close()
	r.eventually(func() bool { return second.Owns(call.ID()) }, "nobody took over")
	t.Logf("taken over after %v", time.Since(began))
	require.Less(t, time.Since(began), 700*time.Millisecond, "nobody waits for the lease to pass")
	js, err := jetstream.New(second.nc)
	require.NoError(t, err)
	kv, err := js.KeyValue(r.context(), "test_fleet")
	require.NoError(t, err)
	keys, err := kv.Keys(r.context())
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"table", "beat." + second.FleetStats().Member}, keys)
	taken, _ := second.Calls().Get(call.ID())
	require.Equal(t, resources.CallStateEstablished, taken.State())
	require.NoError(t, taken.Hangup(r.context()))
	r.eventually(func() bool { return second.reached(call.ID(), resources.CallStateTerminated) }, "the end was not told")
}
