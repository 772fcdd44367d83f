package simulator_test

import (
	"net/http"
	"runtime"
	"runtime/metrics"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

// joinByDelta has a bot join a meeting and ask for changes of its roster.
func (b *handBot) joinByDelta(meeting *simulator.Meeting) *simulator.Call {
	body := b.joining(meeting)
	body["callOptions"] = map[string]any{"@odata.type": "#microsoft.graph.outgoingCallOptions", "isDeltaRosterEnabled": true}
	return b.create(body)
}

// deltas are the changes of rosters the bot has got, in order.
func (b *handBot) deltas() []*resources.DeltaParticipants {
	var all []*resources.DeltaParticipants
	for _, p := range b.received() {
		batch, err := resources.DecodeNotifications(p.body)
		require.NoError(b.t, err)
		if delta, ok := batch.Value[0].Data.(*resources.DeltaParticipants); ok {
			all = append(all, delta)
		}
	}
	return all
}

func TestACrowdBehavesAsPeopleDo(t *testing.T) {
	b := newHandBot(t)
	meeting := b.platform.AddMeeting(simulator.Meeting{})
	people := meeting.Crowd(50)
	require.Len(t, people, 50)
	require.NotEmpty(t, people[0].ParticipantID())
	b.joinByDelta(meeting)
	meeting.Stir(7, 300)
	people[0].Leave()
	b.settle()

	deltas := b.deltas()
	require.Len(t, deltas[0].Participants, 51)
	present := map[string]resources.Participant{}
	var came, went, muted, held, shared int
	for i, delta := range deltas {
		require.Equal(t, int64(i+1), delta.SequenceNumber)
		for _, entry := range delta.Participants {
			before, known := present[entry.ID]
			switch {
			case entry.RemovedState != nil:
				require.True(t, known)
				delete(present, entry.ID)
				went++
				continue
			case !known:
				came++
			case entry.IsMuted != before.IsMuted:
				muted++
			case len(entry.MediaStreams) != len(before.MediaStreams):
				shared++
			default:
				held++
			}
			present[entry.ID] = entry
		}
	}
	require.Greater(t, came, 51+20)
	for _, count := range []int{went, muted, held, shared} {
		require.Positive(t, count)
	}
	require.Greater(t, muted, came-51)
	there := meeting.Participants()
	require.Len(t, present, len(there))
	for _, entry := range there {
		require.Equal(t, entry.IsMuted, present[entry.ID].IsMuted)
		require.Len(t, present[entry.ID].MediaStreams, len(entry.MediaStreams))
	}
}

func TestALargeRosterComesInParts(t *testing.T) {
	b := newHandBot(t)
	meeting := b.platform.AddMeeting(simulator.Meeting{})
	meeting.Crowd(1200)
	b.joinByDelta(meeting)
	b.settle()
	var sizes []int
	for i, delta := range b.deltas() {
		require.Equal(t, int64(i+1), delta.SequenceNumber)
		sizes = append(sizes, len(delta.Participants))
	}
	require.Equal(t, []int{500, 500, 201}, sizes)
}

func TestChurnGoesOnUntilItIsStopped(t *testing.T) {
	b := newHandBot(t)
	meeting := b.platform.AddMeeting(simulator.Meeting{})
	churn := meeting.Churn(1, 2000) // of nobody yet: strangers come
	require.NoError(t, b.platform.WaitUntil(b.soon(), func() bool { return churn.Changes() >= 50 }))
	churn.Stop()
	churn.Stop()
	changes, there := churn.Changes(), len(meeting.Participants())
	require.Positive(t, there)
	require.Equal(t, changes, churn.Changes())
	b.platform.Close()
	meeting.Churn(1, 2000).Stop()
}

// BenchmarkOneOfACrowd is one change in meetings of different size, as a bot is
// told of it. What it costs more in a large one is the garbage collector's.
func BenchmarkOneOfACrowd(bench *testing.B) {
	for name, size := range map[string]int{"10": 10, "10000": 10_000} {
		bench.Run(name, func(bench *testing.B) {
			platform := simulator.New(bench)
			url, err := platform.Serve(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) }))
			require.NoError(bench, err)
			b := &handBot{t: bench, platform: platform, url: url, bot: platform.RegisterBot(simulator.Bot{})}
			b.token = b.fetchToken(platform.Tenant().ID)
			meeting := platform.AddMeeting(simulator.Meeting{})
			people := meeting.Crowd(size)
			b.joinByDelta(meeting)
			b.settle()
			for i := 0; bench.Loop(); i++ {
				if i%2 == 0 {
					people[0].Mute()
				} else {
					people[0].Unmute()
				}
				b.settle()
			}
		})
	}
}

// TestAMeetingOf10000 measures the platform alone, with 100 changes a second
// and a bot that takes them all: go test -run 10000 -v.
func TestAMeetingOf10000(t *testing.T) {
	const size, perSecond, changes = 10_000, 100, 200
	b := newHandBot(t, func(o *simulator.Options) { o.Remember = 100 })
	b.respondWith(func(w http.ResponseWriter, _ *http.Request, _ post) { w.WriteHeader(http.StatusAccepted) })
	before := heap()
	began, used := time.Now(), cpu()
	meeting := b.platform.AddMeeting(simulator.Meeting{})
	meeting.Crowd(size)
	t.Logf("%d people came in %v", size, time.Since(began).Round(time.Millisecond))
	call := b.joinByDelta(meeting)
	require.NoError(t, call.WaitForDeliveries(b.soon(), 2+size/500+1))
	t.Logf("a bot joined and was told of all in %v, %v of CPU", time.Since(began).Round(time.Millisecond), (cpu() - used).Round(time.Millisecond))
	t.Logf("%.1f MB for all of it", float64(heap()-before)/(1<<20))

	used, began = cpu(), time.Now()
	churn := meeting.Churn(1, perSecond)
	require.NoError(t, b.platform.WaitUntil(b.soon(), func() bool { return churn.Changes() >= changes }))
	churn.Stop()
	b.settle()
	took, spent := time.Since(began), cpu()-used
	t.Logf("%d changes in %v: %v of CPU, %.1f%% of a core", churn.Changes(), took.Round(time.Millisecond), spent.Round(time.Millisecond), 100*spent.Seconds()/took.Seconds())
}

func heap() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

// cpu is what the process has used, the collection that brings the figure up to
// date included.
func cpu() time.Duration {
	runtime.GC()
	samples := []metrics.Sample{{Name: "/cpu/classes/total:cpu-seconds"}, {Name: "/cpu/classes/idle:cpu-seconds"}}
	metrics.Read(samples)
	return time.Duration((samples[0].Value.Float64() - samples[1].Value.Float64()) * float64(time.Second))
}
