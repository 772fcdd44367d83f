package roster_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/internal/roster"
	"github.com/graphcalls/graphcalls-go/resources"
)

// kept is a roster that was written down and read again.
func kept(t *testing.T, r roster.Roster) roster.Roster {
	t.Helper()
	text, err := resources.Encode(r.Record())
	require.NoError(t, err)
	record, err := resources.Decode[roster.Record](text)
	require.NoError(t, err)
	restored, err := record.Roster()
	require.NoError(t, err)
	again, err := resources.Encode(restored.Record())
	require.NoError(t, err)
	require.Equal(t, string(text), string(again))
	require.Equal(t, ids(r), ids(restored))
	require.Equal(t, r.Trust, restored.Trust)
	require.Equal(t, r.Sequence, restored.Sequence)
	require.Equal(t, r.Gap(), restored.Gap())
	return restored
}

func TestRosterSurvivesBeingKept(t *testing.T) {
	kept(t, roster.Roster{})
	snapshot, _ := roster.Roster{}.Replace(people("b", "a", "0FA3D8A0-0000-4000-8000-0123456789AB"))
	kept(t, snapshot)
	truncated, _ := snapshot.Replace(make([]resources.Participant, roster.Cap))
	require.Equal(t, roster.Truncated, kept(t, truncated).Trust)
	delta, _ := snapshot.Change(joined(1, "c"))
	kept(t, delta)
	require.Equal(t, roster.Stale, kept(t, delta.GiveUp()).Trust)
}

func TestKeptRosterGoesOnWhereItWas(t *testing.T) {
	r, _ := roster.Roster{}.Change(joined(1, "a", "0FA3D8A0-0000-4000-8000-0123456789AB"))
	r, _ = r.Change(joined(4, "d"))
	r, _ = r.Change(left(3, "0fa3d8a00000400080000123456789ab"))
	r = kept(t, r)
	_, fresh := r.Change(left(3, "a"))
	require.False(t, fresh, "it waits already")
	r, _ = r.Change(joined(2, "b"))
	require.Equal(t, "a b d", ids(r))
	require.EqualValues(t, 4, r.Sequence)
}

func TestPeopleWithoutIDsKeepTheirKeys(t *testing.T) {
	phone := func(muted bool) resources.Participant {
		return resources.Participant{IsMuted: muted, Info: &resources.ParticipantInfo{Identity: &resources.IdentitySet{Phone: &resources.Identity{ID: "+1"}}}}
	}
	r, _ := roster.Roster{}.Replace([]resources.Participant{{ID: "a"}, phone(false), {Metadata: "nobody"}})
	r = kept(t, r)
	r, _ = r.Change(&resources.DeltaParticipants{Participants: []resources.Participant{phone(true)}})
	require.Equal(t, 3, r.Len())
	muted, known := r.Get("phone:+1")
	require.True(t, known)
	require.True(t, muted.Resource().IsMuted)
	_, known = r.Get("#2")
	require.True(t, known)
}

func TestTrustOfALaterVersionIsNoReasonToBelieve(t *testing.T) {
	r, err := (&roster.Record{Trust: "sworn"}).Roster()
	require.NoError(t, err)
	require.Equal(t, roster.Stale, r.Trust)
}
