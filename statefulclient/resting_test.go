package statefulclient_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
	"github.com/graphcalls/graphcalls-go/store"
)

func factsOf(t *testing.T, call *statefulclient.Call) string {
	t.Helper()
	text, err := resources.Encode(call.Resource())
	require.NoError(t, err)
	return string(text)
}

// Calls at rest answer reads, events and requests as if awake.
func TestIdleCallsRest(t *testing.T) {
	inVirtualTime(t, statefulclient.Limits{Sweep: 24 * time.Hour}, func(t *testing.T, r *rig) {
		call := r.call(r.platform.AddPerson("Adele Vance"))
		synctest.Wait()
		require.NoError(t, call.Refresh(r.context()))
		updates := newInbox[callsEvent]()
		r.client.Calls().OnUpdated(updates.put)
		require.Equal(t, []*statefulclient.Call{call}, updates.next(r).Added)
		before, known := call.Resource(), factsOf(t, call)
		require.Zero(t, r.client.Stats().Resting)

		passTime(2 * time.Minute)
		require.Equal(t, 1, r.client.Stats().Resting)
		require.Same(t, before, call.Resource(), "it stays the same for who has it")
		require.Zero(t, r.client.Stats().Resting, "it was asked for")
		require.Equal(t, known, factsOf(t, call))

		passTime(3 * time.Hour)
		stats := r.client.Stats()
		require.Equal(t, 1, stats.Resting, "keep-alives wake nothing")
		require.GreaterOrEqual(t, stats.KeepAlives, uint64(3*60/10))
		require.Equal(t, known, factsOf(t, call))
		require.Empty(t, updates, "nothing has changed")

		passTime(3 * time.Minute)
		require.Equal(t, 1, r.client.Stats().Resting)
		changes := newInbox[statefulclient.ResourceEvent[resources.Call]]()
		edges := newInbox[statefulclient.StateChanged]()
		call.OnUpdated(changes.put)
		statefulclient.On(call, edges.put)
		require.True(t, changes.next(r).Initial)
		require.Equal(t, resources.CallStateEstablished, edges.next(r).New)
		passTime(3 * time.Minute)
		require.Equal(t, 1, r.client.Stats().Resting)
		r.tell(updated(call.ID(), `{"subject":"Weekly"}`))
		change := changes.next(r)
		require.Equal(t, resources.CallStateEstablished, change.Old.State)
		require.Empty(t, change.Old.Subject)
		require.Equal(t, "Weekly", change.New.Subject)
		require.Equal(t, before.Targets, change.New.Targets)

		passTime(3 * time.Minute)
		require.Equal(t, 1, r.client.Stats().Resting)
		require.NoError(t, call.Hangup(r.context()))
		require.Equal(t, statefulclient.EndReported, ended(r.context(), t, call).Cause)
		require.Equal(t, resources.CallStateEstablished, edges.next(r).Old)
		synctest.Wait()
		require.Zero(t, r.client.Stats().Scheduled)
	})
}

func TestSweepsFindCallsAtRestAsTheyAre(t *testing.T) {
	inVirtualTime(t, statefulclient.Limits{}, func(t *testing.T, r *rig) {
		call := r.call(r.platform.AddPerson("Adele Vance"))
		synctest.Wait()
		require.NoError(t, call.Refresh(r.context())) // so that sweeps find nothing new
		known := factsOf(t, call)
		updates := newInbox[callsEvent]()
		r.client.Calls().OnUpdated(updates.put)
		updates.next(r)
		passTime(3 * time.Hour)
		stats := r.client.Stats()
		require.GreaterOrEqual(t, stats.Resyncs, uint64(5))
		require.Zero(t, stats.InDoubt)
		require.Equal(t, known, factsOf(t, call))
		require.Empty(t, updates)
	})
}

func TestCallsInUseDoNotRest(t *testing.T) {
	inVirtualTime(t, statefulclient.Limits{RestAfter: time.Minute}, func(t *testing.T, r *rig) {
		call := r.call(r.platform.AddPerson("Adele Vance"))
		for range 10 {
			passTime(59 * time.Second)
			require.Zero(t, r.client.Stats().Resting)
			require.Equal(t, resources.CallStateEstablished, call.State())
		}
	})
	inVirtualTime(t, statefulclient.Limits{RestAfter: -1}, func(t *testing.T, r *rig) {
		r.call(r.platform.AddPerson("Adele Vance"))
		passTime(time.Hour)
		require.Zero(t, r.client.Stats().Resting, "never, if the bot's own code says so")
	})
}

// A process that dies while its calls rest has lost nothing of them.
func TestCallsThatRestedAreRestored(t *testing.T) {
	calls := store.NewMemory()
	synctest.Test(t, func(t *testing.T) {
		options := keeping(calls)
		options.platform = func(o *simulator.Options) { o.InMemory = true }
		r := newRig(t, options)
		call := r.join(r.platform.AddMeeting(simulator.Meeting{}))
		require.NoError(t, call.Refresh(r.context())) // so that there is nothing new in the end
		passTime(5 * time.Minute)
		require.Equal(t, 1, r.client.Stats().Resting)
		require.NoError(t, call.Mute(r.context())) // saved anew, by one that has just woken
		passTime(5 * time.Minute)
		require.Equal(t, 1, r.client.Stats().Resting)
		r.stop()
		restored := r.restart(keeping(calls), nil)
		require.Len(t, restored, 1)
		require.Equal(t, factsOf(t, call), factsOf(t, restored[0]))
		require.Equal(t, call.Participants().Len(), restored[0].Participants().Len())
		passTime(5 * time.Minute)
		require.Equal(t, 1, r.client.Stats().Resting)
		require.NoError(t, restored[0].Hangup(r.context()))
		ended(r.context(), t, restored[0])
	})
}

// Whoever reads while calls are put to rest, and while they are heard of, reads
// what is true.
func TestRestIsSafeForAllWhoRead(t *testing.T) {
	r := newRig(t, rigOptions{limits: statefulclient.Limits{RestAfter: time.Microsecond}})
	call := r.live("c1")
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
					if call.State() != resources.CallStateEstablished || call.TenantID() == "" && call.ID() != "c1" {
						t.Error("read of a call at rest")
					}
				}
			}
		})
	}
	changes := newInbox[statefulclient.ResourceEvent[resources.Call]]()
	call.OnUpdated(func(ctx context.Context, e statefulclient.ResourceEvent[resources.Call]) { changes.put(ctx, e) })
	changes.next(r)
	for range 200 {
		r.tell(updated("c1", `{"subject":"one"}`), updated("c1", `{"subject":"two"}`))
	}
	r.until(func(s statefulclient.Stats) bool {
		return s.HandlerBacklog == 0 && s.InboxBacklog == 0 && call.Resource().Subject == "two"
	})
	close(done)
	readers.Wait()
	r.until(func(s statefulclient.Stats) bool { return s.Resting == 1 })
}
