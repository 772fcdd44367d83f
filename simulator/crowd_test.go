package simulator_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

// joiningByDelta joins a meeting and asks for changes of its roster.
func (b *handBot) joiningByDelta(meeting *simulator.Meeting) map[string]any {
	body := b.joining(meeting)
	body["callOptions"] = map[string]any{"@odata.type": "#microsoft.graph.outgoingCallOptions", "isDeltaRosterEnabled": true}
	return body
}

func (b *handBot) joinByDelta(meeting *simulator.Meeting) *simulator.Call {
	b.t.Helper()
	return b.create(b.joiningByDelta(meeting))
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
	changes := churn.Changes()
	require.NotEmpty(t, meeting.Participants())
	next := meeting.Churn(1, 2000)
	require.NoError(t, b.platform.WaitUntil(b.soon(), func() bool { return next.Changes() >= 50 }))
	next.Stop()
	require.Equal(t, changes, churn.Changes(), "while as many of another's came")
	b.platform.Close()
	meeting.Churn(1, 2000).Stop()
}

// BenchmarkOneOfACrowd is one change in meetings of different size, as a bot is
// told of it. What it costs more in a large one is the garbage collector's.
func BenchmarkOneOfACrowd(bench *testing.B) {
	for name, size := range map[string]int{"10": 10, "10000": 10_000} {
		bench.Run(name, func(bench *testing.B) {
			b := newDeafBot(bench)
			meeting := b.platform.AddMeeting(simulator.Meeting{})
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
