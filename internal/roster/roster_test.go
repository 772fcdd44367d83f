package roster_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/graphcalls/graphcalls-go/internal/roster"
	"github.com/graphcalls/graphcalls-go/resources"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func people(ids ...string) []resources.Participant {
	var list []resources.Participant
	for _, id := range ids {
		list = append(list, resources.Participant{ID: id})
	}
	return list
}

func ids(r roster.Roster) string {
	var list []string
	for p := range r.All() {
		list = append(list, p.Resource().ID)
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}

func joined(sequence int64, ids ...string) *resources.DeltaParticipants {
	return &resources.DeltaParticipants{SequenceNumber: sequence, Participants: people(ids...)}
}

func left(sequence int64, id string) *resources.DeltaParticipants {
	delta := joined(sequence, id)
	delta.Participants[0].RemovedState = &resources.RemovedState{}
	return delta
}

func TestWholeRosterIsTheWholeTruth(t *testing.T) {
	r, _ := roster.Roster{}.Replace(people("a", "b"))
	r, _ = r.Replace(people("b", "c"))
	require.Equal(t, "b c", ids(r))
	require.Equal(t, roster.Snapshot, r.Trust)
}

func TestTruncatedRosterRemovesNobody(t *testing.T) {
	hundred := make([]string, roster.Cap)
	for i := range hundred {
		hundred[i] = fmt.Sprint("p", i)
	}
	r, _ := roster.Roster{}.Replace(people("z"))
	r, _ = r.Replace(people(hundred...))
	require.Equal(t, roster.Truncated, r.Trust)
	require.Equal(t, roster.Cap+1, r.Len())
}

func TestOlderWholeRosterIsStale(t *testing.T) {
	fresh, old := people("a"), people("a", "b")
	fresh[0].RosterSequenceNumber, old[1].RosterSequenceNumber = 9, 8
	r, fit := roster.Roster{}.Replace(fresh)
	require.Equal(t, roster.Fits, fit)
	r, fit = r.Replace(old)
	require.Equal(t, roster.Outdated, fit)
	require.Equal(t, "a", ids(r))
}

func TestGapWaitsAndIsFilled(t *testing.T) {
	r, _ := roster.Roster{}.Change(joined(1, "a"))
	r, ok := r.Change(left(3, "a"))
	require.True(t, ok)
	require.True(t, r.Gap())
	require.Equal(t, "a", ids(r))
	r, _ = r.Change(joined(2, "b"))
	require.False(t, r.Gap())
	require.Equal(t, "b", ids(r))
	require.EqualValues(t, 3, r.Sequence)
}

func TestGivenUpGapIsStaleUntilReplaced(t *testing.T) {
	r, _ := roster.Roster{}.Change(joined(1, "a"))
	r, _ = r.Change(joined(4, "d"))
	r = r.GiveUp()
	require.Equal(t, roster.Stale, r.Trust)
	require.Equal(t, "a d", ids(r))
	r, _ = r.Replace(people("a", "c", "d"))
	require.Equal(t, roster.Snapshot, r.Trust)
	r, _ = r.Change(joined(5, "e"))
	require.Equal(t, "a c d e", ids(r))
}

func TestTooLongAGapIsGivenUp(t *testing.T) {
	r, _ := roster.Roster{}.Change(joined(1, "a"))
	for n := range 65 {
		var ok bool
		r, ok = r.Change(joined(int64(n+3), fmt.Sprint("p", n)))
		require.True(t, ok)
	}
	require.False(t, r.Gap())
	require.Equal(t, roster.Stale, r.Trust)
	require.Equal(t, 66, r.Len(), "nobody who came is forgotten")
}

func TestDeltasInAnyOrderAndNumberEndTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var deltas []*resources.DeltaParticipants
		for n := range rapid.IntRange(1, 12).Draw(t, "changes") {
			id := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "id")
			if rapid.Bool().Draw(t, "leaves") {
				deltas = append(deltas, left(int64(n+1), id))
			} else {
				deltas = append(deltas, joined(int64(n+1), id))
			}
		}
		var want, got roster.Roster
		for _, delta := range deltas {
			want, _ = want.Change(delta)
		}
		for _, delta := range rapid.Permutation(slices.Concat(deltas, deltas)).Draw(t, "arrival") {
			got, _ = got.Change(delta)
		}
		require.Equal(t, ids(want), ids(got))
		require.Equal(t, want.Sequence, got.Sequence)
	})
}

func TestNothingNewKeepsTheVerySamePeople(t *testing.T) {
	first, _ := roster.Roster{}.Replace(people("a", "b"))
	second, _ := first.Replace(people("b", "a"))
	require.True(t, roster.SamePeople(first, second))
}

func TestPeopleInvitedByPhoneGoByTheirNumber(t *testing.T) {
	phone := func(number string) resources.Participant {
		return resources.Participant{Info: &resources.ParticipantInfo{Identity: &resources.IdentitySet{Phone: &resources.Identity{ID: number}}}}
	}
	r, _ := roster.Roster{}.Replace([]resources.Participant{phone("+1"), phone("+2")})
	require.Equal(t, 2, r.Len())
}
